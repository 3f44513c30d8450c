#pragma once
// Words for numbers, days and lists. Used by the descriptions alone.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::english {

std::string_view name_of(std::chrono::weekday day);
std::string_view name_of(std::chrono::month month);

/// 1st, 2nd, 3rd, 11th.
std::string ordinal(int number);
/// "first", "second", ... up to ten, then 11th. Negative: "last", "second to last".
std::string place(int number);
/// "every day", "every second day", "every 3 days".
std::string every(int interval, std::string_view unit);
/// "a", "a and b", "a, b and c".
std::string list(const std::vector<std::string>& items, std::string_view last_joined_by = "and");

/// "10 February 2026".
std::string date(std::chrono::local_days day);
/// "Tuesday, 10 February 2026".
std::string full_date(std::chrono::local_days day);
/// "09:00", and "09:00:30" where there are seconds.
std::string time_of_day(std::chrono::local_seconds wall);

}  // namespace rondo::english
