#include "store/search_words.hpp"

namespace rondo {

namespace {

constexpr std::size_t prefix_bytes_min = 3;

bool parts_words(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

}  // namespace

std::vector<search_word> search_words(std::string_view text) {
    std::vector<search_word> words;
    for (std::size_t i = 0; i < text.size() && words.size() < search_words_max;) {
        if (parts_words(text[i])) {
            ++i;
            continue;
        }
        const std::size_t from = i;
        while (i < text.size() && !parts_words(text[i]))
            ++i;
        words.push_back({.text = std::string{text.substr(from, i - from)}});
    }
    if (!words.empty())
        words.back().begins = words.back().text.size() >= prefix_bytes_min;
    return words;
}

}  // namespace rondo
