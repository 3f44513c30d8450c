#pragma once
// In which order a locale writes a date in digits.

#include <cstdint>
#include <optional>
#include <string_view>

namespace rondo {

struct date_order {
    enum class kind : std::uint8_t { day_month_year, month_day_year, year_month_day };
    kind whole;        ///< of `24/12/2026`
    bool month_first;  ///< of `24/12`, without a year
    friend bool operator==(const date_order&, const date_order&) = default;
};

/// Whether it has the form of a language tag (BCP 47, RFC 5646): subtags of 1 to 8 letters and digits, 100 bytes at most.
bool is_language_tag(std::string_view text);

/// The order of CLDR 48 (the `yMd` and `Md` of its English, numeric short dates), by language and, where one language is
/// written in several, by region. None of a language that is not in the table, nor of what is no language tag.
std::optional<date_order> date_order_of(std::string_view language_tag);

}  // namespace rondo
