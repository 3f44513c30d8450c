#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "events/publisher.hpp"

namespace rondo::test {

/// A transport that keeps what it is given, and fails as it is told. Thread-safe.
class recording_publisher final : public publisher {
public:
    std::string_view name() const override { return "dapr"; }

    std::vector<publish_result> publish(std::span<const stored_event> events) override {
        const std::lock_guard lock{mutex_};
        if (before)
            before();
        std::vector<publish_result> results;
        std::unordered_set<user_id> waiting;
        for (const stored_event& one : events) {
            auto answer = answer_with ? answer_with(one) : publish_result::acknowledged;
            if (waiting.contains(one.owner))
                answer = publish_result::retry;
            if (answer == publish_result::retry)
                waiting.insert(one.owner);
            else if (answer == publish_result::acknowledged)
                published_.push_back(one);
            attempts_.push_back(one);
            results.push_back(answer);
        }
        return results;
    }

    /// Called for each event; without it, each is acknowledged.
    std::function<publish_result(const stored_event&)> answer_with;
    /// Called at the start of each batch.
    std::function<void()> before;

    std::vector<stored_event> published() const {
        const std::lock_guard lock{mutex_};
        return published_;
    }
    /// Every event of every call, whatever the answer was.
    std::vector<stored_event> attempts() const {
        const std::lock_guard lock{mutex_};
        return attempts_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<stored_event> published_;
    std::vector<stored_event> attempts_;
};

}  // namespace rondo::test
