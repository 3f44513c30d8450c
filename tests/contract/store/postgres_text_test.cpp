// That a search on PostgreSQL, which looks for a part of a text, finds what it finds on SQLite, which asks an index of words.

#include <random>

#include "contract/store/postgres_fixture.hpp"
#include "support/scratch_store.hpp"

namespace rondo::test {

class postgres_search : public on_postgres {};

TEST_F(postgres_search, FindsWhatSqliteFinds) {
    const auto server = open_store();
    scratch_store file;
    const user ann = add_user(*server, "ann@example.org");
    file.write([&](transaction& tx) { EXPECT_TRUE(tx.insert_user(ann)); });

    std::mt19937 dice{5};
    const std::vector<std::string> parts{"milk", "Mül",     "e-mail", "C++",        "東京", "東", "x",   "'",    "\"",
                                         "*",    "milkman", "MILK",   "naïve",      "ﬁ",    "½",  "a_b", "ß",    ":",
                                         "OR",   "-",       "1.5",    "u\u0308ber", "%",    "_",  "\\",  "👍🏽", "👍",
                                         "+",    "の",      "ก",      "ł",          "l",    "ss", "…",   "€"};
    const auto some_text = [&] {
        std::string text;
        for (unsigned i = 1 + dice() % 4; i > 0; --i)
            text += parts[dice() % parts.size()] + (dice() % 3 == 0 ? "" : " ");
        return text;
    };
    write(*server, [&](transaction& tx) {
        for (int i = 0; i < 80; ++i) {
            task made = make_task(tx, ann.id, some_text());
            made.description = some_text();
            EXPECT_TRUE(tx.insert_task(made));
            file.write([&](transaction& other) { EXPECT_TRUE(other.insert_task(made)); });
        }
    });
    std::size_t found = 0;
    for (int i = 0; i < 200; ++i) {
        task_filter filter;
        filter.text = some_text();
        const auto ids = [&](const transaction& tx) {
            std::vector<task_id> listed;
            for (const task& each : tx.list_tasks(ann.id, filter, {}).tasks)
                listed.push_back(each.id);
            return listed;
        };
        const auto here = read_and_wait(*server, ids);
        EXPECT_EQ(here, file.read(ids)) << *filter.text;
        found += here.size();
    }
    EXPECT_GT(found, 200u);
}

}  // namespace rondo::test
