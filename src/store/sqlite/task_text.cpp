#include "store/sqlite/task_text.hpp"

#include "store/sqlite/sqlite_transaction.hpp"

namespace rondo::sqlite {

namespace {

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

}  // namespace

std::string quoted(const search_word& word) {
    std::string string = "\"";
    for (const char c : word.text) {
        if (c == '"')
            string.push_back('"');
        string.push_back(c);
    }
    string.push_back('"');
    return word.begins ? string + " *" : string;
}

// The two parts stand beside each other, not joined with AND: FTS5 then leaves out a part in which its tokenizer finds
// no word, where AND would find nothing.
std::string match_in_tasks(user_id owner, const search_word& word) {
    return "owner : \"" + owner_word(owner) + "\" {title description} : " + quoted(word);
}

std::string match_in_tags(user_id owner, const search_word& word) {
    return "owner : \"" + owner_word(owner) + "\" name : " + quoted(word);
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
