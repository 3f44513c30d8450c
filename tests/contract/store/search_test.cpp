// What a search finds in a text, on every engine: the same table for all of them.

#include <algorithm>
#include <random>

#include "contract/store/instantiate.hpp"

namespace rondo::test {

namespace {

struct row {
    const char* kind;
    const char* text;
    const char* search;
    bool found;
};

constexpr row rows[] = {
    // Words.
    {"words", "Buy milk today", "milk", true},
    {"words", "Buy milk today", "MILK buy", true},
    {"words", "Buy milk today", "milkman", false},
    {"words", "Buy milk today", "mil", true},
    {"words", "Buy milk today", "mil today", false},
    {"words", "Buy milk today", "ilk", false},
    {"words", "Buy milk today", "to", false},
    {"words", "a b c", "b", true},
    {"words", "abc", "b", false},
    // Signs.
    {"signs", "C++ course", "C++", true},
    {"signs", "C course", "C++", false},
    {"signs", "C++ course", "C", true},
    {"signs", "C# course", "C#", true},
    {"signs", "C++ course", "C#", false},
    {"signs", "Learn .NET", ".NET", true},
    {"signs", "Learn net fishing", ".NET", false},
    {"signs", "100 % done", "%", true},
    {"signs", "100 done", "%", false},
    {"signs", "100% sure", "100%", true},
    {"signs", "1000 times", "100%", false},
    {"signs", "1000 times", "100*", false},
    {"signs", "10% off", "1_%", false},
    {"signs", "a*b", "*", true},
    {"signs", "ab", "*", false},
    {"signs", "ab", "a*", false},
    {"signs", "a*b", "a*b", true},
    {"signs", "axb", "a*b", false},
    {"signs", "snake_case", "_", true},
    {"signs", "snake case", "snake_case", false},
    {"signs", "snakeXcase", "snake_case", false},
    {"signs", "5 € each", "€", true},
    {"signs", "5 $ each", "€", false},
    {"signs", "A → B", "→", true},
    {"signs", "A - B", "→", false},
    {"signs", "☑ done", "☑", true},
    {"signs", "☐ done", "☑", false},
    {"signs", "really?", "?", true},
    {"signs", "really", "?", false},
    {"signs", "say \"hi\"", "\"", true},
    {"signs", "say hi", "\"", false},
    {"signs", "say \"hi\"", "\"hi\"", true},
    {"signs", "it's", "'", true},
    {"signs", "back\\slash", "\\", true},
    {"signs", "(maybe)", "(maybe)", true},
    {"signs", "AC/DC", "AC/DC", true},
    {"signs", "AC and DC", "AC/DC", false},
    {"signs", "#home", "#home", true},
    {"signs", "home", "#home", false},
    {"signs", "5½ cups", "½", true},
    {"signs", "12 cups", "½", false},
    {"signs", "Rondo™ is", "Rondo", true},
    {"signs", "Rondo™ is", "™", true},
    {"signs", "№5", "5", true},
    {"signs", "5㎏ flour", "㎏", true},
    {"signs", "don’t", "don't", true},
    {"signs", "don't", "don’t", true},
    {"signs", "e‑mail", "e-mail", true},
    {"signs", "１００％", "100%", true},
    {"signs", "ann@example.org", "ann@example.org", true},
    {"signs", "bob@example.org", "ann@example.org", false},
    {"signs", "see https://example.org/a?b=1", "https://example.org/a?b=1", true},
    {"signs", "see https://example.org/a?b=2", "https://example.org/a?b=1", false},
    {"signs", "version 1.5", "1.5", true},
    {"signs", "version 1 5", "1.5", false},
    // Nothing is syntax.
    {"syntax", "either OR neither", "OR", true},
    {"syntax", "milk", "milk OR bread", false},
    {"syntax", "milk", "NOT bread", false},
    {"syntax", "milk", "title:milk", false},
    {"syntax", "milk & bread", "&", true},
    {"syntax", "milk | bread", "milk|bread", true},
    {"syntax", "milk bread", "milk|bread", false},
    {"syntax", "milk bread", "milk <-> bread", false},
    {"syntax", "milk", "'milk':*", false},
    {"syntax", "milk", "\\milk", false},
    // Emoji.
    {"emoji", "🌱 water", "🌱", true},
    {"emoji", "🌵 water", "🌱", false},
    {"emoji", "water", "🌱", false},
    {"emoji", "👍🏽 ok", "👍🏽", true},
    {"emoji", "👍🏿 ok", "👍🏽", false},
    {"emoji", "👩‍🚀 launch", "👩‍🚀", true},
    {"emoji", "👩‍🔬 launch", "👩‍🚀", false},
    {"emoji", "👩 and 🚀", "👩‍🚀", false},
    {"emoji", "🇩🇪 trip", "🇩🇪", true},
    {"emoji", "🇪🇩🇪🇺 trip", "🇩🇪", false},
    {"emoji", "1️⃣ first", "1️⃣", true},
    {"emoji", "1 first", "1️⃣", false},
    {"emoji", "❤ you", "❤️", true},
    {"emoji", "❤️ you", "❤", true},
    {"emoji", "milk🥛now", "🥛", true},
    {"emoji", "milk🥛now", "milk", true},
    {"emoji", "🏳️‍🌈 pride", "🏳️‍🌈", true},
    // Letters that fold.
    {"letters", "Łódź", "lodz", true},
    {"letters", "lodz", "Łódź", true},
    {"letters", "smørrebrød", "smorrebrod", true},
    {"letters", "đường", "duong", true},
    {"letters", "Straße", "STRASSE", true},
    {"letters", "STRASSE", "straße", true},
    {"letters", "Ærøskøbing", "aeroskobing", true},
    {"letters", "cœur", "coeur", true},
    {"letters", "ıspanak", "ispanak", true},
    {"letters", "İstanbul", "istanbul", true},
    {"letters", "ISPARTA", "ısparta", true},
    {"letters", "ĳsje", "ijsje", true},
    {"letters", "ﬁnd the ﬂoor", "find", true},
    {"letters", "find", "ﬁnd", true},
    {"letters", "eﬃcient", "efficient", true},
    {"letters", "Þór", "thor", true},
    {"letters", "Müsli", "musli", true},
    {"letters", "Mu\u0308sli", "müsli", true},
    {"letters", "ΟΔΟΣ", "οδός", true},
    {"letters", "οδός", "ΟΔΟΣ", true},
    {"letters", "ёлка", "елка", true},
    {"letters", "мой", "мои", false},
    {"letters", "Ａｂｃ", "abc", true},
    {"letters", "H₂O", "h2o", true},
    // Scripts without blanks.
    {"unspaced", "牛乳を買う", "牛乳", true},
    {"unspaced", "牛乳を買う", "買う", true},
    {"unspaced", "牛乳を買う", "乳", true},
    {"unspaced", "牛乳を買う", "豆乳", false},
    {"unspaced", "牛と乳", "牛乳", false},
    {"unspaced", "東京都庁", "京都", true},
    {"unspaced", "在北京大学学习", "大学", true},
    {"unspaced", "在北京大学学习", "北京 学习", true},
    {"unspaced", "コーヒー豆", "ヒー", true},
    {"unspaced", "ｺｰﾋｰ", "コーヒー", true},
    {"unspaced", "ひらがなとカタカナ", "カタ", true},
    {"unspaced", "ซื้อนมที่ตลาด", "ตลาด", true},
    {"unspaced", "ซื้อนมที่ตลาด", "นม", true},
    {"unspaced", "ซื้อนมที่ตลาด", "กาแฟ", false},
    {"unspaced", "ຊື້ນົມ", "ນົມ", true},
    {"unspaced", "ទិញទឹកដោះគោ", "ទឹក", true},
    {"unspaced", "နို့ဝယ်ပါ", "ဝယ်", true},
    {"unspaced", "iPhoneケース", "iphone", true},
    {"unspaced", "iPhoneケース", "ケース", true},
    // Scripts whose marks spell, or do not.
    {"marks", "한국어 공부", "한국어", true},
    {"marks", "\u1112\u1161\u11ab\u1100\u116e\u11a8", "한국", true},
    {"marks", "كِتَابٌ جديد", "كتاب", true},
    {"marks", "كتاب", "كِتَاب", true},
    {"marks", "كـــتاب", "كتاب", true},
    {"marks", "שָׁלוֹם", "שלום", true},
    {"marks", "हिन्दी", "हिन्दी", true},
    {"marks", "हिन्दी सीखो", "हन्द", false},
    {"marks", "தமிழ்", "தமிழ்", true},
    {"marks", "می‌خواهم", "میخواهم", true},
    {"marks", "soft\u00adhyphen", "softhyphen", true},
};

}  // namespace

class search : public store_contract {
protected:
    bool finds(task_id id, const std::string& text) {
        task_filter filter;
        filter.text = text;
        return read([&](const transaction& tx) {
            const auto listed = tx.list_tasks(ann.id, filter, {}).tasks;
            return std::ranges::find(listed, id, &task::id) != listed.end();
        });
    }
    task tagged_with(const std::string& name) {
        task made = make_task(ann.id, "tagged");
        made.tags = {add_tag(ann.id, name)};
        return add(made);
    }
};

TEST_P(search, FindsWhatPeopleMeanInTitlesDescriptionsAndTags) {
    for (const row& each : rows) {
        const std::string told = std::string{each.kind} + ": " + each.search + " in " + each.text;
        const task titled = add_task(ann.id, each.text);
        EXPECT_EQ(finds(titled.id, each.search), each.found) << told;
        task described = make_task(ann.id, "x");
        described.description = std::string{"above "} + each.text + " below";
        EXPECT_EQ(finds(add(described).id, each.search), each.found) << told << ", in a description";
        write([&](transaction& tx) {
            tx.remove_task(ann.id, titled.id);
            tx.remove_task(ann.id, described.id);
        });
    }
}

TEST_P(search, FindsTheSameInTagNames) {
    const std::string longest(50, 'x');
    for (const row& each : rows) {
        const task made = tagged_with(each.text);
        EXPECT_EQ(finds(made.id, each.search), each.found)
            << each.kind << ": " << each.search << " in the tag " << each.text;
        write([&](transaction& tx) { tx.delete_tag(ann.id, made.tags[0].id); });
    }
}

TEST_P(search, KeepsTitleAndDescriptionApart) {
    task made = make_task(ann.id, "牛");
    made.description = "乳 + +";
    add(made);
    EXPECT_FALSE(finds(made.id, "牛乳"));
    EXPECT_TRUE(finds(made.id, "牛 乳"));
    EXPECT_FALSE(finds(made.id,
                       "\u2029"
                       "乳 nothing"));
}

TEST_P(search, FindsAWordFarDownInALongDescription) {
    task made = make_task(ann.id, "long");
    made.description.emplace();
    for (int i = 0; i < 3000; ++i)
        *made.description += "の-";
    *made.description += "e-mail 東京";
    add(made);
    EXPECT_TRUE(finds(made.id, "e-mail"));
    EXPECT_TRUE(finds(made.id, "東京"));
    EXPECT_TRUE(finds(made.id, "の-の-e-mail"));
    EXPECT_FALSE(finds(made.id, "の-の-の東京"));
}

TEST_P(search, LeavesOutWhatHasNeitherWordNorSign) {
    const task made = add_task(ann.id, "anything");
    for (const char* nothing : {"\u200d", "\ufe0f", "\u0301", "\u00ad \u200b", "  "})
        EXPECT_TRUE(finds(made.id, nothing));
    EXPECT_FALSE(finds(made.id, "\u200d nothing"));
}

RONDO_ON_EVERY_ENGINE(search);

// Titles.

class title_sort : public store_contract {
protected:
    std::vector<std::string> sorted(bool descending, std::size_t limit) {
        std::vector<std::string> seen;
        page_request page{.sort = sort_key::title, .descending = descending, .limit = limit, .after = std::nullopt};
        do {
            const auto got = read([&](const transaction& tx) { return tx.list_tasks(ann.id, {}, page); });
            for (const task& each : got.tasks)
                seen.push_back(each.title);
            page.after = got.next;
        } while (page.after);
        return seen;
    }
};

TEST_P(title_sort, IsThatOfTheRootCollationOnEveryPage) {
    const std::vector<std::string> in_order{"- first",  "?",         "#1",         "🌱 plants", "€ 5",     "1 egg",
                                            "2 eggs",   "10 eggs",   "Apfel",      "äpfel",     "Äpfel 2", "Äpfel 10",
                                            "Apfelmus", "Chapter 2", "chapter 10", "Łódź",      "Lyon",    "öl",
                                            "Osten",    "straße",    "Strasse 2",  "Zebra",     "žena",    "Ωmega",
                                            "ёлка",     "жук",       "가",         "あさ",      "アサヒ",  "東京"};
    std::vector<std::string> shuffled = in_order;
    std::ranges::shuffle(shuffled, std::mt19937{3});
    for (const std::string& title : shuffled)
        add_task(ann.id, title);
    std::vector<std::string> reversed{in_order.rbegin(), in_order.rend()};
    for (const std::size_t limit : {1u, 4u, 100u}) {
        EXPECT_EQ(sorted(false, limit), in_order);
        EXPECT_EQ(sorted(true, limit), reversed);
    }
}

TEST_P(title_sort, FollowsATitleAsItChanges) {
    task first = add_task(ann.id, "a");
    add_task(ann.id, "b");
    first.title = "c";
    ++first.version;
    write([&](transaction& tx) { EXPECT_TRUE(tx.update_task(first)); });
    EXPECT_THAT(sorted(false, 1), ::testing::ElementsAre("b", "c"));
}

TEST_P(title_sort, GoesByAgeWhereTitlesAreAlikeForLong) {
    std::string alike;
    for (int i = 0; i < 199; ++i)
        alike += "鱻";
    std::vector<std::string> made;
    for (const char* end : {"c", "a", "b"}) {
        time().advance(std::chrono::milliseconds{2});
        made.push_back(add_task(ann.id, alike + end).title);
    }
    for (const std::size_t limit : {1u, 2u, 3u})
        EXPECT_EQ(sorted(false, limit), made);
}

RONDO_ON_EVERY_ENGINE(title_sort);

}  // namespace rondo::test
