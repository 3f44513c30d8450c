#include "base/rfc3339.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace rondo {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Takes text from the front, piece by piece. After a piece that is not there, nothing more is.
class scanner {
public:
    explicit scanner(std::string_view text) : rest_{text} {}

    bool take_one_of(std::string_view characters) {
        if (rest_.empty() || !characters.contains(rest_.front()))
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// A number of exactly so many digits, from 0 to `most`.
    std::optional<int> take_number(std::size_t digits, int most) {
        if (rest_.size() < digits)
            return std::nullopt;
        int value = 0;
        for (const char c : rest_.substr(0, digits)) {
            if (c < '0' || c > '9')
                return std::nullopt;
            value = value * 10 + (c - '0');
        }
        if (value > most)
            return std::nullopt;
        rest_.remove_prefix(digits);
        return value;
    }

    bool at_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
    bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

std::optional<local_days> take_date(scanner& text) {
    const auto year = text.take_number(4, 9999);
    if (!year || *year == 0 || !text.take_one_of("-"))
        return std::nullopt;
    const auto month = text.take_number(2, 12);
    if (!month || !text.take_one_of("-"))
        return std::nullopt;
    const auto day = text.take_number(2, 31);
    if (!day)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    return date.ok() ? std::optional{local_days{date}} : std::nullopt;
}

/// The digits after the point, cut to milliseconds; there must be one at least.
std::optional<milliseconds> take_fraction(scanner& text) {
    if (!text.at_digit())
        return std::nullopt;
    int value = 0;
    for (int weight = 100; text.at_digit(); weight /= 10)
        value += weight * *text.take_number(1, 9);
    return milliseconds{value};
}

/// `09:00`, `09:00:30` or `09:00:30.125`
std::optional<milliseconds> take_time_of_day(scanner& text) {
    const auto hour = text.take_number(2, 23);
    if (!hour || !text.take_one_of(":"))
        return std::nullopt;
    const auto minute = text.take_number(2, 59);
    if (!minute)
        return std::nullopt;
    const milliseconds of_day = hours{*hour} + minutes{*minute};
    if (!text.take_one_of(":"))
        return of_day;
    const auto read = text.take_number(2, 60);
    if (!read)
        return std::nullopt;
    const seconds second{std::min(*read, 59)};  // instants count no leap seconds
    if (!text.take_one_of("."))
        return of_day + second;
    const auto fraction = take_fraction(text);
    return fraction ? std::optional{of_day + second + *fraction} : std::nullopt;
}

/// `Z` or `+01:00`
std::optional<minutes> take_offset(scanner& text) {
    if (text.take_one_of("Zz"))
        return minutes{0};
    const bool is_west = text.take_one_of("-");
    if (!is_west && !text.take_one_of("+"))
        return std::nullopt;
    const auto hour = text.take_number(2, 23);
    if (!hour || !text.take_one_of(":"))
        return std::nullopt;
    const auto minute = text.take_number(2, 59);
    if (!minute)
        return std::nullopt;
    const minutes offset = hours{*hour} + minutes{*minute};
    return is_west ? -offset : offset;
}

void append_number(std::string& text, std::int64_t value, std::size_t digits) {
    char reversed[20];
    std::size_t used = 0;
    for (; value > 0 || used < digits; value /= 10)
        reversed[used++] = static_cast<char>('0' + value % 10);
    while (used > 0)
        text += reversed[--used];
}

void append_date(std::string& text, local_days day) {
    const std::chrono::year_month_day date{day};
    append_number(text, int{date.year()}, 4);
    text += '-';
    append_number(text, unsigned{date.month()}, 2);
    text += '-';
    append_number(text, unsigned{date.day()}, 2);
}

void append_clock(std::string& text, seconds of_day) {
    append_number(text, of_day.count() / 3600, 2);
    text += ':';
    append_number(text, of_day.count() / 60 % 60, 2);
    text += ':';
    append_number(text, of_day.count() % 60, 2);
}

void append_date_and_clock(std::string& text, local_seconds wall) {
    const auto day = floor<days>(wall);
    append_date(text, day);
    text += 'T';
    append_clock(text, wall - day);
}

}  // namespace

std::optional<date_or_time> parse_date_or_time(std::string_view text) {
    scanner rest{text};
    const auto day = take_date(rest);
    if (!day)
        return std::nullopt;
    if (rest.at_end())
        return *day;
    if (!rest.take_one_of("Tt "))
        return std::nullopt;
    const auto time = take_time_of_day(rest);
    if (!time)
        return std::nullopt;
    if (rest.at_end())
        return *day + floor<seconds>(*time);
    const auto offset = take_offset(rest);
    if (!offset || !rest.at_end())
        return std::nullopt;
    return instant{day->time_since_epoch() + *time - *offset};
}

std::optional<instant> parse_instant(std::string_view text) {
    const auto parsed = parse_date_or_time(text);
    if (!parsed || !std::holds_alternative<instant>(*parsed))
        return std::nullopt;
    return std::get<instant>(*parsed);
}

std::string format_instant(instant at) {
    const auto whole = floor<seconds>(at);
    std::string text;
    text.reserve(24);
    append_date_and_clock(text, local_seconds{whole.time_since_epoch()});
    text += '.';
    append_number(text, (at - whole).count(), 3);
    text += 'Z';
    return text;
}

std::string format_date(local_days day) {
    std::string text;
    text.reserve(10);
    append_date(text, day);
    return text;
}

std::string format_wall(local_seconds wall, seconds offset) {
    // Before standard time, offsets had seconds (Berlin was 53:28 ahead), which RFC 3339 cannot write. It says to use
    // the closest offset it can; the wall clock goes along, so that the text names the same instant.
    const auto shown = ceil<minutes>(offset);
    std::string text;
    text.reserve(25);
    append_date_and_clock(text, wall + (shown - offset));
    text += shown < minutes{0} ? '-' : '+';
    const auto size = abs(shown).count();
    append_number(text, size / 60, 2);
    text += ':';
    append_number(text, size % 60, 2);
    return text;
}

}  // namespace rondo
