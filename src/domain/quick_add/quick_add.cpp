#include "domain/quick_add/quick_add.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>
#include <utility>
#include <variant>

#include "domain/quick_add/candidates.hpp"
#include "domain/quick_add/phrases/rules.hpp"
#include "domain/words/describe.hpp"
#include "domain/words/english.hpp"

namespace rondo {

std::string_view to_string(quick_kind kind) {
    static constexpr std::array<std::string_view, 8> names{"title", "tag",    "priority", "date",
                                                           "time",  "repeat", "mode",     "until"};
    return names[static_cast<std::size_t>(kind)];
}

namespace {

using namespace quick;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::minutes;
using std::chrono::seconds;

std::string two_digits(std::int64_t value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

std::string time_text(seconds of_day) {
    const auto minute = std::chrono::duration_cast<minutes>(of_day).count() % (24 * 60);
    return two_digits(minute / 60) + ':' + two_digits(minute % 60);
}

/// Makes the fields and the parts out of what is read.
class assembly {
public:
    assembly(std::vector<word>& words, const std::vector<candidate>& found, const context& when)
        : words_{words}, found_{found}, when_{when} {}

    quick_add run(const std::vector<unread_words>& unread) && {
        for (const candidate& one : found_)
            if (one.is_read)
                std::visit([&](const auto& said) { take(said); }, one.says);
        set_due();
        set_repeat();
        for (const unread_words& one : unread) {
            const word& last = words_[one.end - 1];
            const std::size_t at = words_[one.begin].at;
            made_.unread.push_back({.at = at, .length = last.at + last.length - at, .why = one.why});
        }
        tidy_title();
        add_parts();
        return std::move(made_);
    }

private:
    void take(const tag_name& said) {
        if (std::ranges::find(made_.tags, said.name) == made_.tags.end())
            made_.tags.push_back(said.name);
    }
    void take(task_priority said) { made_.fields.priority = said; }
    void take(const said_day& said) {
        day_ = said.day;
        place_ = said.place;
        is_day_named_ = said.is_named;
        part_ = said.part ? said.part : part_;
        clock_ = said.clock ? said.clock : clock_;
    }
    void take(const said_time& said) {
        part_ = said.part ? said.part : part_;
        clock_ = said.clock ? said.clock : clock_;
        moment_ = said.moment;
    }
    void take(const said_repeat& said) {
        rule_ = said.rule;
        part_ = said.part ? said.part : part_;
    }
    void take(repeat_mode said) { mode_ = said; }
    void take(const said_limit& said) { limit_ = said; }
    void take(const unheld&) {}

    void set_due() {
        if (moment_) {
            day_ = floor<days>(*moment_);
            time_ = *moment_ - *day_;
        } else {
            time_ = time_of_day(clock_, part_);
        }
        if (rule_) {
            if (day_ && place_.value != 0)
                repeat_in_place(*rule_, *day_, place_);
            return set_first_due(*rule_);
        }
        if (!day_ && !time_)
            return;
        const bool is_today = day_ == when_.today;
        // Late in the evening, "tonight" is what is left of the day.
        if (is_today && !clock_ && part_ == day_part::night && when_.today + *time_ <= when_.now)
            time_.reset();
        if (!time_) {
            made_.fields.due_date = date_or_time{*day_};
            return;
        }
        // In the small hours, "tonight at 1am" is still to come.
        if (is_today && *time_ >= days{1} && when_.today + *time_ - days{1} > when_.now &&
            when_.now < when_.today + hours{5})
            *time_ -= days{1};
        local_seconds at = day_.value_or(when_.today) + *time_;
        const bool is_midnight = *time_ == seconds{0};
        if ((!day_ || (is_today && is_midnight && !moment_)) && at <= when_.now)
            at += days{1};
        made_.fields.due_date = date_or_time{at};
    }

    void set_first_due(const rrule& rule) {
        const local_days start_day = std::max(day_.value_or(when_.today), when_.today);
        const seconds time = time_.value_or(seconds{0}) % days{1};
        const local_seconds not_before = time_ ? when_.now : local_seconds{when_.today};
        const auto first = first_member(rule, start_day + time, not_before, when_.zone);
        assert(first);  // no schedule that is read is ever over, and none begins near the calendar's end
        first_day_ = floor<days>(*first);
        made_.fields.due_date = time_ ? date_or_time{*first} : date_or_time{first_day_};
    }

    void set_repeat() {
        if (!rule_)
            return;
        task_changes& fields = made_.fields;
        if (limit_ && std::holds_alternative<int>(limit_->limit))
            rule_->count = std::get<int>(limit_->limit);
        auto repeated = fields_of(*rule_, first_day_);
        fields.type = repeated.type;
        const bool is_custom = repeated.type == recurring_type::custom;
        if (is_custom)
            fields.rule = std::move(repeated.rule);
        else
            fields.interval = repeated.interval;
        const bool on_schedule =
            is_custom || names_days(*rule_) || (is_day_named_ && rule_->freq != rrule::frequency::daily);
        const auto usual = on_schedule ? repeat_mode::on_schedule : repeat_mode::after_completion;
        // A Monday comes back, whatever day it is done: the first after its completion.
        const bool has_days = is_custom || names_days(*rule_);
        const bool fits = mode_ && !(has_days && *mode_ == repeat_mode::after_completion);
        fields.mode = fits ? *mode_ : usual;
        if (const auto last = last_day())
            fields.end_date = date_or_time{*last};
    }

    std::optional<local_days> last_day() const {
        if (!limit_)
            return std::nullopt;
        if (const auto* last = std::get_if<local_days>(&limit_->limit))
            return *last;
        const auto* length = std::get_if<for_units>(&limit_->limit);
        const auto behind = length != nullptr ? later(first_day_, length->count, length->of) : std::nullopt;
        return behind ? std::optional{*behind - days{1}} : std::nullopt;
    }

    /// "Call mum, tomorrow" leaves no comma behind.
    void tidy_title() {
        if (words_.empty() || found_.empty() || !found_.back().is_read || found_.back().end != words_.size())
            return;
        std::size_t end = words_.size();
        for (std::size_t i = found_.size(); i > 0 && found_[i - 1].is_read && found_[i - 1].end == end; --i)
            end = found_[i - 1].begin;
        while (end > 0) {
            std::string& last = words_[end - 1].text;
            while (!last.empty() && std::string_view{",;:"}.find(last.back()) != std::string_view::npos)
                last.pop_back();
            if (!last.empty() && !is_one_of(last, "-", "–", "—"))
                return;
            last.clear();
            --end;
        }
    }

    void add_parts() {
        std::size_t i = 0;
        std::string title;
        for (const candidate& one : found_) {
            if (!one.is_read)
                continue;
            add_title(i, one.begin, title);
            add_part(one.begin, one.end, one.as,
                     std::visit([&](const auto& said) { return value_of(said); }, one.says));
            i = one.end;
        }
        add_title(i, words_.size(), title);
        made_.fields.title = std::move(title);
    }

    void add_title(std::size_t begin, std::size_t end, std::string& title) {
        if (begin == end)
            return;
        std::string joined;
        for (std::size_t i = begin; i < end; ++i)
            if (!words_[i].text.empty())
                joined += (joined.empty() ? "" : " ") + words_[i].text;
        if (!joined.empty())
            title += (title.empty() ? "" : " ") + joined;
        add_part(begin, end, quick_kind::title, std::move(joined));
    }

    void add_part(std::size_t begin, std::size_t end, quick_kind as, std::string value) {
        const std::size_t at = words_[begin].at;
        const word& last = words_[end - 1];
        made_.parts.push_back({.at = at, .length = last.at + last.length - at, .as = as, .value = std::move(value)});
    }

    local_days due_day() const {
        const date_or_time& due = **made_.fields.due_date;
        const auto* day = std::get_if<local_days>(&due);
        return day != nullptr ? *day : floor<days>(std::get<local_seconds>(due));
    }

    static std::string value_of(const unheld&) { return {}; }
    static std::string value_of(const tag_name& said) { return said.name; }
    static std::string value_of(task_priority said) { return std::string{to_string(said)}; }
    /// The day of the task, whatever a clock or a schedule has made of the day that was said.
    std::string value_of(const said_day& said) const {
        const bool is_whole = !said.part && !said.clock;
        return format_date(due_day()) + (is_whole || !time_ ? std::string{} : "T" + time_text(*time_));
    }
    std::string value_of(const said_time& said) const {
        return (said.moment ? format_date(floor<days>(*said.moment)) + "T" : std::string{}) +
               time_text(time_.value_or(seconds{0}));
    }
    std::string value_of(const said_repeat&) const {
        static constexpr std::array<std::string_view, 4> units{"day", "week", "month", "year"};
        if (!names_days(*rule_))
            return english::every(rule_->interval, units[static_cast<std::size_t>(rule_->freq)]);
        rrule endless = *rule_;
        endless.count.reset();
        return describe(endless, due{.wall = first_day_, .all_day = true}, when_.zone);
    }
    std::string value_of(repeat_mode) const { return std::string{to_string(**made_.fields.mode)}; }
    std::string value_of(const said_limit& said) const {
        if (const auto* times = std::get_if<int>(&said.limit))
            return std::to_string(*times) + " times";
        const auto last = last_day();
        return last ? format_date(*last) : std::string{};
    }

    std::vector<word>& words_;
    const std::vector<candidate>& found_;
    const context& when_;
    quick_add made_;

    std::optional<local_days> day_;
    place_in_month place_{};
    bool is_day_named_ = false;
    std::optional<clock_time> clock_;
    std::optional<day_part> part_;
    std::optional<local_seconds> moment_;
    std::optional<seconds> time_;
    std::optional<rrule> rule_;
    std::optional<repeat_mode> mode_;
    std::optional<said_limit> limit_;
    local_days first_day_{};
};

}  // namespace

quick_add read_quick_add(std::string_view line, local_seconds now, const time_zone& zone,
                         std::optional<date_order> order) {
    const context when{.now = now, .today = floor<days>(now), .zone = zone, .order = order};
    std::vector<word> words = split_words(line);
    std::vector<candidate> found = find_candidates(words, when);
    const std::vector<unread_words> unread = choose(words, found, when);
    return assembly{words, found, when}.run(unread);
}

}  // namespace rondo
