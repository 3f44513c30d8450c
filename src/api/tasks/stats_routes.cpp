// What was done when, and for how long in a row: GET /api/stats.

#include <algorithm>
#include <chrono>
#include <string>

#include "api/for_users.hpp"
#include "api/routes.hpp"
#include "api/wire/problems.hpp"
#include "api/wire/query_fields.hpp"
#include "api/wire/responses.hpp"
#include "api/wire/text.hpp"
#include "base/rfc3339.hpp"
#include "usecases/tasks/read_stats.hpp"

namespace rondo {

namespace {

using std::chrono::days;
using std::chrono::local_days;

constexpr days default_days{30};
constexpr local_days first_day{std::chrono::year{1} / 1 / 1};

result<day_range> read_range(const http::request& asked, const user& owner, instant now) {
    query_fields query{asked};
    const auto from = query.date("from");
    const auto to = query.date("to");
    const local_days today =
        std::chrono::floor<days>(owner.zone.to_wall(std::chrono::floor<std::chrono::seconds>(now)));
    if (const auto fits = query.finish(); !fits)
        return std::unexpected(fits.error());
    day_range range{.from = {}, .to = to.value_or(today)};
    range.from = from.value_or(std::max(first_day, range.to - default_days + days{1}));
    if (range.from > range.to)
        return refuse_query("from", to ? "must not be after to" : "must not be after today, unless to is given");
    if (range.to - range.from >= days{stats_days_max})
        return refuse_query("from", "must be at most " + std::to_string(stats_days_max - 1) + " days before " +
                                        (to ? "to" : "today, unless to is given"));
    return range;
}

std::string counts(const done_count& done) {
    return R"("completed":)" + std::to_string(done.completed) + R"(,"on_time":)" + std::to_string(done.on_time) +
           R"(,"late":)" + std::to_string(done.late);
}

std::string to_json(const stats& found) {
    std::string json = R"({"from":")" + format_date(found.range.from) + R"(","to":")" + format_date(found.range.to);
    json += R"(","days":[)";
    for (const day_count& one : found.days) {
        json += json.back() == '[' ? "" : ",";
        json += R"({"date":")" + format_date(one.day) + R"(",)" + counts(one.done) + '}';
    }
    json += R"(],"totals":{)" + counts(found.totals) + R"(},"series":[)";
    for (const series_count& one : found.series) {
        json += json.back() == '[' ? "" : ",";
        json += R"({"series_id":")" + to_string(one.series) + R"(","title":)";
        append_json_string(json, one.title);
        json += ',' + counts(one.done) + R"(,"skipped":)" + std::to_string(one.skipped) + R"(,"current_streak":)" +
                std::to_string(one.streak.current) + R"(,"longest_streak":)" + std::to_string(one.streak.longest) + '}';
    }
    return json + "]}";
}

async<http::response> show_stats(const services& with, const caller& asking, http::request& asked) {
    const auto range = read_range(asked, asking.user, with.time.now());
    if (!range)
        co_return problem_response(range.error());
    const auto found = co_await read(with.data, [owner = asking.user.id, range = *range](const transaction& tx) {
        return read_stats(tx, owner, range);
    });
    co_return found ? json_response(200, to_json(*found)) : problem_response(found.error());
}

}  // namespace

void add_stats_routes(http::router& routes, const services& with) {
    on_get(routes, with, "/api/stats", show_stats);
}

}  // namespace rondo
