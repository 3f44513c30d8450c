#include "store/postgres/task_text.hpp"

#include <boost/spirit/home/support/char_encoding/unicode/query.hpp>

#include <algorithm>
#include <cstdint>
#include <unordered_map>

#include "store/fold.hpp"

namespace rondo::postgres {

namespace {

constexpr std::size_t word_bytes_max = 1000;  // PostgreSQL refuses words of 2 KB
constexpr int position_max = 16'383;          // and counts words up to here

struct accented {
    char32_t plain;
    std::u32string_view forms;
};

/// Letters that Unicode takes apart into an ASCII letter and marks above or below it.
constexpr accented accents[] = {
    {U'a', U"àáâãäåāăąǎǟǻȁȃȧḁạảấầẩẫậắằẳẵặ"},
    {U'b', U"ḃḅḇ"},
    {U'c', U"çćĉċčḉ"},
    {U'd', U"ďḋḍḏḑḓ"},
    {U'e', U"èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"},
    {U'f', U"ḟ"},
    {U'g', U"ĝğġģǧǵḡ"},
    {U'h', U"ĥȟḣḥḧḩḫẖ"},
    {U'i', U"ìíîïĩīĭįǐȉȋḭḯỉị"},
    {U'j', U"ĵǰ"},
    {U'k', U"ķǩḱḳḵ"},
    {U'l', U"ĺļľḷḹḻḽ"},
    {U'm', U"ḿṁṃ"},
    {U'n', U"ñńņňǹṅṇṉṋ"},
    {U'o', U"òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ"},
    {U'p', U"ṕṗ"},
    {U'r', U"ŕŗřȑȓṙṛṝṟ"},
    {U's', U"śŝşšșṡṣṥṧṩ"},
    {U't', U"ţťțṫṭṯṱẗ"},
    {U'u', U"ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"},
    {U'v', U"ṽṿ"},
    {U'w', U"ŵẁẃẅẇẉẘ"},
    {U'x', U"ẋẍ"},
    {U'y', U"ýÿŷȳẏẙỳỵỷỹ"},
    {U'z', U"źżžẑẓẕ"},
    {U's', U"ſ"},
    {U'σ', U"ς"},  // the same letter at a word's end
};

std::uint32_t without_accent(std::uint32_t code) {
    static const auto plain = [] {
        std::unordered_map<std::uint32_t, std::uint32_t> made;
        for (const accented& each : accents)
            for (const char32_t form : each.forms)
                made.emplace(form, each.plain);
        return made;
    }();
    const auto found = plain.find(code);
    return found == plain.end() ? code : found->second;
}

bool is_in_words(std::uint32_t code) {
    namespace ucd = boost::spirit::ucd;
    const auto category = ucd::get_category(code);
    return ucd::get_major_category(code) == ucd::properties::letter ||
           ucd::get_major_category(code) == ucd::properties::number || category == ucd::properties::private_use;
}

/// A mark that goes above or below the letter before it.
bool is_mark(std::uint32_t code) {
    return code >= 0x300 && code <= 0x331;
}

std::string quoted(const std::string& word) {
    return "'" + word + "'";  // words have neither quotes nor backslashes
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    const auto end_word = [&] {
        if (!word.empty())
            words.push_back(std::move(word));
        word.clear();
    };
    while (!text.empty()) {
        code_point at = text.front() < 0 ? decode_utf8(text)
                                         : code_point{.value = static_cast<std::uint8_t>(text.front()), .bytes = 1};
        at.bytes = std::max<std::size_t>(at.bytes, 1);  // what is not UTF-8 parts words
        text.remove_prefix(at.bytes);
        if (is_in_words(at.value)) {
            if (word.size() < word_bytes_max)
                append_utf8(word, without_accent(boost::spirit::ucd::to_lowercase(at.value)));
        } else if (!is_mark(at.value)) {
            end_word();
        }
    }
    end_word();
    return words;
}

std::string word_vector(std::string_view first, std::string_view second) {
    std::string vector;
    int position = 0;
    for (const std::string_view part : {first, second}) {
        for (const std::string& word : words_of(part)) {
            position = std::min(position + 1, position_max);
            vector += quoted(word) + ":" + std::to_string(position) + " ";
        }
        position = std::min(position + 1, position_max);
    }
    return vector;
}

std::optional<std::string> word_query(const search_word& word) {
    std::string query;
    for (const std::string& each : words_of(word.text))
        query += (query.empty() ? "" : " <-> ") + quoted(each);
    if (query.empty())
        return std::nullopt;
    return word.begins ? query + ":*" : query;
}

}  // namespace rondo::postgres
