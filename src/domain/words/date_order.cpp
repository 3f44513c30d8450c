#include "domain/words/date_order.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace rondo {

namespace {

constexpr std::size_t tag_bytes_max = 100;

constexpr date_order day_first{date_order::kind::day_month_year, false};
constexpr date_order month_first{date_order::kind::month_day_year, true};
constexpr date_order year_first{date_order::kind::year_month_day, true};
constexpr date_order year_first_or_day_first{date_order::kind::year_month_day, false};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

template <std::size_t N>
bool has(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

/// The region behind the language and its script.
std::string region_in(std::string_view tag) {
    while (!tag.empty()) {
        const std::size_t end = std::min(tag.find('-'), tag.size());
        const std::string_view part = tag.substr(0, end);
        if (part.size() == 1)
            return {};  // an extension or private use begins
        if (part.size() == 3 && is_digit(part[0]))
            return std::string{part};  // a part of the world, such as 150 for Europe
        if (part.size() == 2) {
            std::string region{part};
            for (char& c : region)
                c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            return region;
        }
        tag.remove_prefix(std::min(end + 1, tag.size()));
    }
    return {};
}

std::optional<date_order> order_of_english(std::string_view region) {
    static constexpr std::array<std::string_view, 10> as_in_the_states{"",   "US", "PH", "PR", "GU",
                                                                       "VI", "AS", "UM", "MP", "MH"};
    if (has(as_in_the_states, region))
        return month_first;
    if (region == "CA" || region == "ZA")
        return year_first;
    return region == "SE" ? year_first_or_day_first : day_first;
}

}  // namespace

bool is_language_tag(std::string_view text) {
    if (text.empty() || text.size() > tag_bytes_max || !is_letter(text[0]))
        return false;
    std::size_t length = 0;
    for (const char c : text) {
        length = c == '-' ? 0 : length + 1;
        if ((c != '-' && !is_letter(c) && !is_digit(c)) || length > 8)
            return false;
    }
    return !text.ends_with('-') && text.find("--") == text.npos;
}

std::optional<date_order> date_order_of(std::string_view language_tag) {
    static constexpr std::array<std::string_view, 63> day{
        "am", "ar", "as", "az", "be", "bg", "bn", "br", "bs", "ca", "cs", "cy", "da", "de", "el", "es",
        "et", "fi", "fo", "fr", "ga", "gd", "gl", "gu", "he", "hi", "hr", "hy", "id", "ig", "is", "it",
        "ka", "kk", "km", "kn", "lb", "lo", "lv", "mk", "ml", "mr", "ms", "my", "nb", "nl", "nn", "no",
        "pa", "pl", "pt", "rm", "ro", "ru", "sk", "sl", "sq", "sr", "sw", "ta", "te", "th", "tk"};
    static constexpr std::array<std::string_view, 6> day_too{"tr", "uk", "ur", "uz", "vi", "yo"};
    static constexpr std::array<std::string_view, 17> year{"eo", "eu", "fa", "ha", "hu", "ja",  "ko", "lt", "mn",
                                                           "ne", "ps", "sd", "se", "si", "yue", "zh", "zu"};
    if (!is_language_tag(language_tag))
        return std::nullopt;
    const std::size_t end = std::min(language_tag.find('-'), language_tag.size());
    std::string language{language_tag.substr(0, end)};
    for (char& c : language)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const std::string region = region_in(language_tag.substr(std::min(end + 1, language_tag.size())));

    if (language == "en")
        return order_of_english(region);
    if (language == "fil" || ((language == "es") && (region == "PR" || region == "PA")))
        return month_first;
    if ((language == "fr" && region == "CA"))
        return year_first;
    if ((language == "zh" && (region == "HK" || region == "MO")) || (language == "sv" && region == "FI"))
        return day_first;
    if (language == "sv" || language == "af")
        return year_first_or_day_first;
    if (has(day, language) || has(day_too, language))
        return day_first;
    return has(year, language) ? std::optional{year_first} : std::nullopt;
}

}  // namespace rondo
