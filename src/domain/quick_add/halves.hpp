#pragma once
// The safeguard: no phrase is read by half. It knows no grammar, only which words may be of a day or a time, and which of
// them stand beside each other.

#include <cstddef>
#include <vector>

#include "domain/quick_add/candidates.hpp"
#include "domain/quick_add/phrases/words.hpp"

namespace rondo::quick {

/// Words of a day or time that stand beside each other, or are joined by words such as "and", "to" or "at".
struct run {
    std::size_t begin;
    std::size_t end;
    bool has_read;  ///< some of them are read
    bool has_left;  ///< some of them would be left in the title
};

class time_words {
public:
    time_words(const std::vector<word>& words, const std::vector<candidate>& found);

    /// From left to right. Looks at `is_read` and `is_taken_back` of the candidates as they are now.
    std::vector<run> runs() const;

    /// The first words that speak of a day or a repeat and are not read, wherever they stand in the line: a time of day that
    /// stands alone may be theirs. As many words as the line has if there are none.
    std::size_t unread_day() const;

    /// The candidate that a word is in; nullptr for none.
    const candidate* of(std::size_t i) const;

private:
    bool is_read(std::size_t i) const;
    bool is_phrase(std::size_t i) const;
    bool is_passed_over(std::size_t i) const;
    bool is_left(std::size_t i) const;
    bool is_left_number(std::size_t i) const;
    bool is_left_unit(std::size_t i) const;
    bool is_left_every(std::size_t i) const;
    bool is_left_place(std::size_t i) const;
    bool is_left_change(std::size_t i) const;
    bool is_left_ordinal(std::size_t i) const;
    bool is_left_name(std::size_t i) const;
    bool is_ordinary(std::size_t i) const;
    bool is_weak(std::size_t i) const;
    std::uint32_t marks(std::size_t i) const { return i < words_.size() ? words_[i].marks : 0; }
    std::string_view key(std::size_t i) const {
        return i < words_.size() ? std::string_view{words_[i].key} : std::string_view{};
    }
    std::string_view before(std::size_t i, std::size_t by = 1) const {
        return i >= by ? key(i - by) : std::string_view{};
    }

    const std::vector<word>& words_;
    const std::vector<candidate>& found_;
    std::vector<std::uint32_t> owners_;  ///< of each word, the number of its candidate and one; 0 for none
};

}  // namespace rondo::quick
