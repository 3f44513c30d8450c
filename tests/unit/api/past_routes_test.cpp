#include "unit/api/api_fixture.hpp"

namespace rondo {
namespace {

class past_routes : public api_fixture {
protected:
    past_routes() {
        add_past_routes(routes, with);
        add_event_feed_routes(routes, with);
        add_stats_routes(routes, with);
    }
    /// Events of a task of Ann's, made without changing it.
    void append(const task& of, int count) {
        db.write([&](transaction& tx) {
            for (int i = 0; i < count; ++i)
                tx.append({.id = tx.new_id<event_id>(),
                           .type = event_type::updated,
                           .at = tx.now(),
                           .traceparent = {},
                           .snapshot = of});
        });
    }
    task task_of(const boost::json::object& shown) {
        return db.read([&](const transaction& tx) {
            return tx.find_task(ann.id, parse_id<task_id>(text(shown, "id")).value()).value();
        });
    }
    static std::size_t length(const http::response& answer) {
        return boost::json::parse(answer.body).as_array().size();
    }
};

TEST_F(past_routes, GiveAThousandEntriesOfAHistoryAtMost) {
    const auto made = created(R"({"title":"x"})");
    const std::string path = "/api/tasks/" + text(made, "id") + "/history";
    append(task_of(made), 999);
    EXPECT_EQ(length(get(path)), 1000u);
    EXPECT_EQ(header_of(get(path), "Link"), "");
    append(task_of(made), 1);
    const auto first = get(path);
    EXPECT_EQ(length(first), 1000u);
    const std::string last = text(boost::json::parse(first.body).as_array().back().as_object(), "event_id");
    EXPECT_EQ(header_of(first, "Link"), "<" + path + "?after=" + last + "&limit=1000>; rel=\"next\"");
    EXPECT_EQ(length(get(path, {{"after", last}})), 1u);
}

TEST_F(past_routes, DefaultToThirtyDaysUntilTodayInTheUsersZone) {
    for (const auto& [zone, today, first] : {std::tuple{"Pacific/Kiritimati", "2026-02-08", "2026-01-10"},
                                             {"Pacific/Pago_Pago", "2026-02-07", "2026-01-09"}}) {
        ann.zone = time_zone::find(zone).value();
        db.write([&](transaction& tx) { tx.update_user(ann); });
        const auto told = object_in(get("/api/stats"));
        EXPECT_EQ(text(told, "to"), today) << zone;
        EXPECT_EQ(text(told, "from"), first) << zone;
        EXPECT_EQ(told.at("days").as_array().size(), 30u);
    }
}

}  // namespace
}  // namespace rondo
