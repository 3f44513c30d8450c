#include "api/events/dapr_delivery.hpp"

#include <utility>

#include <sodium.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "api/wire/text.hpp"

namespace rondo {
namespace {

namespace json = boost::json;

std::string text_member(const json::object& of, std::string_view name) {
    const auto* found = of.if_contains(json::string_view{name.data(), name.size()});
    const auto* text = found ? found->if_string() : nullptr;
    return text ? std::string{text->data(), text->size()} : std::string{};
}

incoming_message to_message(const json::value& entry) {
    incoming_message message{.body = {}, .content_type = {}, .ce_type = {}, .traceparent = {}, .origin = "endpoint"};
    const auto* object = entry.if_object();
    const auto* event = object ? object->if_contains("event") : nullptr;
    if (event == nullptr) {  // nothing to read: to the dead letters, as it is
        message.body = json::serialize(entry);
        return message;
    }
    // What is not JSON for Dapr comes as text.
    message.body = event->is_string() ? std::string{event->get_string().c_str()} : json::serialize(*event);
    message.content_type = text_member(*object, "contentType");
    if (event->is_object() && event->get_object().contains("specversion"))
        message.content_type = cloud_event_content_type;
    const auto* metadata = object->if_contains("metadata");
    if (const auto* headers = metadata ? metadata->if_object() : nullptr) {  // of the record
        message.ce_type = text_member(*headers, "ce_type");
        message.ce_id = text_member(*headers, "ce_id");
        message.ce_specversion = text_member(*headers, "ce_specversion");
        message.traceparent = text_member(*headers, "traceparent");
    }
    return message;
}

}  // namespace

std::optional<bulk_delivery> read_bulk_delivery(std::string_view body) {
    if (!body.contains("\"entries\""))
        return std::nullopt;
    boost::system::error_code failed;
    const auto value = json::parse(json::string_view{body.data(), body.size()}, failed);
    const auto* object = failed ? nullptr : value.if_object();
    const auto* listed = object ? object->if_contains("entries") : nullptr;
    const auto* entries = listed ? listed->if_array() : nullptr;
    if (entries == nullptr || object->contains("specversion") || object->contains("task_id"))
        return std::nullopt;
    bulk_delivery read;
    for (const auto& entry : *entries) {
        read.entry_ids.push_back(entry.is_object() ? text_member(entry.get_object(), "entryId") : std::string{});
        read.messages.push_back(to_message(entry));
    }
    return read;
}

incoming_message unwrap_raw_payload(incoming_message message) {
    boost::system::error_code failed;
    const auto value = json::parse(json::string_view{message.body.data(), message.body.size()}, failed);
    const auto* envelope = failed ? nullptr : value.if_object();
    if (envelope == nullptr || text_member(*envelope, "type") != "com.dapr.event.sent" ||
        !envelope->contains("data_base64"))
        return message;
    const auto encoded = text_member(*envelope, "data_base64");
    std::string bytes(encoded.size(), '\0');
    std::size_t size = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), encoded.data(), encoded.size(),
                          nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
        return message;
    bytes.resize(size);
    message.body = std::move(bytes);
    // What it is, it does not say; the only thing that can be read here is JSON.
    message.content_type = "application/json";
    return message;
}

std::string bulk_statuses(std::span<const std::string> entry_ids, std::span<const std::optional<consumed>> answers,
                          bool from_sidecar) {
    std::string body = R"({"statuses":[)";
    for (std::size_t i = 0; i < entry_ids.size(); ++i) {
        body += i == 0 ? R"({"entryId":)" : R"(,{"entryId":)";
        append_json_string(body, entry_ids[i]);
        body += R"(,"status":")";
        const bool dropped = answers[i] && answers[i]->what == consumed::verdict::drop;
        body += !answers[i] ? "RETRY" : dropped && !from_sidecar ? "DROP" : "SUCCESS";
        body += "\"}";
    }
    return body += "]}";
}

}  // namespace rondo
