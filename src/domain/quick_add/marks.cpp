#include "domain/quick_add/marks.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rondo::quick {

namespace {

using entry = std::pair<std::string_view, std::uint32_t>;

template <std::size_t N>
consteval std::array<entry, N> sorted(std::array<entry, N> entries) {
    std::ranges::sort(entries, {}, &entry::first);
    return entries;
}

constexpr std::uint32_t common_weekday = weekday_mark | common_mark;
constexpr std::uint32_t common_month = month_mark | common_mark;

constexpr auto vocabulary = sorted(std::to_array<entry>({
    {"monday", weekday_mark},
    {"tuesday", weekday_mark},
    {"wednesday", weekday_mark},
    {"thursday", weekday_mark},
    {"friday", weekday_mark},
    {"saturday", weekday_mark},
    {"sunday", weekday_mark},
    {"mondays", weekday_mark},
    {"tuesdays", weekday_mark},
    {"wednesdays", weekday_mark},
    {"thursdays", weekday_mark},
    {"fridays", weekday_mark},
    {"saturdays", weekday_mark},
    {"sundays", weekday_mark},
    {"mon", weekday_mark},
    {"tue", weekday_mark},
    {"tues", weekday_mark},
    {"weds", weekday_mark},
    {"thu", weekday_mark},
    {"thur", weekday_mark},
    {"thurs", weekday_mark},
    {"fri", weekday_mark},
    {"wed", common_weekday},
    {"sat", common_weekday},
    {"sun", common_weekday},
    {"weekday", unit_mark | weekday_mark},
    {"weekdays", weekday_mark},
    {"workday", weekday_mark},
    {"workdays", weekday_mark},
    {"weekend", unit_mark},
    {"weekends", weekday_mark},
    {"january", month_mark},
    {"february", month_mark},
    {"march", common_month},
    {"april", common_month},
    {"may", common_month},
    {"june", common_month},
    {"july", month_mark},
    {"august", common_month},
    {"september", month_mark},
    {"october", month_mark},
    {"november", month_mark},
    {"december", month_mark},
    {"jan", common_month},
    {"feb", month_mark},
    {"mar", common_month},
    {"apr", month_mark},
    {"jun", month_mark},
    {"jul", month_mark},
    {"aug", month_mark},
    {"sep", month_mark},
    {"sept", month_mark},
    {"oct", month_mark},
    {"nov", month_mark},
    {"dec", common_month},
    {"one", number_mark | common_mark},
    {"two", number_mark},
    {"three", number_mark},
    {"four", number_mark},
    {"five", number_mark},
    {"six", number_mark},
    {"seven", number_mark},
    {"eight", number_mark},
    {"nine", number_mark},
    {"ten", number_mark},
    {"eleven", number_mark},
    {"twelve", number_mark},
    {"thirteen", number_mark},
    {"fourteen", number_mark},
    {"fifteen", number_mark},
    {"sixteen", number_mark},
    {"seventeen", number_mark},
    {"eighteen", number_mark},
    {"nineteen", number_mark},
    {"twenty", number_mark},
    {"thirty", number_mark},
    {"forty", number_mark},
    {"fifty", number_mark},
    {"sixty", number_mark},
    {"ninety", number_mark},
    {"hundred", number_mark},
    {"first", place_mark},
    {"second", place_mark},
    {"third", place_mark},
    {"fourth", place_mark},
    {"fifth", place_mark},
    {"sixth", place_mark},
    {"seventh", place_mark},
    {"eighth", place_mark},
    {"ninth", place_mark},
    {"tenth", place_mark},
    {"eleventh", place_mark},
    {"twelfth", place_mark},
    {"thirteenth", place_mark},
    {"fourteenth", place_mark},
    {"fifteenth", place_mark},
    {"sixteenth", place_mark},
    {"seventeenth", place_mark},
    {"eighteenth", place_mark},
    {"nineteenth", place_mark},
    {"twentieth", place_mark},
    {"thirtieth", place_mark},
    {"penultimate", place_mark},
    {"last", place_mark | link_mark | begin_mark},
    {"next", place_mark | link_mark | begin_mark},
    {"this", place_mark | link_mark | begin_mark},
    {"coming", place_mark | link_mark},
    {"past", place_mark | link_mark},
    {"previous", place_mark | link_mark},
    {"following", place_mark | link_mark},
    {"other", link_mark},
    {"alternate", link_mark},
    {"am", clock_mark | common_mark},
    {"pm", clock_mark},
    {"a.m", clock_mark},
    {"p.m", clock_mark},
    {"noon", clock_mark},
    {"midday", clock_mark},
    {"midnight", clock_mark},
    {"o'clock", clock_mark},
    {"oclock", clock_mark},
    {"o’clock", clock_mark},
    {"sharp", link_mark},
    {"minute", unit_mark},
    {"minutes", unit_mark},
    {"min", unit_mark},
    {"mins", unit_mark},
    {"hour", unit_mark},
    {"hours", unit_mark},
    {"hr", unit_mark},
    {"hrs", unit_mark},
    {"day", unit_mark},
    {"days", unit_mark},
    {"week", unit_mark},
    {"weeks", unit_mark},
    {"wk", unit_mark},
    {"wks", unit_mark},
    {"month", unit_mark},
    {"months", unit_mark},
    {"quarters", unit_mark},
    {"year", unit_mark},
    {"years", unit_mark},
    {"yrs", unit_mark},
    {"fortnight", unit_mark},
    {"fortnights", unit_mark},
    {"seconds", unit_mark},
    {"sec", unit_mark},
    {"secs", unit_mark},
    {"times", 0},
    {"decade", unit_mark},
    {"decades", unit_mark},
    {"semester", unit_mark},
    {"every", every_mark},
    {"each", every_mark},
    {"every!", every_mark},
    {"each!", every_mark},
    {"daily", adverb_mark},
    {"everyday", adverb_mark},
    {"nightly", adverb_mark},
    {"weekly", adverb_mark},
    {"biweekly", adverb_mark},
    {"bi-weekly", adverb_mark},
    {"fortnightly", adverb_mark},
    {"monthly", adverb_mark},
    {"bimonthly", adverb_mark},
    {"bi-monthly", adverb_mark},
    {"quarterly", adverb_mark},
    {"yearly", adverb_mark},
    {"annually", adverb_mark},
    {"hourly", adverb_mark},
    {"biannually", adverb_mark},
    {"semiannually", adverb_mark},
    {"twice", adverb_mark | common_mark},
    {"thrice", adverb_mark | common_mark},
    {"once", adverb_mark | common_mark},
    {"today", day_mark},
    {"tod", day_mark | common_mark},
    {"eod", day_mark},
    {"tomorrow", day_mark},
    {"tmr", day_mark},
    {"tmrw", day_mark},
    {"tonight", day_mark},
    {"yesterday", day_mark},
    {"eom", day_mark},
    {"eoy", day_mark},
    {"eow", day_mark},
    {"morning", part_mark},
    {"afternoon", part_mark},
    {"evening", part_mark},
    {"night", part_mark},
    {"mornings", parts_mark},
    {"afternoons", parts_mark},
    {"evenings", parts_mark},
    {"nights", parts_mark},
    {"christmas", holiday_mark},
    {"xmas", holiday_mark},
    {"easter", holiday_mark},
    {"thanksgiving", holiday_mark},
    {"halloween", holiday_mark},
    {"hanukkah", holiday_mark},
    {"ramadan", holiday_mark},
    {"diwali", holiday_mark},
    {"summer", holiday_mark | common_mark},
    {"winter", holiday_mark | common_mark},
    {"autumn", holiday_mark | common_mark},
    {"spring", holiday_mark | common_mark},
    {"season", holiday_mark | common_mark},
    {"birthday", holiday_mark | common_mark},
    {"eve", holiday_mark | common_mark},
    {"holiday", holiday_mark | common_mark},
    {"half", fraction_mark | link_mark},
    {"quarter", fraction_mark | unit_mark},
    {"couple", fraction_mark},
    {"few", fraction_mark},
    {"several", fraction_mark},
    {"utc", zone_mark},
    {"gmt", zone_mark},
    {"est", zone_mark},
    {"edt", zone_mark},
    {"cst", zone_mark},
    {"cdt", zone_mark},
    {"mst", zone_mark},
    {"mdt", zone_mark},
    {"pst", zone_mark},
    {"pdt", zone_mark},
    {"cet", zone_mark},
    {"cest", zone_mark},
    {"bst", zone_mark},
    {"ist", zone_mark},
    {"jst", zone_mark},
    {",", link_mark},
    {"and", link_mark},
    {"or", link_mark},
    {"&", link_mark},
    {"+", link_mark},
    {"-", link_mark | begin_mark},
    {"–", link_mark | begin_mark},
    {"—", link_mark},
    {"/", link_mark},
    {"to", link_mark | begin_mark},
    {"at", link_mark | begin_mark},
    {"on", link_mark | begin_mark},
    {"in", link_mark | begin_mark},
    {"of", link_mark},
    {"the", link_mark | begin_mark},
    {"by", link_mark | begin_mark},
    {"from", link_mark | begin_mark},
    {"for", link_mark | begin_mark},
    {"until", link_mark | begin_mark},
    {"till", link_mark | begin_mark},
    {"til", link_mark | begin_mark},
    {"through", link_mark | begin_mark},
    {"thru", link_mark | begin_mark},
    {"but", link_mark},
    {"except", link_mark},
    {"excluding", link_mark},
    {"without", link_mark},
    {"not", link_mark},
    {"then", link_mark},
    {"before", link_mark | begin_mark},
    {"after", link_mark | begin_mark},
    {"a", link_mark | begin_mark},
    {"an", link_mark | begin_mark},
    {"between", link_mark | begin_mark},
    {"starting", link_mark | begin_mark},
    {"beginning", link_mark | begin_mark},
    {"start", link_mark | begin_mark},
    {"ending", link_mark | begin_mark},
    {"due", link_mark | begin_mark},
    {"around", link_mark | begin_mark},
    {"also", link_mark},
    {"again", link_mark},
    {"maybe", link_mark},
    {"plus", link_mark},
    {"either", link_mark},
    {"both", link_mark},
    {"only", link_mark},
    {"@", link_mark | begin_mark},
    {"~", link_mark | begin_mark},
    {"mid", link_mark | begin_mark},
    {"early", link_mark | begin_mark},
    {"late", link_mark | begin_mark},
    {"end", link_mark | begin_mark},
    {"since", link_mark},
    {"per", link_mark},
    {"single", link_mark},
    {"instead", link_mark},
    {"rather", link_mark},
    {"than", link_mark},
    {"so", fraction_mark},
    {"ish", link_mark},
    {"about", begin_mark},
    {"skip", begin_mark},
    {"skipping", begin_mark},
    {"keep", begin_mark},
    {"keeping", begin_mark},
    {"when", begin_mark},
    {"chapter", thing_mark},
    {"chapters", thing_mark},
    {"room", thing_mark},
    {"page", thing_mark},
    {"pages", thing_mark},
    {"episode", thing_mark},
    {"invoice", thing_mark},
    {"bug", thing_mark},
    {"ticket", thing_mark},
    {"task", thing_mark},
    {"issue", thing_mark},
    {"step", thing_mark},
    {"part", thing_mark},
    {"volume", thing_mark},
    {"level", thing_mark},
    {"lesson", thing_mark},
    {"unit", thing_mark},
    {"exercise", thing_mark},
    {"question", thing_mark},
    {"gate", thing_mark},
    {"platform", thing_mark},
    {"flight", thing_mark},
    {"bus", thing_mark},
    {"line", thing_mark},
    {"track", thing_mark},
    {"no", thing_mark},
    {"number", thing_mark},
    {"version", thing_mark},
    {"v", thing_mark},
    {"section", thing_mark},
    {"phase", thing_mark},
    {"sprint", thing_mark},
    {"order", thing_mark},
    {"box", thing_mark},
    {"draft", thing_mark},
}));

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Where the words of each first letter begin.
consteval std::array<std::uint16_t, 27> letters() {
    std::array<std::uint16_t, 27> begin{};
    for (std::size_t letter = 0; letter < begin.size(); ++letter)
        while (begin[letter] < vocabulary.size() &&
               vocabulary[begin[letter]].first[0] < static_cast<char>('a' + letter))
            ++begin[letter];
    return begin;
}
constexpr auto letter_begins = letters();

std::uint32_t named(std::string_view word) {
    const bool has_letter = !word.empty() && word[0] >= 'a' && word[0] <= 'z';
    const auto letter = has_letter ? static_cast<std::size_t>(word[0] - 'a') : 0;
    const auto* first = vocabulary.begin() + (has_letter ? letter_begins[letter] : 0);
    const auto* last = has_letter ? vocabulary.begin() + letter_begins[letter + 1] : vocabulary.end();
    const auto* found =
        std::lower_bound(first, last, word, [](const entry& one, std::string_view key) { return one.first < key; });
    return found != last && found->first == word ? found->second : 0;
}

/// The suffix of a word that begins with digits and separators between digits.
std::uint32_t counted(std::string_view word) {
    std::size_t end = 0;
    bool has_colon = false;
    int separators = 0;
    while (end < word.size() && (is_digit(word[end]) || (end > 0 && std::string_view{":./"}.contains(word[end])))) {
        has_colon = has_colon || word[end] == ':';
        separators += is_digit(word[end]) ? 0 : 1;
        ++end;
    }
    const std::string_view suffix = word.substr(end);
    constexpr auto is_one = [](std::string_view key, auto... keys) { return ((key == std::string_view{keys}) || ...); };
    if (suffix.empty())
        return has_colon ? clock_mark : separators == 0 ? number_mark : digits_mark;
    if (is_one(suffix, "am", "pm", "a", "p", "a.m", "p.m"))
        return clock_mark;
    if (is_one(suffix, "st", "nd", "rd", "th"))
        return ordinal_mark;
    if (is_one(suffix, "h", "hr", "hrs", "m", "min", "mins", "d", "w", "wk", "wks", "hours", "minutes", "days",
               "weeks"))
        return length_mark;
    if (is_one(suffix, "x"))
        return adverb_mark;
    return suffix.size() > 1 && suffix[0] == 'h' && is_digit(suffix[1]) ? length_mark : 0;  // 1h30
}

std::string_view trimmed(std::string_view word) {
    constexpr std::string_view around = "()[]{}<>*_~'\",.;:!?@";
    const std::size_t first = word.find_first_not_of(around);
    if (first == word.npos)
        return word;
    word = word.substr(first, word.find_last_not_of(around) + 1 - first);
    for (const std::string_view quote : {"‘", "’"}) {
        if (word.starts_with(quote))
            word.remove_prefix(quote.size());
        if (word.ends_with(quote))
            word.remove_suffix(quote.size());
    }
    for (const std::string_view owner : {"'s", "’s"})
        if (word.size() > owner.size() && word.ends_with(owner))
            word.remove_suffix(owner.size());
    return word;
}

std::uint32_t marks_of_piece(std::string_view piece) {
    return !piece.empty() && is_digit(piece[0]) ? counted(piece) : named(piece);
}

/// What words of several pieces may be: `mon/wed`, `2pm-3pm`, `12-1-2026`, but nothing of `mother-in-law`.
std::uint32_t marks_of_pieces(std::string_view word, std::size_t separator) {
    std::uint32_t all = 0;
    bool has_digits_only = true;
    int pieces = 0;
    while (!word.empty()) {
        const std::size_t end = std::min(separator, word.size());
        const std::string_view piece = word.substr(0, end);
        const std::uint32_t marks = marks_of_piece(piece);
        if (!piece.empty() && marks == 0)
            return 0;
        has_digits_only = has_digits_only && (marks & number_mark) != 0 && is_digit(piece[0]);
        all |= marks;
        ++pieces;
        const bool is_dash = word.substr(end).starts_with("–") || word.substr(end).starts_with("—");
        word.remove_prefix(std::min(end + (is_dash ? 3 : 1), word.size()));
        const std::size_t next = word.find_first_of("-,/&+");
        separator = std::min(next, std::min(word.find("–"), word.find("—")));
    }
    all &= ~static_cast<std::uint32_t>(link_mark | thing_mark);
    return pieces > 2 && has_digits_only ? digits_mark : all;
}

}  // namespace

std::uint32_t marks_of(std::string_view word) {
    if (const std::uint32_t known = word.empty() || is_digit(word[0]) ? 0 : named(word))
        return known;
    if (std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; }))
        return 0;
    const std::string_view core = trimmed(word);
    if (core.size() >= 10 && is_digit(core[0]) && core[4] == '-' && core[7] == '-')
        return digits_mark;  // 2027-01-31T09:00
    if (const std::uint32_t known = marks_of_piece(core))
        return known;
    const std::size_t separator = std::min(core.find_first_of("-,/&+"), std::min(core.find("–"), core.find("—")));
    return separator == core.npos ? 0 : marks_of_pieces(core, separator);
}

}  // namespace rondo::quick
