#include "store/sqlite/task_text.hpp"

#include "store/sqlite/sqlite_transaction.hpp"

namespace rondo::sqlite {

namespace {

/// As a string of FTS5's, with a star behind it if its last word may go on.
std::string quoted(const search_word& word) {
    std::string string = "\"";
    for (const char c : word.folded) {
        if (c == '"')
            string.push_back('"');
        string.push_back(c);
    }
    string.push_back('"');
    return word.begins ? string + " *" : string;
}

}  // namespace

std::string owner_word(user_id owner) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string word;
    for (const std::uint8_t byte : owner.value.bytes) {
        word.push_back(digits[byte >> 4]);
        word.push_back(digits[byte & 15]);
    }
    return word;
}

std::string match(user_id owner, const search_word& word) {
    return "owner : \"" + owner_word(owner) + "\" words : " + quoted(word);
}

void sqlite_transaction::write_text(const text_change& change) const {
    // A new task may have the number of one that somebody has deleted past us, whose words are still there.
    if (change.words)
        db_.on().run("REPLACE INTO task_text (rowid, owner, words) VALUES (?, ?, ?)", change.task,
                     owner_word(change.owner), *change.words);
    else
        db_.on().run("DELETE FROM task_text WHERE rowid = ?", change.task);
}

void sqlite_transaction::write_text_changes() const {
    if (text_changes_written_ == text_changes_.size())
        return;
    db_.set_savepoint();
    while (text_changes_written_ < text_changes_.size())
        write_text(text_changes_[text_changes_written_++]);
}

void sqlite_transaction::write_tag_text(std::int64_t number, const tag& of) const {
    db_.on().run("REPLACE INTO tag_text (rowid, owner, words) VALUES (?, ?, ?)", number, owner_word(of.owner),
                 tag_words(of.name));
}

}  // namespace rondo::sqlite
