#include "domain/quick_add/halves.hpp"

#include "domain/quick_add/phrases/dates.hpp"
#include "domain/quick_add/phrases/marks.hpp"

namespace rondo::quick {

namespace {

/// More words than these join nothing.
constexpr int links_max = 3;

constexpr std::uint32_t strong_marks = weekday_mark | month_mark | clock_mark | digits_mark | length_mark | day_mark |
                                       parts_mark | adverb_mark | holiday_mark;

/// Joins two times to a third thing, a list or a range: what was read at its sides is not all of it.
bool makes_one_of_two(std::string_view key) {
    return is_one_of(key, "and", "or", "&", "+", "but", "then", "not", "except", "excluding", "without", "to", "until",
                     "till", "before", "after", "since", "through", "between", "per", "either", "both");
}

/// "5th floor", "30th birthday"
bool takes_ordinal(std::string_view key) {
    return is_one_of(key, "floor", "avenue", "ave", "street", "st", "grade", "grader", "graders", "anniversary",
                     "birthday", "edition", "century", "time", "try", "attempt", "place", "draft", "version", "round",
                     "row", "class", "person", "chapter", "item", "step", "page", "symphony", "amendment", "gear");
}

}  // namespace

time_words::time_words(const std::vector<word>& words, const std::vector<candidate>& found)
    : words_{words}, found_{found}, owners_(words.size()) {
    for (std::size_t i = 0; i < found.size(); ++i)
        for (std::size_t at = found[i].begin; at < found[i].end; ++at)
            owners_[at] = static_cast<std::uint32_t>(i + 1);
}

const candidate* time_words::of(std::size_t i) const {
    return i < owners_.size() && owners_[i] != 0 ? &found_[owners_[i] - 1] : nullptr;
}

bool time_words::is_read(std::size_t i) const {
    const candidate* owner = of(i);
    return owner != nullptr && owner->is_read && owner->is_of_time();
}

/// Read, or it would have been.
bool time_words::is_phrase(std::size_t i) const {
    const candidate* owner = of(i);
    return owner != nullptr && owner->is_of_time() && (owner->is_read || owner->is_taken_back);
}

/// Tags and priorities may stand between.
bool time_words::is_passed_over(std::size_t i) const {
    const candidate* owner = of(i);
    return owner != nullptr && owner->is_read && !owner->is_of_time() && !owner->is_unheld();
}

/// A word that is neither of a time nor joins two, so that a number before it counts it: "5 apples".
bool time_words::is_ordinary(std::size_t i) const {
    return i < words_.size() && i > 0 && !words_[i - 1].ends_phrase && words_[i].marks == 0 && !is_read(i) &&
           !is_passed_over(i);
}

bool time_words::is_left_number(std::size_t i) const {
    const std::string_view prior = before(i);
    const bool is_more = is_one_of(key(i + 1), "more", "full", "whole", "long", "consecutive", "straight", "and");
    const bool counts_time = (marks(i + 1) & (unit_mark | clock_mark)) != 0 || key(i + 1) == "times" ||
                             (is_more && (marks(i + 2) & unit_mark) != 0);
    if (i > 0 && (marks(i - 1) & thing_mark) != 0 && !counts_time)
        return false;  // "chapter 5"
    if (key(i) == "one")
        return counts_time || is_one_of(key(i + 1), "past", "to", "after", "before");
    if (prior == "for")
        return counts_time;  // a table "for 4"
    const bool joined = is_one_of(prior, "to", "and", "&", "+", "or", "in", "of", "plus", "the");
    return !joined || !is_ordinary(i + 1);  // "and 5 apples"
}

bool time_words::is_left_unit(std::size_t i) const {
    if (key(i) == "quarter" && is_one_of(key(i + 1), "to", "past", "after", "before", "til", "till"))
        return true;
    if (i == 0)
        return false;
    if (is_one_of(before(i), "the") && is_one_of(key(i + 1), "after", "before") && i > 1)
        return is_one_of(before(i, 2), "or", "and", "&");  // "next week or the week after"
    if (is_phrase(i - 1))
        return is_one_of(key(i), "week", "weeks", "fortnight", "month", "weekend", "year");  // "friday week"
    if (is_one_of(key(i), "week", "fortnight") && (is_phrase(i + 1) || (marks(i + 1) & weekday_mark) != 0))
        return !is_one_of(before(i), "the", "my", "our", "your", "his", "her", "their", "work", "whole");
    return (marks(i - 1) & (number_mark | fraction_mark | every_mark | holiday_mark)) != 0 ||
           (is_one_of(before(i), "some", "any") && is_phrase(i + 1)) ||
           is_one_of(before(i), "a", "an", "this", "next", "last", "coming", "following", "of", "other", "per");
}

bool time_words::is_left_every(std::size_t i) const {
    constexpr std::uint32_t of_time = weekday_mark | month_mark | number_mark | ordinal_mark | place_mark | unit_mark |
                                      part_mark | parts_mark | day_mark | adverb_mark | holiday_mark | fraction_mark |
                                      digits_mark | length_mark | clock_mark;
    while (is_passed_over(i + 1))
        ++i;
    return (marks(i + 1) & of_time) != 0 || is_phrase(i + 1) ||
           is_one_of(key(i + 1), "other", "alternate", "single", "so", "now", "once");
}

/// "second friday", "last day of", "first of march"
bool time_words::is_left_place(std::size_t i) const {
    const std::size_t next = key(i + 1) == "to" && key(i + 2) == "last" ? i + 3 : i + 1;
    if ((marks(next) & (weekday_mark | month_mark | unit_mark)) != 0 && !is_one_of(key(i), "this", "past"))
        return true;
    if (before(i) == "the" && is_one_of(before(i, 2), "but", "except", "excluding") && i > 2 && is_phrase(i - 3))
        return true;  // "every monday except the first"
    if (is_one_of(key(i), "next", "this") && is_phrase(i + 1) && is_one_of(key(i + 1), "next", "this"))
        return true;
    const bool has_the = is_one_of(key(i + 2), "the", "next", "this");
    return key(i + 1) == "of" && (marks(i + (has_the ? 3 : 2)) & (month_mark | unit_mark)) != 0;
}

/// "end of every quarter", "every quarter end", "later this week", "this time tomorrow", "10 times every monday"
bool time_words::is_left_change(std::size_t i) const {
    const std::string_view word = key(i);
    const bool has_phrase_before = i > 0 && is_phrase(i - 1) && !words_[i - 1].ends_phrase;
    const bool ends = i + 1 == words_.size() || words_[i].ends_phrase;
    if (is_one_of(word, "end", "ends", "start", "beginning", "middle"))
        return (key(i + 1) == "of" && is_phrase(i + 2)) ||
               (has_phrase_before && (marks(i - 1) & unit_mark) != 0 && (of(i - 1)->slots & repeat_slot) != 0);
    if (is_one_of(word, "to", "past"))  // "at five to"
        return ends && has_phrase_before && (marks(i - 1) & number_mark) != 0;
    if (is_one_of(word, "onward", "onwards"))
        return has_phrase_before;
    if (word == "latest")  // "friday at the latest"
        return has_phrase_before || (before(i) == "the" && before(i, 2) == "at" && i > 2 && is_phrase(i - 3));
    if (!is_phrase(i + 1) || words_[i].ends_phrase)
        return false;
    if (word == "time")
        return is_one_of(before(i), "this", "same", "any");
    if (is_one_of(word, "either", "both"))
        return (of(i + 1)->slots & repeat_slot) != 0;
    if (word == "times")
        return i > 0 && (marks(i - 1) & number_mark) != 0 && (of(i + 1)->slots & repeat_slot) != 0;
    if (is_one_of(word, "bi", "semi"))
        return (marks(i + 1) & adverb_mark) != 0;
    return is_one_of(word, "later", "sometime", "not", "around", "about", "approx", "approximately", "roughly", "circa",
                     "ca", "almost", "nearly");
}

bool time_words::is_left_ordinal(std::size_t i) const {
    return words_[i].ends_phrase || !takes_ordinal(key(i + 1));
}

/// A weekday, a month, a clock and the like, but for the everyday words that are written so as well.
bool time_words::is_left_name(std::size_t i) const {
    const std::uint32_t found = marks(i);
    if ((found & strong_marks) == 0)
        return false;
    if (i > 0 && (found & digits_mark) != 0 && (marks(i - 1) & thing_mark) != 0)
        return false;  // "version 9.30"
    if ((found & (holiday_mark | common_mark)) == holiday_mark) {  // "at christmas", but "Easter brunch every friday"
        const candidate* next = of(i + 1);
        return (i > 0 && ((marks(i - 1) & link_mark) != 0 || is_phrase(i - 1))) ||
               (next != nullptr && next->as == quick_kind::time && is_phrase(i + 1));
    }
    if ((found & common_mark) == 0)
        return true;
    if ((found & clock_mark) != 0)  // "am"
        return i > 0 && (marks(i - 1) & number_mark) != 0;
    if ((found & day_mark) != 0)  // "Tod"
        return !words_[i].is_name;
    if ((found & adverb_mark) != 0)  // "twice"
        return is_one_of(key(i + 1), "a", "an", "per", "each", "every") || (marks(i + 1) & adverb_mark) != 0 ||
               (key(i + 1) == "in" && is_phrase(i + 1)) ||
               ((key(i) != "once" || i + 1 == words_.size()) && i > 0 && is_phrase(i - 1) &&
                (of(i - 1)->slots & repeat_slot) != 0);
    if ((found & holiday_mark) != 0)  // "summer"
        return is_one_of(before(i), "next", "this", "in", "every", "each", "last", "until", "till", "by", "from",
                         "during", "over", "throughout", "starting", "beginning", "since", "year's", "years") ||
               (i > 0 && (marks(i - 1) & holiday_mark) != 0);
    // "Call Jan may 5": who is called is no month, since the date has its own.
    const bool is_called = is_one_of(before(i), "call", "email", "ask", "tell", "text", "meet", "visit", "message");
    const bool is_person = is_one_of(key(i), "jan", "april", "may", "june", "august");
    return !(is_called && is_person && is_phrase(i + 1) && (marks(i + 1) & month_mark) != 0);
}

bool time_words::is_left(std::size_t i) const {
    if (const candidate* owner = of(i); owner != nullptr && (owner->is_taken_back || owner->is_unheld()))
        return true;
    const std::uint32_t found = marks(i);
    if (found == 0)
        return false;
    if (is_left_name(i))
        return true;
    if ((found & number_mark) != 0)
        return is_left_number(i);
    if ((found & ordinal_mark) != 0)
        return is_left_ordinal(i);
    if ((found & every_mark) != 0)
        return is_left_every(i);
    if ((found & place_mark) != 0 && is_left_place(i))
        return true;
    if ((found & change_mark) != 0 && is_left_change(i))
        return true;
    if ((found & part_mark) != 0)  // "friday night", "mid morning", "morning and evening"
        return (i > 1 && is_one_of(before(i), "mid", "early", "late") && is_phrase(i - 2)) ||
               (of(i) != nullptr && of(i)->as == quick_kind::time) ||
               (i > 0 && (is_phrase(i - 1) || (marks(i - 1) & every_mark) != 0)) ||
               (i > 1 && is_one_of(before(i), "and", "or", "&") &&
                (is_phrase(i - 2) || (marks(i - 2) & part_mark) != 0)) ||
               (is_one_of(key(i + 1), "and", "or", "&") && (marks(i + 2) & part_mark) != 0);
    if (is_one_of(key(i), "so", "thereabouts"))  // "every month or so"
        return i > 1 && before(i) == "or" && is_phrase(i - 2);
    if ((found & unit_mark) != 0 && is_left_unit(i))
        return true;
    if ((found & zone_mark) != 0)
        return i > 0 && (marks(i - 1) & (clock_mark | number_mark)) != 0;
    if ((found & fraction_mark) == 0)
        return false;
    if (key(i) == "half")
        return (marks(i + 1) & number_mark) != 0 || (before(i) == "a" && is_one_of(before(i, 2), "and", "&")) ||
               key(i + 1) == "past" || (marks(i + 1) & unit_mark) != 0 ||
               (is_one_of(key(i + 1), "a", "an") && (marks(i + 2) & unit_mark) != 0);
    return (marks(i + 1) & unit_mark) != 0 || (key(i + 1) == "of" && (marks(i + 2) & unit_mark) != 0);
}

/// A number and the like: behind the end of a sentence it belongs to the next one.
bool time_words::is_weak(std::size_t i) const {
    const candidate* owner = of(i);
    return (owner == nullptr || !(owner->is_of_time() || owner->is_unheld())) &&
           (marks(i) & (strong_marks | every_mark)) == 0;
}

std::vector<run> time_words::runs() const {
    std::vector<run> found;
    std::size_t last = 0;  // one behind the last word of the run
    int links = 0;
    bool is_open = false;
    bool is_split = false;
    for (std::size_t i = 0; i < words_.size(); ++i) {
        const bool read = is_read(i);
        const bool left = !read && !is_passed_over(i) && is_left(i);
        if (!read && !left) {
            const bool joins = (marks(i) & link_mark) != 0;
            links += joins ? 1 : 0;
            is_split = is_split || makes_one_of_two(key(i));
            is_open = is_open && (joins || is_passed_over(i)) && links <= links_max;
            continue;
        }
        if (is_open && i > 0 && words_[i - 1].ends_phrase && (is_weak(i) || is_weak(last - 1)))
            is_open = false;
        if (!is_open)
            found.push_back({.begin = i, .end = i + 1, .has_read = false, .has_left = false});
        run& now = found.back();
        now.has_left = now.has_left || (is_open && is_split && last > now.begin);
        now.end = last = i + 1;
        now.has_read = now.has_read || read;
        now.has_left = now.has_left || left;
        is_open = true;
        is_split = false;
        links = 0;
    }
    return found;
}

std::size_t time_words::unread_day() const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
        if (is_read(i) || is_passed_over(i))
            continue;
        const candidate* owner = of(i);
        if (owner != nullptr && (owner->is_taken_back || owner->is_unheld()))
            return i;
        const std::uint32_t found = marks(i);
        if (found == 0)
            continue;
        if ((found & (weekday_mark | day_mark)) != 0 && (found & common_mark) == 0)
            return i;
        if ((found & month_mark) != 0)
            for (const std::size_t at : {i - 1, i + 1})
                if ((marks(at) & (number_mark | ordinal_mark)) != 0 && !is_read(at))
                    return i;
        if ((found & ordinal_mark) != 0 && is_left_ordinal(i))
            return i;
        if ((found & every_mark) != 0 && is_left_every(i))
            return i;
        if ((found & digits_mark) != 0 && digits_date_in({&words_[i], words_.size() - i}) && is_left_name(i))
            return i;
        if ((found & unit_mark) != 0 && is_one_of(before(i), "this", "next", "coming", "following"))
            return i;
        if (is_one_of(key(i), "q1", "q2", "q3", "q4"))
            return i;
    }
    return words_.size();
}

}  // namespace rondo::quick
