#pragma once
// Full text: what a task's words and a search become for PostgreSQL. Words are made here, not by PostgreSQL's parser, so that
// a search finds what it finds in the other engine.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/search_words.hpp"

namespace rondo::postgres {

/// The words of a text in their order: runs of letters and digits in lower case, Latin letters without their accents.
std::vector<std::string> words_of(std::string_view text);

/// A tsvector of the words of both, as text. No word of the one follows upon a word of the other.
std::string word_vector(std::string_view first, std::string_view second = {});

/// A tsquery, as text, for the words of `word` next to one another. Nothing if it has neither letter nor digit: such a
/// word is found everywhere.
std::optional<std::string> word_query(const search_word& word);

}  // namespace rondo::postgres
