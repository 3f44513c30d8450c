#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

inline constexpr std::size_t search_words_max = 16;  ///< those after them are not looked for

/// A word of a search, as it was typed.
struct search_word {
    std::string text;
    bool begins = false;  ///< it stands for every word that begins with it
    friend bool operator==(const search_word&, const search_word&) = default;
};

/// The words of a search, parted by white space and NUL. The last one may be cut short, if it has three bytes: shorter
/// ones would stand for half of all words.
std::vector<search_word> search_words(std::string_view text);

}  // namespace rondo
