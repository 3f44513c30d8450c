#pragma once
// Full text: what a user's words become for FTS5.

#include <string>

#include "base/ids.hpp"
#include "store/search_words.hpp"

namespace rondo::sqlite {

/// The word as a string of FTS5's, with a star behind it if it may go on: nothing in it is syntax.
std::string quoted(const search_word& word);

/// FTS5 expressions for the entries of one user that have the word. A word without a letter or digit is in all of them.
std::string match_in_tasks(user_id owner, const search_word& word);
std::string match_in_tags(user_id owner, const search_word& word);

}  // namespace rondo::sqlite
