#include "api/wire/field_names.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace rondo {

namespace {

inline constexpr std::size_t compared_length_max = 40;  // no field is as long

std::string letters_of(std::string_view name) {
    std::string letters;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z')
            letters += static_cast<char>(c - 'A' + 'a');
        else if (c != '_' && c != '-' && c != ' ')
            letters += c;
    }
    return letters;
}

/// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours that turn one into the other.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    using row = std::array<std::size_t, compared_length_max + 1>;
    row before_last{}, last{}, current{};
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        current[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substituted = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            current[j] = std::min({last[j] + 1, current[j - 1] + 1, substituted});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                current[j] = std::min(current[j], before_last[j - 2] + 1);
        }
        before_last = last;
        last = current;
    }
    return last[b.size()];
}

}  // namespace

std::optional<std::string_view> likely_name(std::string_view unknown, std::span<const std::string_view> known) {
    if (unknown.empty() || unknown.size() > compared_length_max)
        return std::nullopt;
    const std::string written = letters_of(unknown);
    std::optional<std::string_view> nearest;
    std::size_t least = std::max<std::size_t>(1, written.size() / 3) + 1;
    for (const std::string_view candidate : known) {
        if (candidate.size() > compared_length_max)
            continue;
        const std::size_t distance = edit_distance(written, letters_of(candidate));
        if (distance < least) {
            least = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

}  // namespace rondo
