#include "store/sqlite/task_text.hpp"

#include "store/sqlite/sqlite_transaction.hpp"

namespace rondo::sqlite {

namespace {

constexpr std::size_t prefix_bytes_min = 3;  // shorter ones would walk half of everyone's words

/// The word that stands for the owner in each of their entries.
std::string owner_word(user_id owner) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string word;
    for (const std::uint8_t byte : owner.value.bytes) {
        word.push_back(digits[byte >> 4]);
        word.push_back(digits[byte & 15]);
    }
    return word;
}

bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

}  // namespace

std::vector<std::string> search_words(std::string_view text) {
    std::vector<std::string> words;
    std::size_t bytes = 0;  // of the last word
    for (std::size_t i = 0; i < text.size() && words.size() < search_words_max;) {
        if (is_space(text[i]) || text[i] == '\0') {
            ++i;
            continue;
        }
        std::string word = "\"";
        for (bytes = 0; i < text.size() && !is_space(text[i]) && text[i] != '\0'; ++i, ++bytes) {
            if (text[i] == '"')
                word.push_back('"');
            word.push_back(text[i]);
        }
        words.push_back(word + '"');
    }
    if (bytes >= prefix_bytes_min)
        words.back() += " *";
    return words;
}

// The two parts stand beside each other, not joined with AND: FTS5 then leaves out a part in which its tokenizer finds
// no word, where AND would find nothing.
std::string match_in_tasks(user_id owner, const std::string& word) {
    return "owner : \"" + owner_word(owner) + "\" {title description} : " + word;
}

std::string match_in_tags(user_id owner, const std::string& word) {
    return "owner : \"" + owner_word(owner) + "\" name : " + word;
}

void sqlite_transaction::write_text(const text_change& change) const {
    if (change.added)
        db_.run("INSERT INTO task_text (rowid, owner, title, description) VALUES (?, ?, ?, ?)", change.task,
                owner_word(change.owner), change.title, change.description);
    else
        db_.run("INSERT INTO task_text (task_text, rowid, owner, title, description) VALUES ('delete', ?, ?, ?, ?)",
                change.task, owner_word(change.owner), change.title, change.description);
}

void sqlite_transaction::write_text_changes() const {
    if (text_changes_written_ == text_changes_.size())
        return;
    set_savepoint();
    while (text_changes_written_ < text_changes_.size())
        write_text(text_changes_[text_changes_written_++]);
}

void sqlite_transaction::write_tag_text(bool added, std::int64_t number, const tag& of) const {
    if (added)
        db_.run("INSERT INTO tag_text (rowid, owner, name) VALUES (?, ?, ?)", number, owner_word(of.owner), of.name);
    else
        db_.run("INSERT INTO tag_text (tag_text, rowid, owner, name) VALUES ('delete', ?, ?, ?)", number,
                owner_word(of.owner), of.name);
}

}  // namespace rondo::sqlite
