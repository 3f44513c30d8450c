#pragma once
// What is looked for and what is looked in, as both databases keep it (text/words.hpp).

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

inline constexpr std::size_t search_words_max = 16;  ///< those after them are not looked for

/// A word of a search: found where `folded` is a part of what task_words or tag_words gives.
struct search_word {
    std::string folded;  ///< " e - mail "; without the blank at its end where it `begins`
    bool begins = false;  ///< it stands for every word that begins with its last one
    friend bool operator==(const search_word&, const search_word&) = default;
};

/// The words of a search, parted by white space. The last one may be cut short if it was typed with three bytes: shorter
/// ones would stand for half of all words. What has neither word nor sign in it (a joiner) is left out.
std::vector<search_word> search_words(std::string_view text);

/// The words of a task in their order: no word of the one text follows upon a word of the other.
std::string task_words(std::string_view title, const std::optional<std::string>& description);
std::string tag_words(std::string_view name);

inline bool is_found(const search_word& word, std::string_view in) {
    return in.find(word.folded) != in.npos;
}

}  // namespace rondo
