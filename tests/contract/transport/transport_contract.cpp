#include "contract/transport/transport_contract.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <thread>

namespace rondo::test {

std::vector<transport_kind> transports() {
    const auto always = [] { return std::string{}; };
    return {{"Embedded", make_embedded, always},
            {"KafkaMock", make_kafka_mock, always},
            {"Kafka", make_kafka_real, kafka_is_missing},
            {"Dapr", make_dapr_real, dapr_is_missing}};
}

std::string unique_name(std::string_view prefix) {
    static std::atomic<int> count{0};
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    return std::string{prefix} + '-' + std::to_string(::getpid()) + '-' + std::to_string(now) + '-' +
           std::to_string(++count);
}

void arrivals::add(const incoming_message& message) {
    const auto notice = decode_event(message);
    const std::lock_guard lock{mutex_};
    if (notice)
        seen_.push_back(*notice);
    else
        ++unreadable_;
    changed_.notify_all();
}

std::vector<event_notice> arrivals::all() const {
    const std::lock_guard lock{mutex_};
    return seen_;
}

std::size_t arrivals::unreadable() const {
    const std::lock_guard lock{mutex_};
    return unreadable_;
}

std::vector<event_id> arrivals::first_arrivals(std::optional<user_id> of) const {
    std::set<event_id> known;
    std::vector<event_id> order;
    for (const auto& notice : all())
        if ((!of || notice.owner == *of) && known.insert(notice.id).second)
            order.push_back(notice.id);
    return order;
}

bool arrivals::wait(std::chrono::seconds patience, const std::function<bool(const arrivals&)>& enough) const {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!enough(*this)) {
        std::unique_lock lock{mutex_};
        if (std::chrono::steady_clock::now() >= deadline)
            return false;
        changed_.wait_for(lock, std::chrono::milliseconds{200});
    }
    return true;
}

std::function<bool(const arrivals&)> all_of(std::vector<event_id> ids) {
    return [ids = std::move(ids)](const arrivals& seen) {
        const auto order = seen.first_arrivals();
        const std::set<event_id> known{order.begin(), order.end()};
        return std::ranges::all_of(ids, [&](event_id id) { return known.contains(id); });
    };
}

std::vector<event_id> ids_of(const std::vector<stored_event>& events, std::optional<user_id> of) {
    std::vector<event_id> ids;
    for (const auto& one : events)
        if (!of || one.owner == *of)
            ids.push_back(one.id);
    return ids;
}

void transport_contract::SetUp() {
    if (const auto missing = GetParam().why_not(); !missing.empty())
        GTEST_SKIP() << missing;
    line_ = GetParam().make();
}

void transport_contract::TearDown() {
    if (line_)
        line_->end_delivery();
}

void transport_contract::begin_delivery() {
    line_->begin_delivery([this](std::vector<incoming_message> messages) {
        if (failures > 0) {
            --failures;
            return std::vector<std::optional<consumed>>(messages.size());
        }
        for (const auto& message : messages)
            seen.add(message);
        auto answers = world.events.handle_and_wait(messages);
        for (const auto& again : world.events.handle_and_wait(std::move(messages)))
            if (again && again->what == consumed::verdict::success)
                EXPECT_NE(again->done.what, reconciled::outcome::created) << "a duplicate had an effect";
        return answers;
    });
}

std::vector<stored_event> transport_contract::make_events(int count, int owner_count, std::size_t bytes) {
    while (static_cast<int>(owners.size()) < owner_count)
        owners.push_back(maker.owner());
    std::vector<stored_event> events;
    for (int i = 0; i < count; ++i)
        events.push_back(maker.event(owners[static_cast<std::size_t>(i % owner_count)], bytes));
    return events;
}

std::vector<event_id> transport_contract::publish_all(std::vector<stored_event> events, std::chrono::seconds within) {
    std::vector<event_id> refused;
    const auto deadline = std::chrono::steady_clock::now() + within;
    while (!events.empty()) {
        const auto results = out().publish(events);
        EXPECT_EQ(results.size(), events.size());
        std::vector<stored_event> left;
        std::set<user_id> stopped;
        for (std::size_t i = 0; i < events.size(); ++i) {
            const bool taken = results[i] == publish_result::acknowledged || results[i] == publish_result::rejected;
            if (results[i] == publish_result::rejected)
                refused.push_back(events[i].id);
            if (taken) {
                EXPECT_FALSE(stopped.contains(events[i].owner))
                    << "one was acknowledged before an earlier one of its owner";
                continue;
            }
            if (stopped.insert(events[i].owner).second && results[i] == publish_result::retry)
                ++events[i].attempts;
            left.push_back(events[i]);
        }
        events = std::move(left);
        if (!events.empty() && std::chrono::steady_clock::now() > deadline) {
            ADD_FAILURE() << events.size() << " events were not taken in time";
            break;
        }
        if (!events.empty())
            std::this_thread::sleep_for(std::chrono::milliseconds{50});  // the relay backs off too
    }
    return refused;
}

void transport_contract::expect_arrived_in_order(const std::vector<stored_event>& events) {
    ASSERT_TRUE(seen.wait(line_->patience(), all_of(ids_of(events))))
        << seen.first_arrivals().size() << " of " << events.size() << " arrived";
    for (const auto& owner : owners)
        EXPECT_EQ(seen.first_arrivals(owner), ids_of(events, owner));
}

}  // namespace rondo::test
