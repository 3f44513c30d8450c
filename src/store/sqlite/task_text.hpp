#pragma once
// Full text: what a user's words become for FTS5.

#include <string>

#include "base/ids.hpp"
#include "store/search_words.hpp"

namespace rondo::sqlite {

/// The word that stands for the owner in each of their entries.
std::string owner_word(user_id owner);

/// An FTS5 expression for the entries of one user that have the word. Nothing in it is syntax.
std::string match(user_id owner, const search_word& word);

}  // namespace rondo::sqlite
