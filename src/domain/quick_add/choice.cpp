// Which of the phrases that could be read are read.

#include <algorithm>
#include <optional>
#include <utility>

#include "domain/quick_add/candidates.hpp"
#include "domain/quick_add/halves.hpp"
#include "domain/quick_add/phrases/marks.hpp"
#include "domain/quick_add/phrases/rules.hpp"

namespace rondo::quick {

namespace {

class choice {
public:
    choice(const std::vector<word>& words, std::vector<candidate>& found, const context& when)
        : words_{words}, found_{found}, when_{when}, time_words_{words, found} {}

    std::vector<unread_words> make() {
        do
            read_from_the_end();
        while (ban() || take_back_contradictions() || take_back_halves() || take_back_lone_time());
        return unread();
    }

private:
    void read_from_the_end() {
        unsigned taken = 0;
        const candidate* next = nullptr;
        for (std::size_t i = found_.size(); i-- > 0;) {
            candidate& one = found_[i];
            if (one.is_unheld())
                continue;
            const bool is_next_read = next != nullptr && next->is_read && next->begin == one.end;
            one.is_read = !one.is_banned && !one.is_taken_back && (one.slots & taken) == 0 &&
                          holds(one, is_next_read ? next : nullptr);
            if (one.is_read || one.is_taken_back)
                taken |= one.slots;
            next = &one;
        }
    }

    bool holds(const candidate& one, const candidate* next) const {
        static constexpr std::string_view links[] = {"about", "for", "with", "to",    "and",    "or",
                                                     "in",    "on",  "by",   "at",    "before", "after",
                                                     "from",  "re",  "then", "sharp", "-",      "–"};
        const bool at_end = one.end == words_.size() || words_[one.end - 1].ends_phrase || next != nullptr;
        switch (one.counts) {
            case condition::always:
                return true;
            case condition::before_end:
                return at_end;
            case condition::before_end_or_link:
                return at_end || std::ranges::find(links, key_of(words_, one.end)) != std::end(links);
            case condition::before_time:
                return next != nullptr && next->as == quick_kind::time;
            case condition::before_repeat:
                return next != nullptr && next->as == quick_kind::repeat;
        }
        return false;
    }

    candidate* read_as(unsigned which) {
        const auto found =
            std::ranges::find_if(found_, [&](const candidate& one) { return one.is_read && (one.slots & which) != 0; });
        return found == found_.end() ? nullptr : &*found;
    }

    /// Takes back what cannot be together; whether there was any.
    bool ban() {
        const candidate* repeated = read_as(repeat_slot);
        if (repeated == nullptr) {
            bool any = false;
            for (candidate& one : found_)
                if (one.only_repeating && !one.is_banned) {
                    any = any || one.is_read;
                    one.is_banned = true;
                }
            return any;
        }
        const candidate* moded = read_as(mode_slot);
        candidate* limited = read_as(limit_slot);
        if (moded == nullptr || limited == nullptr ||
            std::get<repeat_mode>(moded->says) != repeat_mode::after_completion ||
            names_days(std::get<said_repeat>(repeated->says).rule))
            return false;
        // Counting needs a rule, and a rule has a schedule.
        if (std::holds_alternative<int>(std::get<said_limit>(limited->says).limit))
            return take_back(*limited, "Rondo counts only what repeats on fixed days: leave out the ! or the number");
        return false;
    }

    bool take_back(candidate& one, std::string why) {
        one.is_read = false;
        one.is_taken_back = true;
        if (why_.empty())
            why_ = std::move(why);
        return true;
    }

    /// "this morning at 3pm"; "every friday night at 1am", whose day is a Saturday.
    bool take_back_contradictions() {
        std::optional<clock_time> clock;
        std::optional<day_part> part;
        candidate* told = nullptr;
        for (candidate& one : found_) {
            if (!one.is_read)
                continue;
            if (const auto* day = std::get_if<said_day>(&one.says)) {
                clock = day->clock ? day->clock : clock;
                part = day->part ? day->part : part;
            } else if (const auto* time = std::get_if<said_time>(&one.says)) {
                clock = time->clock ? time->clock : clock;
                part = time->part ? time->part : part;
                told = time->clock ? &one : told;
            } else if (const auto* repeat = std::get_if<said_repeat>(&one.says)) {
                part = repeat->part ? repeat->part : part;
            }
        }
        if (take_back_vague_start() || take_back_other_weekday() || take_back_unclear_day() || take_back_early_end())
            return true;
        if (told == nullptr || !clock || !part)
            return false;
        if (contradict(*clock, *part))
            return take_back(*told, "The time does not fit the part of the day: leave one of them out");
        const candidate* repeated = read_as(repeat_slot);
        if (repeated == nullptr || *time_of_day(clock, part) < std::chrono::days{1} ||
            !names_days(std::get<said_repeat>(repeated->says).rule))
            return false;
        return take_back(*told, "In the night that time is of the next day: name that day, and leave out the night");
    }

    /// "every monday next month" may begin then, or be of that month alone.
    bool take_back_vague_start() {
        for (std::size_t i = 1; i < found_.size(); ++i) {
            candidate& one = found_[i];
            const candidate& before = found_[i - 1];
            if (one.is_read && one.as == quick_kind::date && one.end == one.begin + 2 && before.end == one.begin &&
                before.is_read && read_as(repeat_slot) != nullptr &&
                is_one_of(key_of(words_, one.begin), "next", "this") &&
                is_one_of(key_of(words_, one.begin + 1), "week", "month", "year"))
                return take_back(one, "Does it begin then? Write starting " + std::string{key_of(words_, one.begin)} +
                                          " " + std::string{key_of(words_, one.begin + 1)} + ", or until and its end");
        }
        return false;
    }

    /// "every 13th friday": the weekday is no day that the schedule has.
    bool take_back_other_weekday() {
        const candidate* repeated = read_as(repeat_slot);
        if (repeated == nullptr || !names_days(std::get<said_repeat>(repeated->says).rule))
            return false;
        for (candidate& one : found_)
            if (one.is_read && one.as == quick_kind::date && one.end == one.begin + 1 &&
                (words_[one.begin].marks & weekday_mark) != 0 &&
                (one.begin == repeated->end || one.end == repeated->begin))
                return take_back(one, "The repeat names its days: leave the weekday out, or write starting before it");
        return false;
    }

    bool has_month(const candidate& one) const {
        return std::any_of(words_.begin() + static_cast<std::ptrdiff_t>(one.begin),
                           words_.begin() + static_cast<std::ptrdiff_t>(one.end),
                           [](const word& at) { return (at.marks & month_mark) != 0; });
    }

    /// "every monday by march 5" may end or begin then; "every month on monday" does not tell which.
    bool take_back_unclear_day() {
        const candidate* repeated = read_as(repeat_slot);
        if (repeated == nullptr)
            return false;
        const rrule& rule = std::get<said_repeat>(repeated->says).rule;
        const bool is_close = names_days(rule) || rule.freq == rrule::frequency::daily;
        for (candidate& one : found_) {
            if (!one.is_read || one.as != quick_kind::date)
                continue;
            const bool is_led = is_one_of(words_[one.begin].key, "on", "by");
            if (is_close && words_[one.begin].key == "by")
                return take_back(one, "Does it end then, or begin? Write until, or starting, before the day");
            const bool is_beside = one.begin == repeated->end || one.end == repeated->begin;
            if (!names_days(rule) && rule.freq <= rrule::frequency::weekly && is_beside && !one.only_repeating &&
                (words_[one.end - 1].marks & ordinal_mark) != 0 && !has_month(one))
                return take_back(one,
                                 "A day of the month comes every month: write every month, or starting before the day");
            if (!is_close && rule.freq >= rrule::frequency::monthly && one.end == one.begin + (is_led ? 2u : 1u) &&
                (words_[one.end - 1].marks & weekday_mark) != 0 && is_beside)
                return take_back(one, "Which of them? Write every first " + words_[one.end - 1].key +
                                          ", or starting before the weekday");
        }
        return false;
    }

    /// "every monday till friday", on a Wednesday: over before it begins.
    bool take_back_early_end() {
        const candidate* repeated = read_as(repeat_slot);
        candidate* limited = read_as(limit_slot);
        if (repeated == nullptr || limited == nullptr)
            return false;
        const auto* last = std::get_if<std::chrono::local_days>(&std::get<said_limit>(limited->says).limit);
        if (last == nullptr)
            return false;
        const candidate* begun = read_as(day_slot);
        const auto* day = begun != nullptr ? std::get_if<said_day>(&begun->says) : nullptr;
        const auto start = day != nullptr ? std::max(day->day, when_.today) : when_.today;
        const auto first = first_member(std::get<said_repeat>(repeated->says).rule, start, start, when_.zone);
        if (!first || std::chrono::floor<std::chrono::days>(*first) <= *last)
            return false;
        return take_back(*limited, "It would end before its first day: name a later one");
    }

    /// A run of words of time is read as a whole, or not.
    bool take_back_halves() {
        bool any = false;
        for (const run& one : time_words_.runs())
            if (one.has_read && one.has_left)
                for (candidate& part : found_)
                    if (part.is_read && part.is_of_time() && part.begin >= one.begin && part.end <= one.end)
                        any = part.is_taken_back = true;
        return any;
    }

    /// A time of day whose day was not read is none.
    bool take_back_lone_time() {
        if (read_as(day_slot) != nullptr || read_as(repeat_slot) != nullptr ||
            read_as(clock_slot | part_slot) == nullptr)
            return false;
        const std::size_t day = time_words_.unread_day();
        if (day == words_.size())
            return false;
        unread_day_ = day;
        for (candidate& one : found_)
            if (one.is_read && (one.slots & (clock_slot | part_slot)) != 0)
                one.is_taken_back = true;
        return true;
    }

    std::vector<unread_words> unread() const {
        std::vector<unread_words> told;
        if (std::ranges::none_of(found_, [](const candidate& one) { return one.is_of_time() || one.is_unheld(); }) &&
            std::ranges::none_of(words_, [](const word& one) {
                return (one.marks & (weekday_mark | month_mark | ordinal_mark | unit_mark | part_mark)) != 0;
            }))
            return told;
        for (const run& one : time_words_.runs()) {
            const tally counted{words_, one};
            // A weekday that is spoken of is named by the time that it has kept from being read.
            bool is_told = (unread_day_ && *unread_day_ >= one.begin && *unread_day_ < one.end &&
                            (words_[*unread_day_].marks & weekday_mark) == 0) ||
                           (!one.has_read && is_clear(one, counted));
            std::string why;
            for (std::size_t i = one.begin; i < one.end; ++i) {
                const candidate* owner = time_words_.of(i);
                if (owner == nullptr)
                    continue;
                is_told = is_told || owner->is_taken_back || owner->is_unheld() ||
                          (owner->as == quick_kind::date && (words_[i].marks & digits_mark) != 0 && !owner->is_read);
                if (const auto* known = std::get_if<unheld>(&owner->says); known != nullptr && why.empty())
                    why = known->why;
            }
            const std::size_t floor = told.empty() ? 0 : told.back().end;
            if (is_told)
                told.push_back(
                    {with_lead(one.begin, floor), one.end, why.empty() ? reason(one, counted) : std::move(why)});
        }
        return told;
    }

    /// What the words of a run may be.
    struct tally {
        int clocks = 0;
        int weekdays = 0;
        int days = 0;
        int months = 0;
        int repeats = 0;
        int ordinals = 0;
        int numbers = 0;
        int units = 0;
        int parts = 0;
        bool has_zone = false;
        bool has_length = false;

        tally(const std::vector<word>& words, const run& one) {
            for (std::size_t i = one.begin; i < one.end; ++i) {
                const std::uint32_t marks = words[i].marks;
                const auto count = [marks](std::uint32_t of) { return (marks & of) != 0 ? 1 : 0; };
                clocks += count(clock_mark);
                const bool is_range = words[i].key.find('-') != std::string::npos;
                weekdays += count(weekday_mark) * (is_range ? 2 : 1);
                days += count(day_mark) + (digits_date_in({&words[i], 1}) ? 1 : 0);
                months += count(month_mark);
                repeats += count(every_mark | adverb_mark);
                ordinals += count(ordinal_mark);
                numbers += count(number_mark | ordinal_mark);
                units += count(unit_mark);
                parts += count(part_mark);
                has_zone = has_zone || count(zone_mark) != 0;
                const bool is_counted = i > one.begin && (words[i - 1].marks & number_mark) != 0;
                const bool is_ahead =
                    i > 1 && is_one_of(words[i - 2].key, "in", "from", "every", "each", "next", "within", "every!");
                const bool is_one = i > 1 && words[i - 2].key == "and" && repeats > 0;
                has_length = has_length || count(length_mark) != 0 ||
                             (count(unit_mark) != 0 && is_counted && !is_ahead && !is_one);
            }
        }
    };

    /// Whether words of which none is read can only be of a day: "jul 3 - 10", "from monday to friday".
    bool is_clear(const run& one, const tally& counted) const {
        const bool at_end =
            one.end == words_.size() || words_[one.end - 1].ends_phrase || (words_[one.end].marks & link_mark) != 0;
        if (counted.months > 0 && counted.numbers > 0)
            return at_end;
        if (counted.units > 0 && counted.numbers > 1)
            return one.begin > 0 && words_[one.begin - 1].key == "in";
        if (counted.parts > 1 || (counted.repeats > 0 && counted.clocks > 0))
            return true;  // "morning and evening", "daily 8am/8pm"
        if (one.begin > 0 && words_[one.begin - 1].key == "at" && counted.numbers > 1 && at_end)
            return true;  // "at 8, 12 and 20"
        return counted.weekdays > 1 || counted.ordinals > 1 || (counted.weekdays > 0 && counted.numbers > 0);
    }

    /// Where words begin with those that lead to them: "in 2 days", "this week".
    std::size_t with_lead(std::size_t begin, std::size_t floor) const {
        if (const candidate* owner = time_words_.of(begin); owner != nullptr)
            begin = std::max(owner->begin, floor);
        for (int i = 0; i < 3 && begin > floor; ++i) {
            const word& before = words_[begin - 1];
            if (before.ends_phrase || time_words_.of(begin - 1) != nullptr ||
                !is_one_of(before.key, "this", "next", "a", "an", "in", "on", "by", "at", "from", "until", "till",
                           "before", "after", "end", "of", "the", "some", "any", "same", "either", "between", "every",
                           "each"))
                break;
            --begin;
        }
        return begin;
    }

    /// Without the punctuation behind it.
    std::string shown(std::size_t i) const {
        std::string text = words_[i].text;
        while (text.size() > 1 && std::string_view{",.;:!?"}.find(text.back()) != std::string_view::npos)
            text.pop_back();
        return "“" + text + "”";
    }

    std::string reason(const run& one, const tally& counted) const {
        if (!why_.empty())
            return why_;
        const bool has_day = counted.weekdays + counted.days + counted.months + counted.repeats > 0;
        if (unread_day_ && !has_day && (*unread_day_ < one.begin || *unread_day_ >= one.end))
            return "Its day may be " + shown(*unread_day_) +
                   ", which was not read: write the day beside the time, or put words that are no day in quotes";
        if (counted.has_zone)
            return "Times are read in the zone of the task: leave the zone out, or choose it for the task";
        if (one.end == one.begin + 1 && (words_[one.begin].marks & digits_mark) != 0)
            return "Write on " + words_[one.begin].text + ", or put it at the end";
        if (counted.has_length)
            return "Rondo keeps no lengths of time: leave it out, or put it in quotes";
        if (counted.repeats > 1)
            return "A task has one repeat: leave one out, or add a task for each";
        if (counted.weekdays > 1 || counted.months > 1 || counted.days > 1 || counted.ordinals > 1 ||
            (counted.days > 0 && counted.weekdays + counted.months > 0))
            return "A task has one day: name one, or write every before days that repeat";
        if (counted.weekdays > 0 && counted.months > 0 && counted.repeats == 0)
            return "The weekday and the date are two days: leave one of them out";
        if (counted.clocks > 1)
            return "A task has one time of day: leave one out, or add a task for each";
        for (std::size_t i = one.begin; i < one.end; ++i)
            if ((words_[i].marks & (number_mark | ordinal_mark | digits_mark)) != 0 && time_words_.of(i) == nullptr)
                return "What is " + shown(i) +
                       " here? Write a day as 20 march, a time as 8pm, or put a number that is neither in quotes";
        return "Rondo does not read this as a whole: name one day and one time, or put words that are neither in "
               "quotes";
    }

    const std::vector<word>& words_;
    std::vector<candidate>& found_;
    const context& when_;
    time_words time_words_;
    std::string why_;
    std::optional<std::size_t> unread_day_;
};

}  // namespace

std::vector<unread_words> choose(const std::vector<word>& words, std::vector<candidate>& found, const context& when) {
    return choice{words, found, when}.make();
}

}  // namespace rondo::quick
