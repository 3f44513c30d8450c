#pragma once
// The zones that this process has heard of, and the rules behind them. For time_zone.cpp and tz_database.cpp alone.

#include <absl/time/time.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/tz_files.hpp"

namespace rondo {

/// What one compiled file says. Read by Abseil when it is first needed, and never again: Abseil keeps what it has read
/// for the life of the process, so each content is there once, however often the database changes to it and back.
class zone_rules {
public:
    explicit zone_rules(std::shared_ptr<const std::string> content) : content_{std::move(content)} {}

    /// Null if Abseil cannot read them.
    const absl::TimeZone* get() const {
        const absl::TimeZone* known = ready_.load(std::memory_order_acquire);
        return known != nullptr ? known : read();
    }
    bool was_read() const { return ready_.load(std::memory_order_acquire) != nullptr; }

private:
    const absl::TimeZone* read() const;

    std::shared_ptr<const std::string> content_;
    mutable std::once_flag reading_;
    mutable absl::TimeZone zone_;
    mutable std::atomic<const absl::TimeZone*> ready_ = nullptr;
};

/// One name. What it stands for may change, the entry stays.
struct zone_entry {
    explicit zone_entry(std::string called) : name{std::move(called)} {}

    /// Null: it goes by UTC.
    const absl::TimeZone* rules_now() const {
        const zone_rules* known = rules.load(std::memory_order_acquire);
        return known != nullptr ? known->get() : nullptr;
    }

    const std::string name;
    std::atomic<const zone_rules*> rules = nullptr;
    std::atomic<bool> listed = false;  ///< whether the database in use has it
    std::atomic<bool> missed = false;  ///< whether a stored row asked for it while it was not listed
};

class zone_table {
public:
    /// At the first call the system's database is read. Throws `fatal` when there is none.
    static zone_table& instance();

    const zone_entry* find(std::string_view name) const;
    const zone_entry& of_stored(std::string_view name);
    std::vector<std::string> names() const;

    struct taken {
        bool changed = false;   ///< by any rule, name or version
        std::string trouble{};  ///< why these files are not taken, and all stays as it is
    };
    /// The database in use is this one from here on. A zone in use whose file is unreadable, or is missing though the
    /// list still names it, means that the files are being written: nothing is taken.
    taken take(tz_files files);

    /// What is in use, but for its zones' contents.
    tz_files in_use() const;
    /// Names of stored rows that the database in use has not.
    std::vector<std::string> missed() const;

private:
    using index = std::vector<zone_entry*>;  ///< by name

    zone_table() = default;
    zone_entry* look_up(std::string_view name) const;
    zone_entry& entry(std::string_view name);
    const zone_rules& rules_of(const std::shared_ptr<const std::string>& content);
    void publish_index();

    std::atomic<const index*> index_ = nullptr;
    mutable std::mutex mutex_;  // of what follows; whoever only finds a zone does not come here
    std::map<std::string, std::unique_ptr<zone_entry>, std::less<>> entries_;
    std::map<std::string_view, std::unique_ptr<const zone_rules>> rules_;  ///< by content
    std::vector<std::unique_ptr<const index>> indexes_;  ///< one for each time that a name was new
    tz_files in_use_;
};

}  // namespace rondo
