#include "base/zone_table.hpp"

#include <absl/time/internal/cctz/include/cctz/zone_info_source.h>

#include <algorithm>
#include <cstring>
#include <functional>

#include "base/error.hpp"

namespace rondo {
namespace {

/// The content that Abseil is asked to read; it asks back on the same thread.
thread_local const std::string* content_to_read = nullptr;

class content_source : public absl::time_internal::cctz::ZoneInfoSource {
public:
    explicit content_source(std::string_view content) : rest_{content} {}

    std::size_t Read(void* to, std::size_t size) override {
        const std::size_t given = std::min(size, rest_.size());
        std::memcpy(to, rest_.data(), given);
        rest_.remove_prefix(given);
        return given;
    }
    int Skip(std::size_t offset) override {
        if (offset > rest_.size())
            return -1;
        rest_.remove_prefix(offset);
        return 0;
    }

private:
    std::string_view rest_;
};

using source = std::unique_ptr<absl::time_internal::cctz::ZoneInfoSource>;

source give_content(const std::string& name, const std::function<source(const std::string&)>& read_file) {
    return content_to_read != nullptr ? std::make_unique<content_source>(*content_to_read) : read_file(name);
}

/// Abseil keeps a zone under its name for ever: so each content has a name of its own.
std::string next_name() {
    static std::atomic<unsigned> last = 0;
    return "rondo " + std::to_string(++last);
}

}  // namespace
}  // namespace rondo

// Abseil's way to bring one's own files: a definition of this variable takes the place of its own.
namespace absl {
ABSL_NAMESPACE_BEGIN
namespace time_internal::cctz_extension {
ZoneInfoSourceFactory zone_info_source_factory = rondo::give_content;
}  // namespace time_internal::cctz_extension
ABSL_NAMESPACE_END
}  // namespace absl

namespace rondo {

const absl::TimeZone* zone_rules::read() const {
    std::call_once(reading_, [this] {
        content_to_read = content_.get();
        if (absl::LoadTimeZone(next_name(), &zone_))
            ready_.store(&zone_, std::memory_order_release);
        content_to_read = nullptr;
    });
    return ready_.load(std::memory_order_acquire);
}

zone_table& zone_table::instance() {
    // Never destroyed: handles point into it.
    static zone_table& only = *[] {
        auto made = std::unique_ptr<zone_table>{new zone_table};
        tz_files found = read_tz_files();
        std::erase_if(found.zones, [](const auto& zone) { return !is_tzif(*zone.second); });
        if (found.zones.empty())
            throw fatal{69, "No time zones in " + found.folder.string() +
                                ". Install the tz database (package tzdata), or name its folder with TZDIR."};
        made->take(std::move(found));
        return made.release();
    }();
    return only;
}

zone_entry* zone_table::look_up(std::string_view name) const {
    const index& known = *index_.load(std::memory_order_acquire);
    const auto at =
        std::ranges::lower_bound(known, name, {}, [](const auto* one) -> std::string_view { return one->name; });
    return at != known.end() && (*at)->name == name ? *at : nullptr;
}

const zone_entry* zone_table::find(std::string_view name) const {
    const zone_entry* found = look_up(name);
    return found != nullptr && found->listed.load(std::memory_order_acquire) && found->rules_now() != nullptr ? found
                                                                                                              : nullptr;
}

const zone_entry& zone_table::of_stored(std::string_view name) {
    zone_entry* found = look_up(name);
    if (found == nullptr) {
        const std::lock_guard lock{mutex_};
        found = &entry(name);
        publish_index();
    }
    if (!found->listed.load(std::memory_order_acquire))
        found->missed.store(true, std::memory_order_relaxed);
    return *found;
}

std::vector<std::string> zone_table::names() const {
    std::vector<std::string> found;
    for (const zone_entry* one : *index_.load(std::memory_order_acquire))
        if (one->listed.load(std::memory_order_acquire))
            found.push_back(one->name);
    return found;
}

zone_table::taken zone_table::take(tz_files files) {
    const std::lock_guard lock{mutex_};
    for (const auto& [name, content] : files.zones) {
        const auto known = entries_.find(name);
        const zone_rules* old = known != entries_.end() ? known->second->rules.load() : nullptr;
        const bool in_use = old != nullptr && old->was_read();
        if (!is_tzif(*content) || (in_use && rules_of(content).get() == nullptr))
            return {.trouble = "The file of " + name + " is no whole zone file"};
    }
    for (const auto& [name, known] : entries_)
        if (known->listed && !files.zones.contains(name) && std::ranges::binary_search(files.without_file, name))
            return {.trouble = "The file of " + name + " is missing"};

    taken done{.changed = files.version != in_use_.version};
    const auto known_before = entries_.size();
    for (const auto& [name, content] : files.zones) {
        zone_entry& named = entry(name);
        const zone_rules* rules = &rules_of(content);
        const bool same_rules = named.rules.exchange(rules, std::memory_order_acq_rel) == rules;
        const bool was_listed = named.listed.exchange(true, std::memory_order_acq_rel);
        done.changed = done.changed || !same_rules || !was_listed;
    }
    for (const auto& [name, known] : entries_)
        if (!files.zones.contains(name) && known->listed.exchange(false))
            done.changed = true;
    if (entries_.size() != known_before)
        publish_index();
    files.zones.clear();
    in_use_ = std::move(files);
    return done;
}

tz_files zone_table::in_use() const {
    const std::lock_guard lock{mutex_};
    return in_use_;
}

std::vector<std::string> zone_table::missed() const {
    const std::lock_guard lock{mutex_};
    std::vector<std::string> found;
    for (const auto& [name, known] : entries_)
        if (known->missed && !known->listed)
            found.push_back(name);
    return found;
}

zone_entry& zone_table::entry(std::string_view name) {
    auto known = entries_.find(name);
    if (known == entries_.end())
        known = entries_.emplace(name, std::make_unique<zone_entry>(std::string{name})).first;
    return *known->second;
}

const zone_rules& zone_table::rules_of(const std::shared_ptr<const std::string>& content) {
    auto known = rules_.find(*content);
    if (known == rules_.end())  // the key is a view of what the rules keep
        known = rules_.emplace(*content, std::make_unique<const zone_rules>(content)).first;
    return *known->second;
}

void zone_table::publish_index() {
    auto made = std::make_unique<index>();
    made->reserve(entries_.size());
    for (const auto& [name, known] : entries_)
        made->push_back(known.get());
    index_.store(made.get(), std::memory_order_release);
    indexes_.push_back(std::move(made));
}

}  // namespace rondo
