#include "domain/words/english.hpp"

#include <array>
#include <cstdlib>

namespace rondo::english {

namespace {

using namespace std::chrono;

std::string two_digits(std::int64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

std::string_view name_of(weekday day) {
    static constexpr std::array<std::string_view, 7> names{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                           "Thursday", "Friday", "Saturday"};
    return names[day.c_encoding()];
}

std::string_view name_of(month month) {
    static constexpr std::array<std::string_view, 12> names{"January",   "February", "March",    "April",
                                                            "May",       "June",     "July",     "August",
                                                            "September", "October",  "November", "December"};
    return names[unsigned{month} - 1];
}

std::string ordinal(int number) {
    const int tens = number % 100;
    const bool is_teen = tens >= 11 && tens <= 13;
    static constexpr std::array<const char*, 4> endings{"th", "st", "nd", "rd"};
    return std::to_string(number) +
           (is_teen || number % 10 > 3 ? "th" : endings[static_cast<std::size_t>(number % 10)]);
}

std::string place(int number) {
    static constexpr std::array<const char*, 10> words{"first", "second",  "third",  "fourth", "fifth",
                                                       "sixth", "seventh", "eighth", "ninth",  "tenth"};
    const auto counted = static_cast<std::size_t>(std::abs(number));
    std::string word = counted <= words.size() ? words[counted - 1] : ordinal(std::abs(number));
    if (number > 0)
        return word;
    return number == -1 ? "last" : word + " to last";
}

std::string every(int interval, std::string_view unit) {
    if (interval == 1)
        return "every " + std::string{unit};
    if (interval == 2)
        return "every second " + std::string{unit};
    return "every " + std::to_string(interval) + " " + std::string{unit} + "s";
}

std::string list(const std::vector<std::string>& items, std::string_view last_joined_by) {
    std::string joined;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0)
            joined += i + 1 == items.size() ? " " + std::string{last_joined_by} + " " : ", ";
        joined += items[i];
    }
    return joined;
}

std::string date(local_days day) {
    const year_month_day parts{day};
    return std::to_string(unsigned{parts.day()}) + " " + std::string{name_of(parts.month())} + " " +
           std::to_string(int{parts.year()});
}

std::string full_date(local_days day) {
    return std::string{name_of(weekday{day})} + ", " + date(day);
}

std::string time_of_day(local_seconds wall) {
    const hh_mm_ss parts{wall - floor<days>(wall)};
    const std::string minutes = two_digits(parts.hours().count()) + ":" + two_digits(parts.minutes().count());
    return parts.seconds().count() == 0 ? minutes : minutes + ":" + two_digits(parts.seconds().count());
}

}  // namespace rondo::english
