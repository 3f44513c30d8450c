#include "domain/event.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <utility>

namespace rondo {
namespace {

TEST(event_type, HasTheContractsNamesBothWays) {
    const std::pair<event_type, std::string_view> names[] = {
        {event_type::created, "task.created"},     {event_type::updated, "task.updated"},
        {event_type::completed, "task.completed"}, {event_type::skipped, "task.skipped"},
        {event_type::reopened, "task.reopened"},   {event_type::deleted, "task.deleted"},
        {event_type::restored, "task.restored"}};
    for (const auto& [type, name] : names) {
        EXPECT_EQ(to_string(type), name);
        EXPECT_EQ(parse_event_type(name), type);
    }
    for (const std::string_view unknown : {"", "created", "task.", "task.Created", "task.created ", "task-completed"})
        EXPECT_FALSE(parse_event_type(unknown)) << unknown;
}

}  // namespace
}  // namespace rondo
