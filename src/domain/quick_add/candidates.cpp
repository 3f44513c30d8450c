#include "domain/quick_add/candidates.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include "domain/quick_add/phrases/marks.hpp"
#include "domain/quick_add/phrases/rules.hpp"

namespace rondo::quick {

namespace {

std::optional<task_priority> priority_in(std::string_view key) {
    static constexpr std::pair<std::string_view, task_priority> names[] = {
        {"!urgent", task_priority::urgent}, {"!high", task_priority::high}, {"!medium", task_priority::medium},
        {"!low", task_priority::low},       {"!1", task_priority::urgent},  {"!2", task_priority::high},
        {"!3", task_priority::medium},      {"!4", task_priority::low},     {"p1", task_priority::urgent},
        {"p2", task_priority::high},        {"p3", task_priority::medium},  {"p4", task_priority::low}};
    if (key.size() < 2 || (key[0] != '!' && key[0] != 'p'))
        return std::nullopt;
    for (const auto& [name, value] : names)
        if (key == name)
            return value;
    return std::nullopt;
}

/// Finds every phrase that could be read, from left to right.
class scan {
public:
    scan(const std::vector<word>& words, const context& when) : words_{words}, when_{when}, stops_(words.size()) {
        for (std::size_t i = words.size(); i-- > 0;)
            stops_[i] = words[i].ends_phrase || i + 1 == words.size() ? i + 1 : stops_[i + 1];
    }

    std::vector<candidate> run() && {
        found_.reserve(8);
        for (std::size_t i = 0; i < words_.size();) {
            auto next = at(i);
            if (!next) {
                ++i;
                continue;
            }
            assert(next->end > i && next->end <= words_.size());
            i = next->end;
            found_.push_back(*std::move(next));
        }
        return std::move(found_);
    }

private:
    std::optional<candidate> at(std::size_t i) {
        const word& first = words_[i];
        if (!first.tag.empty())
            return tag_at(i);
        if (first.key.empty())
            return std::nullopt;
        if (const auto named = priority_in(first.key)) {
            const bool leads = i == 0 && first.text[0] == 'p';
            return candidate{.begin = i,
                             .end = i + 1,
                             .as = quick_kind::priority,
                             .slots = priority_slot,
                             .says = *named,
                             .counts = first.key[0] == '!' || leads ? condition::always : condition::before_end};
        }
        const bool is_after_every = i > 0 && is_strict_every(i - 1);
        constexpr std::uint32_t no_begin = link_mark | thing_mark | common_mark;
        if ((first.marks & ~no_begin) == 0 && !is_after_every)
            return std::nullopt;
        const phrase words{words_.data() + i, stops_[i] - i};
        if (!is_after_every && begins_nothing(words))
            return std::nullopt;
        const std::string_view before = i > 0 ? std::string_view{words_[i - 1].key} : std::string_view{};
        if (auto repeated = repeat_at(i, words, before))
            return repeated;
        if ((first.marks & every_mark) == 0)
            if (auto found = day_or_time_at(i, words, before))
                return found;
        auto said = unheld_in(words, when_);
        return said.words != 0 ? std::optional{known(i, std::move(said))} : std::nullopt;
    }

    /// A word such as "on" or "a" before one that is of no time, a bare number before another or before what it counts: most
    /// words that could begin a phrase do not, and what follows tells so at once.
    static bool begins_nothing(phrase words) {
        constexpr std::uint32_t no_content = link_mark | thing_mark | common_mark | begin_mark | change_mark;
        const std::uint32_t next = marks_at(words, 1);
        const std::string_view key = words[0].key;
        // "on the", "at about", but no "on in"
        if (is_one_of(key, "on", "in", "to", "at", "the", "by", "for", "from", "after", "before") && next != 0 &&
            (next & ~no_content) == 0 &&
            !is_one_of(key_of(words, 1), "the", "a", "an", "about", "around", "mid", "early", "late", "end", "start",
                       "beginning", "now", "done", "completion", "completing", "completed", "schedule", "business",
                       "working", "work", "another"))
            return true;
        if ((words[0].marks & ~no_content) == 0)
            return next == 0 || (is_one_of(key, "a", "an") && (next & ~no_content) == 0);
        const auto is_in_digits = [](std::string_view word) { return word[0] >= '0' && word[0] <= '9'; };
        return words[0].marks == number_mark && key.size() <= 2 && is_in_digits(key) &&
               (next == 0 || (next == number_mark && is_in_digits(words[1].key)));
    }

    std::optional<candidate> tag_at(std::size_t i) {
        const std::string& name = words_[i].tag;
        if (std::ranges::find(tags_, name) == tags_.end()) {
            if (tags_.size() == tags_per_task_max)
                return std::nullopt;
            tags_.push_back(name);
        }
        return candidate{.begin = i, .end = i + 1, .as = quick_kind::tag, .slots = no_slot, .says = tag_name{name}};
    }

    std::optional<candidate> repeat_at(std::size_t i, phrase words, std::string_view before) {
        const bool is_after_every = i > 0 && is_strict_every(i - 1);
        if (is_strict_every(i) && repeat_in(words.subspan(1), true, before, when_).words != 0)
            return candidate{.begin = i,
                             .end = i + 1,
                             .as = quick_kind::mode,
                             .slots = mode_slot,
                             .says = repeat_mode::after_completion,
                             .counts = condition::before_repeat};
        constexpr std::uint32_t of_repeat =
            every_mark | adverb_mark | weekday_mark | parts_mark | place_mark | ordinal_mark | unit_mark;
        const bool may_repeat =
            is_after_every || (words[0].marks & of_repeat) != 0 || (marks_at(words, 1) & of_repeat) != 0 ||
            is_one_of(words[0].key, "on", "in", "by", "at", "due", "the", "end", "start", "beginning");
        if (auto said = may_repeat ? repeat_in(words, is_after_every, before, when_) : said_repeat{}; said.words != 0) {
            const bool is_every = is_one_of(key_of(words, 0), "every", "each");
            if (is_every && is_one_of(before, "before", "after", "since", "not", "except", "but"))
                return known(
                    i, {.words = said.words, .why = "Rondo does not count from a repeat: name the days themselves"});
            if (!is_every && !is_after_every && moves_something())
                return std::nullopt;
            return candidate{.begin = i,
                             .end = i + said.words,
                             .as = quick_kind::repeat,
                             .slots = repeat_slot | (said.part ? part_slot : 0u),
                             .says = said,
                             .counts = said.counts};
        }
        if (const auto said = mode_in(words); said.words != 0)
            return candidate{.begin = i,
                             .end = i + said.words,
                             .as = quick_kind::mode,
                             .slots = mode_slot,
                             .says = said.mode,
                             .only_repeating = true};
        const bool after_start =
            is_behind_read(i) && i > 0 && found_.back().only_repeating && found_.back().as == quick_kind::date;
        if (const auto said = limit_in(words, is_behind_read(i), after_start, when_); said.words != 0)
            return candidate{.begin = i,
                             .end = i + said.words,
                             .as = quick_kind::until,
                             .slots = limit_slot,
                             .says = said,
                             .only_repeating = true};
        return std::nullopt;
    }

    std::optional<candidate> day_or_time_at(std::size_t i, phrase words, std::string_view before) {
        if (auto said = day_in(words, before, when_); said.words != 0) {
            const bool is_behind_time =
                i > 0 && !found_.empty() && found_.back().end == i && found_.back().as == quick_kind::time;
            if (said.counts == condition::before_time && is_behind_time)
                said.counts = condition::before_end;  // "at 5pm 27th"
            return candidate{.begin = i,
                             .end = i + said.words,
                             .as = quick_kind::date,
                             .slots = day_slot | (said.part ? part_slot : 0u) | (said.clock ? clock_slot : 0u),
                             .says = said,
                             .counts = said.counts,
                             .only_repeating = said.only_repeating};
        }
        const bool behind = is_behind_read(i);
        const auto is_behind = [&](quick_kind kind) { return behind && i > 0 && found_.back().as == kind; };
        const bool after_repeat = is_behind(quick_kind::repeat);
        const place where{before, behind, after_repeat || is_behind(quick_kind::date), after_repeat};
        if (auto said = time_in(words, where, when_); said.words != 0) {
            if (said.counts == condition::before_end_or_link && i > 0 && leads_line(i))
                said.counts = condition::always;  // "tomorrow at 9 call mum"
            return candidate{.begin = i,
                             .end = i + said.words,
                             .as = quick_kind::time,
                             .slots = said.moment ? day_slot | clock_slot | part_slot
                                                  : (said.clock ? clock_slot : 0u) | (said.part ? part_slot : 0u),
                             .says = said,
                             .counts = said.counts};
        }
        return std::nullopt;
    }

    /// Whether all words before it may be read, a day or a repeat among them.
    bool leads_line(std::size_t i) const {
        constexpr std::size_t most = 8;  // a line begins with few
        if (found_.size() > most)
            return false;
        std::size_t end = 0;
        bool has_day = false;
        for (const candidate& one : found_) {
            if (one.begin != end || one.is_unheld())
                return false;
            end = one.end;
            has_day = has_day || one.as == quick_kind::date || one.as == quick_kind::repeat;
        }
        return end == i && has_day;
    }

    static candidate known(std::size_t i, unheld said) {
        const std::size_t end = i + said.words;
        return {.begin = i, .end = end, .as = quick_kind::title, .slots = no_slot, .says = std::move(said)};
    }

    bool is_strict_every(std::size_t i) const { return is_one_of(words_[i].key, "every!", "each!"); }

    /// "Move gym monday to friday": the days are of what is moved.
    bool moves_something() const {
        return is_one_of(words_[0].key, "move", "shift", "postpone", "reschedule", "push", "change", "delay", "bring",
                         "swap");
    }

    /// At the line's begin, or right behind what may be read, in the same phrase.
    bool is_behind_read(std::size_t i) const {
        return i == 0 || (!found_.empty() && found_.back().end == i && !words_[i - 1].ends_phrase);
    }

    const std::vector<word>& words_;
    const context& when_;
    std::vector<std::size_t> stops_;  ///< where the phrase that a word is in ends
    std::vector<candidate> found_;
    std::vector<std::string> tags_;
};

}  // namespace

std::vector<candidate> find_candidates(const std::vector<word>& words, const context& when) {
    return scan{words, when}.run();
}

}  // namespace rondo::quick
