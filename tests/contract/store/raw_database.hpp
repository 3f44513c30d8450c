#pragma once
// A look at a database file past the store, for tests.

#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace rondo::test {

class raw_database {
public:
    explicit raw_database(const std::filesystem::path& file) {
        if (sqlite3_open(file.c_str(), &db_) != SQLITE_OK)
            throw std::runtime_error{"cannot open " + file.string()};
    }
    ~raw_database() { sqlite3_close(db_); }
    raw_database(const raw_database&) = delete;
    raw_database& operator=(const raw_database&) = delete;

    /// Runs statements; gives the first column of every row. Throws what SQLite says is wrong.
    std::vector<std::string> run(const std::string& sql) {
        std::vector<std::string> values;
        char* said = nullptr;
        sqlite3_exec(
            db_, sql.c_str(),
            [](void* to, int, char** columns, char**) {
                static_cast<std::vector<std::string>*>(to)->emplace_back(columns[0] == nullptr ? "" : columns[0]);
                return 0;
            },
            &values, &said);
        if (said != nullptr) {
            const std::string message = said;
            sqlite3_free(said);
            throw std::runtime_error{message};
        }
        return values;
    }

    std::vector<std::string> schema() {
        return run(
            "SELECT type || ' ' || name || ' on ' || tbl_name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY "
            "1");
    }
    /// "ok" alone, or what is wrong.
    std::vector<std::string> integrity() { return run("PRAGMA integrity_check"); }

private:
    sqlite3* db_ = nullptr;
};

}  // namespace rondo::test
