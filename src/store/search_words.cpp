#include "store/search_words.hpp"

#include "domain/white_space.hpp"
#include "text/words.hpp"

namespace rondo {

namespace {

constexpr std::size_t prefix_bytes_min = 3;
constexpr std::string_view boundary = "\xe2\x80\xa9 ";  // U+2029: white space, so no word of any text

std::size_t leading_gap(std::string_view text) {
    return text.front() == '\0' ? 1 : leading_space(text);
}

}  // namespace

std::vector<search_word> search_words(std::string_view text) {
    std::vector<search_word> words;
    bool may_begin = false;
    while (!text.empty() && words.size() < search_words_max) {
        std::size_t end = 0;
        while (end < text.size() && leading_gap(text.substr(end)) == 0)
            ++end;
        folded_words typed = words_of(text.substr(0, end));
        if (!typed.text.empty()) {
            may_begin = typed.ends_in_word && end >= prefix_bytes_min;
            words.push_back({.folded = std::move(typed.text)});
        }
        text.remove_prefix(end);
        while (!text.empty() && leading_gap(text) > 0)
            text.remove_prefix(leading_gap(text));
    }
    if (may_begin && !words.empty()) {
        words.back().begins = true;
        words.back().folded.pop_back();
    }
    return words;
}

std::string task_words(std::string_view title, const std::optional<std::string>& description) {
    std::string words = words_of(title).text;
    if (description && !description->empty()) {
        const std::string more = words_of(*description).text;
        if (!more.empty())
            words += std::string{words.empty() ? " " : ""}.append(boundary).append(more.substr(1));
    }
    return words;
}

std::string tag_words(std::string_view name) {
    return words_of(name).text;
}

}  // namespace rondo
