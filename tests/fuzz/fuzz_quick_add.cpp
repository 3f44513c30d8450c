// Whatever valid UTF-8 comes in, and however phrases are joined: the parts cover it once, in order; the fields make a task but
// for the title; what repeats has a rule that can be parsed and a day to begin on; no phrase is read by half, which is judged
// by words of its own and not by the parser's; the day that is told is the task's.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "api/wire/text.hpp"
#include "domain/quick_add/quick_add.hpp"
#include "domain/recurrence/rrule.hpp"
#include "domain/white_space.hpp"
#include "support/quick_add_halves.hpp"

namespace {

using namespace rondo;

void require(bool holds) {
    if (!holds)
        std::abort();
}

/// Whether there is nothing but white space.
bool is_blank(std::string_view text) {
    while (const std::size_t space = leading_space(text))
        text.remove_prefix(space);
    return text.empty();
}

void require_cover(std::string_view line, const quick_add& found) {
    std::size_t end = 0;
    for (const quick_part& part : found.parts) {
        require(part.at >= end && part.length > 0 && part.at + part.length <= line.size());
        require(is_blank(line.substr(end, part.at - end)));
        require(is_clean_text(line.substr(part.at, part.length)) && is_clean_text(part.value));
        end = part.at + part.length;
    }
    require(is_blank(line.substr(end)));
}

/// Phrases to be joined: what is read, what never is, and words that are only sometimes of a time.
constexpr auto phrases = std::to_array<std::string_view>({"today",
                                                          "tomorrow",
                                                          "tonight",
                                                          "monday",
                                                          "friday",
                                                          "fri",
                                                          "sat",
                                                          "sun",
                                                          "next friday",
                                                          "next week",
                                                          "this weekend",
                                                          "friday week",
                                                          "monday after next",
                                                          "a week from friday",
                                                          "a week tomorrow",
                                                          "in 2 weeks",
                                                          "in 3 days",
                                                          "in a fortnight",
                                                          "in 2 hours",
                                                          "in an hour and a half",
                                                          "jan 5",
                                                          "5 jan",
                                                          "march",
                                                          "may",
                                                          "2027",
                                                          "2027 march 18",
                                                          "2027-01-31",
                                                          "12/1",
                                                          "24/12/2026",
                                                          "24.12.",
                                                          "the 27th",
                                                          "27th",
                                                          "on the 1st",
                                                          "first of march",
                                                          "first monday of next month",
                                                          "last day of june",
                                                          "end of month",
                                                          "eoy",
                                                          "5",
                                                          "20",
                                                          "ten",
                                                          "half",
                                                          "1.5",
                                                          "9am",
                                                          "8pm",
                                                          "17:00",
                                                          "12:00 - 23:59",
                                                          "2pm-3pm",
                                                          "at 9",
                                                          "half past 8",
                                                          "quarter to 9",
                                                          "ten to five",
                                                          "noon",
                                                          "morning",
                                                          "night",
                                                          "in the evening",
                                                          "for 1h",
                                                          "for 5 weeks",
                                                          "every day",
                                                          "every! day",
                                                          "every monday",
                                                          "every mon, wed and fri",
                                                          "every 2 weeks",
                                                          "every friday the 13th",
                                                          "every week day",
                                                          "every fourth thursday of november",
                                                          "every month on the 1st",
                                                          "every 15th",
                                                          "every dec 24 and dec 31",
                                                          "every 8 hours",
                                                          "3x a day",
                                                          "twice a week",
                                                          "daily",
                                                          "weekly",
                                                          "fridays",
                                                          "weekdays",
                                                          "mon wed fri",
                                                          "mon-fri",
                                                          "every",
                                                          "each",
                                                          "but sunday",
                                                          "except weekends",
                                                          "in june",
                                                          "from june",
                                                          "until june",
                                                          "10 times",
                                                          "a week before",
                                                          "second",
                                                          "last",
                                                          "next",
                                                          "week",
                                                          "sometime",
                                                          "almost",
                                                          "roughly",
                                                          "onwards",
                                                          "end",
                                                          "as of",
                                                          "every week",
                                                          "every quarter",
                                                          "last monday of may",
                                                          "every year",
                                                          "this time",
                                                          "at the latest",
                                                          "call mum",
                                                          "apples",
                                                          "with Anna",
                                                          "#home",
                                                          "!high"});
constexpr auto joints = std::to_array<std::string_view>(
    {" ",       " ",     ", ",    " and ", " or ",     " & ",  "/",     "-",    " - ",
     " – ",     " to ",  " at ",  " on ",  " of ",     " in ", " the ", " by ", " from ",
     " until ", " but ", " for ", " not ", " before ", ". ",   ": "});

/// Bytes as a line: each two choose a phrase and what joins it to the next.
std::string joined(const std::uint8_t* data, std::size_t size) {
    std::string line;
    for (std::size_t i = 0; i + 1 < size && line.size() < quick_add_max; i += 2)
        line.append(phrases[data[i] % phrases.size()]).append(joints[data[i + 1] % joints.size()]);
    return line;
}

void require_sound(std::string_view line, std::optional<date_order> order) {
    const auto now = std::get<std::chrono::local_seconds>(*parse_date_or_time("2026-02-11T10:30"));
    const quick_add found = read_quick_add(line, now, {}, order);
    require_cover(line, found);
    require(found.tags.size() <= tags_per_task_max);
    require(found.fields.title && is_clean_text(*found.fields.title));
    require(test::half_of(line, found).empty());
    require(test::days_agree(found));
    std::size_t end = 0;
    for (const quick_unread& one : found.unread) {
        require(one.at >= end && one.length > 0 && one.at + one.length <= line.size() && !one.why.empty());
        require(is_clean_text(line.substr(one.at, one.length)) && is_clean_text(one.why));
        end = one.at + one.length;
    }

    task_changes fields = found.fields;
    fields.title = "title";
    const auto made = apply({}, fields, instant{std::chrono::milliseconds{1'770'800'000'000}});
    require(made.has_value());
    if (made->repeat.type != recurring_type::none)
        require(made->due.has_value());
    if (made->repeat.type == recurring_type::custom)
        require(parse_rrule(made->repeat.rule).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    static const std::array<std::optional<date_order>, 4> orders{std::nullopt, date_order_of("en-US"),
                                                                 date_order_of("de"), date_order_of("ja")};
    const auto order = orders[data[0] / 2 % orders.size()];
    if (data[0] % 2 == 0) {
        require_sound(joined(data + 1, size - 1), order);
        return 0;
    }
    const std::string_view line{reinterpret_cast<const char*>(data + 1), size - 1};
    // Control characters are refused before a line is read.
    const bool has_controls = std::ranges::any_of(line, [](unsigned char c) { return c < ' ' || c == 0x7f; });
    if (is_clean_text(line) && !has_controls)
        require_sound(line, order);
    return 0;
}
