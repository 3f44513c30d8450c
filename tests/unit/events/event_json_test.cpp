#include "events/event_json.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace rondo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;
namespace json = boost::json;

constexpr std::string_view task_text = "0198c0de-0000-7000-8000-000000000002";
constexpr std::string_view user_text = "0198c0de-0000-7000-8000-000000000003";
constexpr std::string_view event_text = "0198c0de-0000-7000-8000-000000000001";
constexpr std::string_view trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

task some_task() {
    task told{.id = *parse_id<task_id>(task_text),
              .owner = *parse_id<user_id>(user_text),
              .title = "Water \"the\" plants\n\\"};
    told.zone = time_zone::find("Europe/Berlin").value();
    told.due = due{.wall = std::chrono::local_days{std::chrono::year{2026} / 2 / 8} + 9h};
    told.series_start = told.due;
    told.repeat.type = recurring_type::weekly;
    told.repeat.interval = 2;
    told.series = told.id;
    told.tags = {{.id = {}, .owner = told.owner, .name = "home", .color = {}, .created_at = {}},
                 {.id = {}, .owner = told.owner, .name = "grün", .color = {}, .created_at = {}}};
    return told;
}

event happening(event_type type, task told) {
    return {.id = *parse_id<event_id>(event_text),
            .type = type,
            .at = instant{1'770'541'200'123ms},
            .traceparent = std::string{trace},
            .snapshot = std::move(told)};
}

json::object encoded(event_type type, const task& told) {
    return json::parse(encode_event_data(happening(type, told))).as_object();
}

TEST(event_data, HasTheFieldsOfTheContractAndNoOthers) {
    const auto data = encoded(event_type::completed, some_task());
    std::vector<std::string> names;
    for (const auto& member : data)
        names.emplace_back(member.key());
    EXPECT_THAT(names, ElementsAre("event_type", "task_id", "user_id", "title", "description", "priority", "tags",
                                   "status", "due_date", "timezone", "series_start", "completed_at", "recurring_type",
                                   "recurring_interval", "recurrence_rule", "repeat_mode", "recurring_end_date",
                                   "parent_task_id", "series_id", "occurrence", "version"));
}

TEST(event_data, TellsTheTask) {
    auto told = some_task();
    told.status = task_status::done;
    told.completed_at = instant{1'770'541'200'000ms};
    told.repeat.end = std::chrono::local_days{std::chrono::year{2026} / 12 / 31};
    told.parent = told.id;
    const auto data = encoded(event_type::completed, told);
    EXPECT_EQ(data.at("event_type"), "task-completed");
    EXPECT_EQ(data.at("task_id").as_string(), task_text);
    EXPECT_EQ(data.at("user_id").as_string(), user_text);
    EXPECT_EQ(data.at("title"), "Water \"the\" plants\n\\");
    EXPECT_TRUE(data.at("description").is_null());
    EXPECT_EQ(data.at("tags"), (json::array{"home", "grün"}));
    EXPECT_EQ(data.at("status"), "done");
    EXPECT_EQ(data.at("due_date"), "2026-02-08T09:00:00+01:00");
    EXPECT_EQ(data.at("timezone"), "Europe/Berlin");
    EXPECT_EQ(data.at("completed_at"), "2026-02-08T09:00:00.000Z");
    EXPECT_EQ(data.at("recurring_type"), "weekly");
    EXPECT_EQ(data.at("recurring_interval"), 2);
    EXPECT_TRUE(data.at("recurrence_rule").is_null());
    EXPECT_EQ(data.at("repeat_mode"), "after_completion");
    EXPECT_EQ(data.at("recurring_end_date"), "2026-12-31");
    EXPECT_EQ(data.at("parent_task_id").as_string(), task_text);
    EXPECT_EQ(data.at("occurrence"), 1);
    EXPECT_EQ(data.at("version"), 1);
}

TEST(event_data, NamesOtherEventsAsTheirType) {
    EXPECT_EQ(encoded(event_type::created, some_task()).at("event_type"), "task.created");
    EXPECT_EQ(encoded(event_type::restored, some_task()).at("event_type"), "task.restored");
}

TEST(event_data, ShowsADayAsADateAndASkippedTimeAsTheClocksShowIt) {
    auto told = some_task();
    told.due = due{.wall = std::chrono::local_days{std::chrono::year{2026} / 2 / 8}, .all_day = true};
    EXPECT_EQ(encoded(event_type::created, told).at("due_date"), "2026-02-08");
    told.due = due{.wall = std::chrono::local_days{std::chrono::year{2026} / 3 / 29} + 2h + 30min};
    EXPECT_EQ(encoded(event_type::created, told).at("due_date"), "2026-03-29T03:30:00+02:00");
}

TEST(event_data, TellsWhatTheSumIsMadeFromToTheTimeOfDay) {
    auto told = some_task();
    EXPECT_EQ(encoded(event_type::created, told).at("series_start"), "2026-02-08T09:00:00+01:00");
    EXPECT_FALSE(encoded(event_type::created, told).contains("moved_from"));
    told.moved_from = due{.wall = std::chrono::local_days{std::chrono::year{2026} / 2 / 22} + 9h};
    EXPECT_EQ(encoded(event_type::updated, told).at("moved_from"), "2026-02-22T09:00:00+01:00");
    // Clocks show 03:30 then, but the series is one of 02:30.
    told.series_start = due{.wall = std::chrono::local_days{std::chrono::year{2026} / 3 / 29} + 2h + 30min};
    EXPECT_EQ(encoded(event_type::created, told).at("series_start"), "2026-03-29T02:30:00+01:00");
    told.series_start = due{.wall = std::chrono::local_days{std::chrono::year{2026} / 2 / 8}, .all_day = true};
    EXPECT_EQ(encoded(event_type::created, told).at("series_start"), "2026-02-08");
    told.series_start.reset();
    EXPECT_TRUE(encoded(event_type::created, told).at("series_start").is_null());
}

stored_event stored(event_type type, const task& told) {
    const auto happened = happening(type, told);
    return {.sequence = 7,
            .id = happened.id,
            .type = type,
            .owner = told.owner,
            .subject = told.id,
            .at = happened.at,
            .traceparent = happened.traceparent,
            .data = encode_event_data(happened)};
}

TEST(cloud_event, IsTheEnvelopeOfTheContract) {
    const auto event = json::parse(to_cloud_event(stored(event_type::completed, some_task()))).as_object();
    EXPECT_EQ(event.at("specversion"), "1.0");
    EXPECT_EQ(event.at("id").as_string(), event_text);
    EXPECT_EQ(event.at("source"), "todo-backend");
    EXPECT_EQ(event.at("type"), "task.completed");
    EXPECT_EQ(event.at("subject").as_string(), task_text);
    EXPECT_EQ(event.at("time"), "2026-02-08T09:00:00.123Z");
    EXPECT_EQ(event.at("datacontenttype"), "application/json");
    EXPECT_EQ(event.at("traceparent").as_string(), trace);
    EXPECT_EQ(event.at("data").at("event_type"), "task-completed");
    EXPECT_EQ(event.size(), 9U);
}

TEST(cloud_event, HasNoTraceWhereThereWasNone) {
    auto untraced = stored(event_type::completed, some_task());
    untraced.traceparent.clear();
    EXPECT_FALSE(json::parse(to_cloud_event(untraced)).as_object().contains("traceparent"));
}

// --- reading ---

incoming_message message(std::string body, std::string content_type = "application/cloudevents+json") {
    return {.body = std::move(body),
            .content_type = std::move(content_type),
            .ce_type = {},
            .traceparent = {},
            .origin = "endpoint"};
}

std::string bare(std::string more = R"("event_type":"task-completed")") {
    return R"({"task_id":")" + std::string{task_text} + R"(","user_id":")" + std::string{user_text} + R"(",)" + more +
           "}";
}

std::string wrapped(const std::string& data, std::string more = R"("type":"task.completed")") {
    return R"({"specversion":"1.0","id":")" + std::string{event_text} + R"(","source":"todo-backend",)" + more +
           R"(,"data":)" + data + "}";
}

std::string reason(const incoming_message& given) {
    const auto read = decode_event(given);
    return read ? "it was read" : read.error();
}

TEST(decode_event, ReadsWhatTheOutboxWrites) {
    const auto read = decode_event(message(to_cloud_event(stored(event_type::completed, some_task()))));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(to_string(read->id), event_text);
    EXPECT_EQ(to_string(read->owner), user_text);
    EXPECT_EQ(to_string(read->subject), task_text);
    EXPECT_EQ(read->event_type, "task-completed");
    EXPECT_EQ(read->traceparent, trace);
    EXPECT_TRUE(read->needs_reconciling());
}

TEST(decode_event, ReadsTheBareData) {
    const auto read = decode_event(message(bare(), "application/json; charset=utf-8"));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->id, event_id{});
    EXPECT_EQ(to_string(read->subject), task_text);
    EXPECT_TRUE(read->needs_reconciling());
}

TEST(decode_event, ReadsAStructuredEventSentAsPlainJson) {
    EXPECT_TRUE(decode_event(message(wrapped(bare()), "application/json")));
    EXPECT_TRUE(decode_event(message(wrapped(bare()), "Application/CloudEvents+JSON ; charset=UTF-8")));
}

TEST(decode_event, ReadsBinaryMode) {
    auto binary = message(bare(R"("status":"done")"), "application/json");
    binary.ce_type = "task.completed";
    binary.ce_id = event_text;
    binary.ce_specversion = "1.0";
    binary.traceparent = trace;
    const auto read = decode_event(binary);
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(to_string(read->id), event_text);
    EXPECT_EQ(read->event_type, "task.completed");
    EXPECT_EQ(read->traceparent, trace);
    binary.ce_specversion = "0.3";
    EXPECT_THAT(reason(binary), HasSubstr("ce-specversion"));
}

TEST(decode_event, ReadsWhatASidecarLabelsAsAStructuredEvent) {
    EXPECT_TRUE(decode_event(message(bare(), "application/cloudevents+json")));
    auto binary = message(bare(R"("status":"done")"), "application/cloudevents+json");
    binary.ce_type = "task.completed";
    binary.ce_id = event_text;
    binary.ce_specversion = "1.0";
    const auto read = decode_event(binary);
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(to_string(read->id), event_text);
    EXPECT_EQ(read->event_type, "task.completed");
    binary.ce_specversion = "0.3";
    EXPECT_THAT(reason(binary), HasSubstr("ce-specversion"));
    // A structured one stays that, whatever stands beside it.
    auto structured = message(wrapped(bare()), "application/cloudevents+json");
    structured.ce_type = "task.created";
    EXPECT_EQ(decode_event(structured)->event_type, decode_event(message(wrapped(bare())))->event_type);
}

TEST(decode_event, ReadsWhatTheFastApiBackendLeft) {
    for (const std::string time :
         {"2026-02-08T17:30:00", "2026-02-08T17:30:00.123456", "2026-02-08T17:30:00+00:00", "2026-02-08T17:30:00Z"}) {
        const auto read = decode_event(
            message(wrapped(bare(R"("event_type":"task-completed","completed_at":")" + time + '"'),
                            R"("type":"com.dapr.event.sent","pubsubname":"kafka-pubsub","topic":"task-events")")));
        ASSERT_TRUE(read) << time << ": " << read.error();
        EXPECT_TRUE(read->needs_reconciling());
    }
    EXPECT_THAT(reason(message(wrapped(bare(R"("x":1)"), R"("type":"com.dapr.event.sent")"))), HasSubstr("event_type"));
}

TEST(decode_event, ReadsBase64Data) {
    const std::string head = R"({"specversion":"1.0","id":"1","source":"s","type":"task.completed","data_base64":")";
    // {"task_id":"0198c0de-0000-7000-8000-000000000002","user_id":"0198c0de-0000-7000-8000-000000000003"}
    const std::string base64 =
        "eyJ0YXNrX2lkIjoiMDE5OGMwZGUtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAyIiwidXNlcl9pZCI6IjAxOThjMGRlLTAwMDAtNzAwMC04MD"
        "AwLTAwMDAwMDAwMDAwMyJ9";
    const auto read = decode_event(message(head + base64 + "\"}"));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(to_string(read->subject), task_text);
    EXPECT_THAT(reason(message(head + base64.substr(1) + "\"}")), HasSubstr("Base64"));
    EXPECT_THAT(reason(message(head + "e*==\"}")), HasSubstr("Base64"));
    EXPECT_THAT(reason(message(head + "AAAA\"}")), HasSubstr("not JSON"));
    EXPECT_THAT(reason(message(head + base64 + R"(","data":{}})")), HasSubstr("one of"));
}

TEST(decode_event, TakesZerosForNoTrace) {
    const std::string zeros = "00-00000000000000000000000000000000-0000000000000000-00";
    auto given = message(wrapped(bare(), R"("type":"task.completed","traceparent":")" + zeros + '"'));
    EXPECT_EQ(decode_event(given)->traceparent, "");
    given.traceparent = trace;
    EXPECT_EQ(decode_event(given)->traceparent, trace);
    for (const std::string bad : {"hdr", "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                  "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                  "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                                  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x"})
        EXPECT_EQ(decode_event(message(wrapped(bare(), R"("type":"task.completed","traceparent":")" + bad + '"')))
                      ->traceparent,
                  "")
            << bad;
}

struct poison {
    std::string name;
    incoming_message given;
};

class decode_poison : public testing::TestWithParam<poison> {};

TEST_P(decode_poison, IsRefusedWithAReason) {
    const auto read = decode_event(GetParam().given);
    ASSERT_FALSE(read);
    EXPECT_GT(read.error().size(), 10U);
    EXPECT_EQ(read.error().find_first_of("\n\r"), std::string::npos);
}

const std::string json_type = "application/json";

INSTANTIATE_TEST_SUITE_P(
    all, decode_poison,
    testing::Values(
        poison{"Empty", message("")}, poison{"EmptyJson", message("", json_type)},
        poison{"NoContentType", message(bare(), "")}, poison{"PlainText", message(bare(), "text/plain")},
        poison{"Form", message("a=b", "application/x-www-form-urlencoded")},
        poison{"Batch", message("[" + wrapped(bare()) + "]", "application/cloudevents-batch+json")},
        poison{"NotJson", message("{")}, poison{"Trailing", message(wrapped(bare()) + "x")},
        poison{"Null", message("null", json_type)}, poison{"Array", message("[" + bare() + "]", json_type)},
        poison{"Number", message("1", json_type)}, poison{"BadUtf8", message("{\"task_id\":\"\xff\"}", json_type)},
        poison{"Deep", message(std::string(40, '[') + std::string(40, ']'), json_type)},
        poison{"NoVersion", message(R"({"id":"1","source":"s","type":"task.completed","data":{}})")},
        poison{"OtherVersion",
               message(R"({"specversion":"2.0","id":"1","source":"s","type":"task.completed","data":)" + bare() + "}")},
        poison{"VersionIsNumber",
               message(R"({"specversion":1.0,"id":"1","source":"s","type":"task.completed","data":)" + bare() + "}")},
        poison{"NoType", message(wrapped(bare(), R"("time":"x")"))},
        poison{"EmptyType", message(wrapped(bare(), R"("type":"")"))},
        poison{"HugeType", message(wrapped(bare(), R"("type":")" + std::string(101, 'x') + '"'))},
        poison{"NoId", message(R"({"specversion":"1.0","source":"s","type":"task.completed","data":)" + bare() + "}")},
        poison{"NoSource", message(R"({"specversion":"1.0","id":"1","type":"task.completed","data":)" + bare() + "}")},
        poison{"NoData", message(R"({"specversion":"1.0","id":"1","source":"s","type":"task.completed"})")},
        poison{"DataIsText", message(wrapped("\"text\""))}, poison{"DataIsNull", message(wrapped("null"))},
        poison{"NoTask",
               message(R"({"event_type":"task-completed","user_id":")" + std::string{user_text} + "\"}", json_type)},
        poison{"TaskIsNumber",
               message(R"({"event_type":"task-completed","task_id":5,"user_id":")" + std::string{user_text} + "\"}",
                       json_type)},
        poison{"TaskIsNoUuid",
               message(R"({"event_type":"task-completed","task_id":"5","user_id":")" + std::string{user_text} + "\"}",
                       json_type)},
        poison{"NoUser",
               message(R"({"event_type":"task-completed","task_id":")" + std::string{task_text} + "\"}", json_type)},
        poison{"NoEventType", message(bare(R"("x":1)"), json_type)},
        poison{"EventTypeIsNumber", message(bare(R"("event_type":1)"), json_type)},
        poison{"HugeEventType", message(bare(R"("event_type":")" + std::string(101, 'x') + '"'), json_type)},
        poison{"CompletedAtIsNumber", message(bare(R"("event_type":"task-completed","completed_at":5)"), json_type)},
        poison{"CompletedAtIsNoTime",
               message(bare(R"("event_type":"task-completed","completed_at":"soon")"), json_type)},
        poison{"TooLarge", message(std::string(message_bytes_max + 1, ' '), json_type)}),
    [](const auto& given) { return given.param.name; });

TEST(decode_event, TakesAMessageOfExactlyTheLargestSize) {
    auto body = bare();
    body.append(message_bytes_max - body.size(), ' ');
    EXPECT_TRUE(decode_event(message(body, json_type)));
}

TEST(needs_reconciling, IsForCompletedReopenedRestoredAndWhateverTellsOfADoneTask) {
    const auto needs = [](std::string type, bool done) {
        return event_notice{
            .id = {}, .owner = {}, .subject = {}, .event_type = std::move(type), .traceparent = {}, .task_done = done}
            .needs_reconciling();
    };
    for (const std::string type : {"task-completed", "task.completed", "task.reopened", "task.restored"})
        EXPECT_TRUE(needs(type, false)) << type;
    for (const std::string type : {"task.created", "task.updated", "task.skipped", "task.deleted", "something.else"})
        EXPECT_FALSE(needs(type, false)) << type;
    EXPECT_TRUE(needs("task.updated", true));
    EXPECT_FALSE(needs("task.deleted", true));
}

TEST(to_notice, SeesWhetherAnUpdateTellsOfADoneTask) {
    auto told = some_task();
    EXPECT_FALSE(to_notice(stored(event_type::updated, told)).needs_reconciling());
    told.status = task_status::done;
    EXPECT_TRUE(to_notice(stored(event_type::updated, told)).needs_reconciling());
    EXPECT_FALSE(to_notice(stored(event_type::deleted, told)).needs_reconciling());
    EXPECT_TRUE(to_notice(stored(event_type::completed, told)).needs_reconciling());
}

}  // namespace
}  // namespace rondo
