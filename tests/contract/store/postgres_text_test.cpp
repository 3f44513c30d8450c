// That a search on PostgreSQL finds what it finds on SQLite, whose tokenizer is another.

#include <random>

#include "contract/store/postgres_fixture.hpp"
#include "store/postgres/task_text.hpp"
#include "support/scratch_store.hpp"

namespace rondo::test {

using postgres::word_query;
using postgres::word_vector;
using postgres::words_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(postgres_text, PartsWordsAtWhatIsNeitherLetterNorDigit) {
    EXPECT_THAT(words_of("Buy 2 e-mail's, C++ (really)!"), ElementsAre("buy", "2", "e", "mail", "s", "c", "really"));
    EXPECT_THAT(words_of("東京 ٣ дом_x"), ElementsAre("東京", "٣", "дом", "x"));
    EXPECT_THAT(words_of(" -- \t\n"), IsEmpty());
    EXPECT_THAT(words_of(""), IsEmpty());
    EXPECT_THAT(words_of("a\xff"
                         "b\xc3"),
                ElementsAre("a", "b"))
        << "what is not UTF-8 parts words too";
}

TEST(postgres_text, TakesCaseAndAccentsAway) {
    EXPECT_THAT(words_of("MÜSLI Ärger Ωmega ΣΑΣ"), ElementsAre("musli", "arger", "ωmega", "σασ"));
    EXPECT_THAT(words_of("mu\u0308sli Straße Ǆ"), ElementsAre("musli", "straße", "ǆ"));
}

TEST(postgres_text, CutsWordsThatPostgresWouldRefuse) {
    const auto words = words_of(std::string(10'000, 'x') + " y");
    ASSERT_EQ(words.size(), 2u);
    EXPECT_LE(words[0].size(), 1004u);
    EXPECT_EQ(words[1], "y");
}

TEST(postgres_text, KeepsTheWordsOfTitleAndDescriptionApart) {
    EXPECT_EQ(word_vector("buy milk", "now"), "'buy':1 'milk':2 'now':4 ");
    EXPECT_EQ(word_vector("", ""), "");
}

TEST(postgres_text, AsksForTheWordsOfAWordNextToOneAnother) {
    EXPECT_EQ(word_query({.text = "E-Mail"}), "'e' <-> 'mail'");
    EXPECT_EQ(word_query({.text = "mil", .begins = true}), "'mil':*");
    EXPECT_EQ(word_query({.text = "++", .begins = true}), std::nullopt);
    EXPECT_EQ(word_query({.text = "it's|'x'&!"}), "'it' <-> 's' <-> 'x'") << "nothing in it is syntax";
}

class postgres_search : public on_postgres {};

TEST_F(postgres_search, FindsWhatSqliteFinds) {
    const auto server = open_store();
    scratch_store file;
    const user ann = add_user(*server, "ann@example.org");
    file.write([&](transaction& tx) { EXPECT_TRUE(tx.insert_user(ann)); });

    std::mt19937 dice{5};
    const std::vector<std::string> parts{"milk", "Mül", "e-mail",  "C++",  "東京",  "東",        "x", "'",
                                         "\"",   "*",   "milkman", "MILK", "naïve", "ﬁ",         "½", "a_b",
                                         "ß",    ":",   "OR",      "-",    "1.5",   "u\u0308ber"};
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
