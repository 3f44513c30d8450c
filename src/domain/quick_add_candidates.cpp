#include "domain/quick_add_candidates.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "domain/quick_add_rules.hpp"

namespace rondo::quick {

namespace {

std::optional<task_priority> priority_in(std::string_view key) {
    static constexpr std::pair<std::string_view, task_priority> names[] = {
        {"!urgent", task_priority::urgent}, {"!high", task_priority::high}, {"!medium", task_priority::medium},
        {"!low", task_priority::low},       {"!1", task_priority::urgent},  {"!2", task_priority::high},
        {"!3", task_priority::medium},      {"!4", task_priority::low},     {"p1", task_priority::urgent},
        {"p2", task_priority::high},        {"p3", task_priority::medium},  {"p4", task_priority::low}};
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
        for (std::size_t i = 0; i < words_.size();) {
            auto next = at(i);
            if (!next) {
                ++i;
                continue;
            }
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
        const phrase words{words_.data() + i, stops_[i] - i};
        if (auto repeated = repeat_at(i, words))
            return repeated;
        return day_or_time_at(i, words);
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

    std::optional<candidate> repeat_at(std::size_t i, phrase words) {
        const bool is_after_every = i > 0 && is_every(i - 1);
        if (is_every(i) && repeat_in(words.subspan(1), true, when_).words != 0)
            return candidate{.begin = i,
                             .end = i + 1,
                             .as = quick_kind::mode,
                             .slots = mode_slot,
                             .says = repeat_mode::after_completion,
                             .counts = condition::before_repeat};
        if (auto said = repeat_in(words, is_after_every, when_); said.words != 0)
            return candidate{.begin = i,
                             .end = i + said.words,
                             .as = quick_kind::repeat,
                             .slots = repeat_slot | (said.part ? part_slot : 0u),
                             .says = said,
                             .counts = said.counts};
        if (const auto said = mode_in(words); said.words != 0)
            return candidate{.begin = i,
                             .end = i + said.words,
                             .as = quick_kind::mode,
                             .slots = mode_slot,
                             .says = said.mode,
                             .only_repeating = true};
        if (const auto said = limit_in(words, is_behind_read(i), when_); said.words != 0)
            return candidate{.begin = i,
                             .end = i + said.words,
                             .as = quick_kind::until,
                             .slots = limit_slot,
                             .says = said,
                             .only_repeating = true};
        return std::nullopt;
    }

    std::optional<candidate> day_or_time_at(std::size_t i, phrase words) {
        const std::string_view before = i > 0 ? std::string_view{words_[i - 1].key} : std::string_view{};
        if (const auto said = day_in(words, before, when_); said.words != 0)
            return candidate{.begin = i,
                             .end = i + said.words,
                             .as = quick_kind::date,
                             .slots = day_slot | (said.part ? part_slot : 0u) | (said.clock ? clock_slot : 0u),
                             .says = said,
                             .counts = said.counts,
                             .only_repeating = said.only_repeating};
        const bool behind = is_behind_read(i);
        const auto is_behind = [&](quick_kind kind) { return behind && i > 0 && found_.back().as == kind; };
        const bool after_repeat = is_behind(quick_kind::repeat);
        const place where{before, behind, after_repeat || is_behind(quick_kind::date), after_repeat};
        if (const auto said = time_in(words, where, when_); said.words != 0)
            return candidate{.begin = i,
                             .end = i + said.words,
                             .as = quick_kind::time,
                             .slots = said.moment ? day_slot | clock_slot | part_slot
                                                  : (said.clock ? clock_slot : 0u) | (said.part ? part_slot : 0u),
                             .says = said,
                             .counts = said.counts};
        return std::nullopt;
    }

    bool is_every(std::size_t i) const { return is_one_of(words_[i].key, "every!", "each!"); }

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

/// Decides which of the candidates are read.
class choice {
public:
    choice(const std::vector<word>& words, std::vector<candidate>& found, const context& when)
        : words_{words}, found_{found}, when_{when} {}

    void make() {
        do
            read_from_the_end();
        while (ban());
    }

private:
    void read_from_the_end() {
        unsigned taken = 0;
        const candidate* next = nullptr;
        for (std::size_t i = found_.size(); i-- > 0;) {
            candidate& one = found_[i];
            const bool is_next_read = next != nullptr && next->is_read && next->begin == one.end;
            one.is_read = !one.is_banned && (one.slots & taken) == 0 && holds(one, is_next_read ? next : nullptr);
            if (one.is_read)
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
                if (one.is_read && one.only_repeating)
                    any = one.is_banned = true;
            return any;
        }
        candidate* moded = read_as(mode_slot);
        candidate* limited = read_as(limit_slot);
        if (moded == nullptr || std::get<repeat_mode>(moded->says) != repeat_mode::after_completion)
            return false;
        // Counting and named days need a rule, and a rule has a schedule.
        if (limited != nullptr && std::holds_alternative<int>(std::get<said_limit>(limited->says).limit))
            return limited->is_banned = true;
        const auto fields = fields_of(std::get<said_repeat>(repeated->says).rule, when_.today);
        if (fields.type == recurring_type::custom && moded->counts != condition::before_repeat)
            return moded->is_banned = true;
        return false;
    }

    const std::vector<word>& words_;
    std::vector<candidate>& found_;
    const context& when_;
};

}  // namespace

std::vector<candidate> find_candidates(const std::vector<word>& words, const context& when) {
    return scan{words, when}.run();
}

void choose(const std::vector<word>& words, std::vector<candidate>& found, const context& when) {
    choice{words, found, when}.make();
}

}  // namespace rondo::quick
