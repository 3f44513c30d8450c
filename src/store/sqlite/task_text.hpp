#pragma once
// Full text: what a user's words become for FTS5.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"

namespace rondo::sqlite {

inline constexpr std::size_t search_words_max = 16;  ///< those after them are not looked for

/// The words of a search, each as an FTS5 string: nothing in it is syntax. The last one, if it has three bytes, stands for
/// every word that begins with it.
std::vector<std::string> search_words(std::string_view text);

/// FTS5 expressions for the entries of one user that have the word. A word without a letter or digit is in all of them.
std::string match_in_tasks(user_id owner, const std::string& word);
std::string match_in_tags(user_id owner, const std::string& word);

}  // namespace rondo::sqlite
