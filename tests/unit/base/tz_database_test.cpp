// A tz database of the test's own in a folder that TZDIR names, and what becomes of zones when it changes.

#include "base/tz_database.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "base/time_zone.hpp"
#include "base/tz_files.hpp"
#include "base/zone_table.hpp"

namespace rondo {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const fs::path system_zones = "/usr/share/zoneinfo";
constexpr std::string_view usual_list =
    "# version 2026a\nZ Europe/Berlin 1 - CET\nZ Asia/Tokyo 9 - JST\nZ America/New_York -5 - EST\n"
    "Z Asia/Kathmandu 5:45 - +0545\nL America/New_York US/Eastern\nZ Factory 0 - -00\n";

std::string content_of(std::string_view zone) {
    std::ostringstream text;
    text << std::ifstream{system_zones / zone, std::ios::binary}.rdbuf();
    return text.str();
}

void write_file(const fs::path& path, std::string_view content) {
    fs::create_directories(path.parent_path());
    std::ofstream{path, std::ios::binary} << content;
}

/// The process reads TZDIR at its first zone.
const fs::path& folder() {
    static const struct scratch {
        fs::path path = fs::temp_directory_path() / ("rondo-zones-" + std::to_string(::getpid()));
        ~scratch() { fs::remove_all(path); }
    } made;
    return made.path;
}

void write_usual(const fs::path& into) {
    for (const auto* name : {"Europe/Berlin", "Asia/Tokyo", "America/New_York", "Asia/Kathmandu"})
        write_file(into / name, content_of(name));
    write_file(into / "Factory", content_of("Etc/GMT"));
    write_file(into / "tzdata.zi", usual_list);
}

constexpr std::chrono::sys_seconds winter{sys_days{2030y / 1 / 15}};

class tz_database_test : public testing::Test {
protected:
    static void SetUpTestSuite() {
        write_usual(folder());
        ::setenv("TZDIR", folder().c_str(), 1);
    }

    void SetUp() override {
        fs::remove_all(folder());
        write_usual(folder());
        settle();
        ASSERT_EQ(berlin().offset_at(winter), 1h);
    }

    static time_zone berlin() { return time_zone::find("Europe/Berlin").value(); }

    /// Looks as often as it takes.
    tz_watch::seen settle() {
        auto seen = watch.look();
        if (seen == tz_watch::seen::writing)
            seen = watch.look();
        return seen;
    }

    tz_watch watch;
};

TEST_F(tz_database_test, SaysWhatItIs) {
    EXPECT_EQ(tz_database_in_use().version, "2026a");
    EXPECT_EQ(tz_database_in_use().folder, folder());
    EXPECT_THAT(time_zone::names(),
                ElementsAre("America/New_York", "Asia/Kathmandu", "Asia/Tokyo", "Europe/Berlin", "US/Eastern"));
}

TEST_F(tz_database_test, ReadsALinkWithoutAFileFromWhatItMeans) {
    EXPECT_FALSE(fs::exists(folder() / "US/Eastern"));
    const auto found = time_zone::find("US/Eastern");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->name(), "US/Eastern");
    EXPECT_EQ(found->offset_at(winter), -5h);
}

TEST_F(tz_database_test, HasNoNamesThatStandForNoZone) {
    std::string list{usual_list};
    for (const auto* name : {"Factory", "localtime", "posixrules", "posix/Europe/Berlin", "right/Europe/Berlin",
                             "leapseconds", "../outside", "/etc/localtime"}) {
        list += "Z " + std::string{name} + " 0 - -00\n";
        if (name[0] != '/' && name[0] != '.')
            write_file(folder() / name, content_of("Asia/Tokyo"));
    }
    write_file(folder() / "tzdata.zi", list);
    settle();
    EXPECT_THAT(time_zone::names(), testing::SizeIs(5));
    EXPECT_FALSE(time_zone::find("Factory"));
}

TEST_F(tz_database_test, IsTakenAfterTwoEqualLooks) {
    const time_zone held = berlin();
    ASSERT_EQ(watch.look(), tz_watch::seen::same);
    write_file(folder() / "Europe/Berlin", content_of("Asia/Tokyo"));
    EXPECT_EQ(watch.look(), tz_watch::seen::writing);
    EXPECT_EQ(held.offset_at(winter), 1h);
    write_file(folder() / "tzdata.zi", "# version 2026b\n" + std::string{usual_list.substr(16)});
    EXPECT_EQ(watch.look(), tz_watch::seen::writing);
    EXPECT_EQ(watch.look(), tz_watch::seen::taken);
    EXPECT_EQ(watch.look(), tz_watch::seen::same);
    EXPECT_EQ(tz_database_in_use().version, "2026b");
    EXPECT_EQ(held.offset_at(winter), 9h) << "a handle from before";
    EXPECT_EQ(held, berlin()) << "one zone, before and after";
}

TEST_F(tz_database_test, WithTheSameContentChangesNothing) {
    const fs::path aside = folder().string() + "-aside";
    fs::rename(folder(), aside);
    write_usual(folder());
    fs::remove_all(aside);
    EXPECT_EQ(watch.look(), tz_watch::seen::writing);
    EXPECT_EQ(watch.look(), tz_watch::seen::same);
    EXPECT_EQ(watch.look(), tz_watch::seen::same);
}

// Files as a writer who was interrupted leaves them, of a zone in use and of one that nobody has asked for.
TEST_F(tz_database_test, IsRefusedWhileAFileIsNotWhole) {
    const std::string whole = content_of("Asia/Tokyo");
    std::string with_leap_seconds = whole;
    with_leap_seconds[31] = 1;
    const std::string broken[] = {"",
                                  whole.substr(0, 3),
                                  whole.substr(0, 44),
                                  whole.substr(0, whole.size() / 2),
                                  whole.substr(0, whole.size() - 1),
                                  std::string(whole.size(), '\0'),
                                  whole + "x",
                                  with_leap_seconds,
                                  "no zone file\n"};
    for (const auto* name : {"Europe/Berlin", "Asia/Kathmandu"})
        for (const std::string& content : broken) {
            EXPECT_FALSE(is_tzif(content));
            write_file(folder() / "Asia/Tokyo", content_of("Europe/Berlin"));  // whole by itself
            write_file(folder() / name, content);
            ASSERT_EQ(settle(), tz_watch::seen::refused) << name << ' ' << content.size();
            EXPECT_THAT(watch.trouble(), HasSubstr(name));
            EXPECT_EQ(watch.look(), tz_watch::seen::refused);
            EXPECT_EQ(berlin().offset_at(winter), 1h);
            EXPECT_EQ(time_zone::find("Asia/Tokyo")->offset_at(winter), 9h);
            write_usual(folder());
            EXPECT_EQ(settle(), tz_watch::seen::same);
        }
}

TEST_F(tz_database_test, IsRefusedWhileFilesThatItListsAreMissing) {
    for (const auto* name : {"Europe/Berlin", "Asia/Tokyo", "Asia/Kathmandu", "America/New_York"}) {
        fs::remove(folder() / name);
        ASSERT_EQ(settle(), tz_watch::seen::refused) << name;
        EXPECT_THAT(watch.trouble(), HasSubstr(name));
        EXPECT_TRUE(time_zone::find(name));
        write_usual(folder());
        EXPECT_EQ(settle(), tz_watch::seen::same);
    }
}

TEST_F(tz_database_test, IsKeptWhileItIsAwayAndTakenWhenItIsBack) {
    const fs::path aside = folder().string() + "-aside";
    fs::rename(folder(), aside);
    EXPECT_EQ(settle(), tz_watch::seen::refused);
    EXPECT_THAT(watch.trouble(), HasSubstr(folder().string()));
    EXPECT_EQ(berlin().offset_at(winter), 1h);
    EXPECT_EQ(time_zone::find("Asia/Kathmandu")->offset_at(winter), 5h + 45min) << "one that nobody asked for before";
    fs::rename(aside, folder());
    EXPECT_EQ(settle(), tz_watch::seen::same);
    write_file(folder() / "Europe/Berlin", content_of("Asia/Tokyo"));
    EXPECT_EQ(settle(), tz_watch::seen::taken);
    EXPECT_EQ(berlin().offset_at(winter), 9h);
}

TEST_F(tz_database_test, ThatLosesAZoneKeepsItsRulesForWhatIsStored) {
    const time_zone held = berlin();
    write_file(folder() / "tzdata.zi", "# version 2026b\nZ Asia/Tokyo 9 - JST\n");
    fs::remove_all(folder() / "Europe");
    EXPECT_EQ(settle(), tz_watch::seen::taken);
    EXPECT_FALSE(time_zone::find("Europe/Berlin"));
    EXPECT_THAT(time_zone::names(), ElementsAre("Asia/Tokyo"));
    EXPECT_EQ(held.offset_at(winter), 1h);
    EXPECT_EQ(time_zone::of_stored("Europe/Berlin"), held);
    EXPECT_THAT(tz_database_in_use().missing, Contains("Europe/Berlin"));
    write_usual(folder());
    EXPECT_EQ(settle(), tz_watch::seen::taken);
    EXPECT_EQ(berlin(), held);
    EXPECT_THAT(tz_database_in_use().missing, Not(Contains("Europe/Berlin")));
}

TEST_F(tz_database_test, GivesAStoredRowUtcForAZoneThatItNeverHad) {
    for (const auto* name : {"Mars/Base", "Factory", "US/Pacific-New", "Antarctica/Atlantis", "America/Chile"}) {
        const time_zone stored = time_zone::of_stored(name);
        EXPECT_EQ(stored.name(), name);
        EXPECT_EQ(stored.offset_at(winter), 0s);
        EXPECT_EQ(stored.to_instant(std::chrono::local_seconds{winter.time_since_epoch()}).at, winter);
        EXPECT_EQ(stored, time_zone::of_stored(name));
        EXPECT_NE(stored, time_zone{});
        EXPECT_FALSE(time_zone::find(name));
        EXPECT_THAT(tz_database_in_use().missing, Contains(name));
    }
    // It comes: what is held goes by it.
    const time_zone stored = time_zone::of_stored("Mars/Base");
    write_file(folder() / "Mars/Base", content_of("Asia/Tokyo"));
    write_file(folder() / "tzdata.zi", std::string{usual_list} + "Z Mars/Base 9 - MST\n");
    EXPECT_EQ(settle(), tz_watch::seen::taken);
    EXPECT_EQ(stored.offset_at(winter), 9h);
    EXPECT_EQ(time_zone::find("Mars/Base"), stored);
}

TEST_F(tz_database_test, WithoutAListHasTheZoneFilesOfItsFolder) {
    fs::remove(folder() / "tzdata.zi");
    write_file(folder() / "posix/Europe/Berlin", content_of("Europe/Berlin"));
    write_file(folder() / "right/Europe/Berlin", content_of("Europe/Berlin"));
    write_file(folder() / "America/Argentina/Ushuaia", content_of("America/Argentina/Ushuaia"));
    write_file(folder() / "localtime", content_of("Europe/Berlin"));
    write_file(folder() / "zone1970.tab", "no zone file");
    EXPECT_EQ(settle(), tz_watch::seen::taken);
    EXPECT_EQ(tz_database_in_use().version, "unknown");
    EXPECT_THAT(time_zone::names(), ElementsAre("America/Argentina/Ushuaia", "America/New_York", "Asia/Kathmandu",
                                                "Asia/Tokyo", "Europe/Berlin"));
}

TEST_F(tz_database_test, WithAListThatNamesNoneHasTheZoneFilesOfItsFolder) {
    for (const auto* list : {"", "\n", "# version 2031a\n", "# version \n", "nothing\n", "Z Factory 0 - -00\n"}) {
        write_usual(folder());
        write_file(folder() / "tzdata.zi", list);
        const tz_files read = read_tz_files();
        EXPECT_EQ(read.zones.size(), 4U) << list;
        EXPECT_EQ(read.version, list == std::string_view{"# version 2031a\n"} ? "2031a" : "unknown");
        EXPECT_EQ(read.state, look_at_tz_files());
    }
}

TEST_F(tz_database_test, ChangesUnderThreadsThatUseIt) {
    std::atomic<bool> done = false;
    std::atomic<int> neither = 0, calls = 0;
    std::vector<std::jthread> users;
    for (int i = 0; i < 3; ++i)
        users.emplace_back([&] {
            const time_zone held = berlin();
            while (!done) {
                const auto found = time_zone::find("Europe/Berlin").value();
                for (const auto offset : {held.offset_at(winter), found.offset_at(winter)})
                    neither += offset != 1h && offset != 9h;
                ++calls;
            }
        });
    for (int i = 0; i < 40; ++i) {
        write_file(folder() / "Europe/Berlin", content_of(i % 2 == 0 ? "Asia/Tokyo" : "Europe/Berlin"));
        ASSERT_EQ(settle(), tz_watch::seen::taken);
        time_zone::of_stored("New/" + std::to_string(i));
    }
    while (calls < 100)
        std::this_thread::yield();
    done = true;
    users.clear();
    EXPECT_EQ(neither, 0);
}

TEST(tz_age, CountsFromTheDayOnWhichAVersionWasOut) {
    const sys_days today = 2026y / 11 / 30;
    EXPECT_EQ(tz_age("2025b", today), days{618});
    EXPECT_EQ(tz_age("2026f", today), days{33});
    EXPECT_EQ(tz_age("2025b-rearguard", today), days{618});
    EXPECT_EQ(tz_age("2019c", today), days{2526}) << "from the end of its year";
    EXPECT_EQ(tz_age("2026zz", today), days{0}) << "it may be of today";
    EXPECT_EQ(tz_age("2028a", today), days{0});
    for (const auto* version : {"", "unknown", "2026", "26b", "b2026", "2026B", "20266b"})
        EXPECT_FALSE(tz_age(version, today)) << version;
}

TEST(tz_warning, IsGivenForAnOldDatabase) {
    const sys_days today = 2026y / 11 / 30;
    for (const auto* version : {"2025b", "2024a", "2019c", "2023d", "2016j-1-gabc"})
        EXPECT_THAT(tz_warning(version, "unknown", today).value_or(""),
                    testing::AllOf(HasSubstr("days old"), HasSubstr("tzdata")))
            << version;
    for (const auto* version : {"2026f", "2026a", "2025c", "2027a", "unknown"})
        EXPECT_FALSE(tz_warning(version, "unknown", today)) << version;
    const sys_days out = 2025y / 3 / 22;
    EXPECT_FALSE(tz_warning("2025b", "2025b", out + tz_age_max));
    EXPECT_TRUE(tz_warning("2025b", "2025b", out + tz_age_max + days{1}));
}

TEST(tz_warning, IsGivenForOneOlderThanTheProgramWasBuiltWith) {
    const sys_days today = 2026y / 11 / 30;
    for (const auto& [used, built] : {std::pair{"2026e", "2026f"},
                                      {"2025c", "2026a"},
                                      {"2026a", "2027b"},
                                      {"2026z", "2026za"},
                                      {"2026a-rearguard", "2026b"}})
        EXPECT_THAT(tz_warning(used, built, today).value_or(""),
                    testing::AllOf(HasSubstr("built with"), HasSubstr("tzdata")))
            << used << ' ' << built;
    for (const auto& [used, built] : {std::pair{"2026f", "2026f"},
                                      {"2026f", "2026e"},
                                      {"2027a", "2026z"},
                                      {"2026za", "2026z"},
                                      {"2026f-rearguard", "2026f"},
                                      {"2026f", "unknown"},
                                      {"unknown", "2026f"}})
        EXPECT_FALSE(tz_warning(used, built, today)) << used << ' ' << built;
    EXPECT_NE(tz_version_built_with(), "");
}

TEST(tz_files, AreWholeForEachZoneOfTheSystem) {
    const char* chosen = std::getenv("TZDIR");
    const std::string before = chosen != nullptr ? chosen : "";
    ::unsetenv("TZDIR");
    const tz_files found = read_tz_files();
    if (!before.empty())
        ::setenv("TZDIR", before.c_str(), 1);
    EXPECT_GT(found.zones.size(), 400U);
    for (const auto& [name, content] : found.zones)
        EXPECT_TRUE(is_tzif(*content)) << name;
}

// What comes and goes is read once: the zone library keeps it for ever.
TEST_F(tz_database_test, ReadsEachContentOnce) {
    const auto& rules = [] { return zone_table::instance().find("Europe/Berlin")->rules.load(); };
    const zone_rules* first = rules();
    for (int i = 0; i < 5; ++i) {
        write_file(folder() / "Europe/Berlin", content_of("Asia/Tokyo"));
        ASSERT_EQ(settle(), tz_watch::seen::taken);
        EXPECT_NE(rules(), first);
        EXPECT_EQ(rules(), zone_table::instance().find("Asia/Tokyo")->rules.load());
        write_usual(folder());
        ASSERT_EQ(settle(), tz_watch::seen::taken);
        EXPECT_EQ(rules(), first);
    }
}

}  // namespace
}  // namespace rondo
