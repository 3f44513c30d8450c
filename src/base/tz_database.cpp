#include "base/tz_database.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/rfc3339.hpp"
#include "base/tz_built_with.hpp"
#include "base/tz_files.hpp"
#include "base/zone_table.hpp"

namespace rondo {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

namespace {

using namespace std::chrono_literals;

struct release {
    std::string_view version;
    year_month_day out;
};

/// By the file NEWS of the tz project; the last three by the day on which Debian had them.
constexpr std::array releases{
    release{"2023a", 2023y / 3 / 22},  release{"2023b", 2023y / 3 / 23},  release{"2023c", 2023y / 3 / 28},
    release{"2023d", 2023y / 12 / 21}, release{"2024a", 2024y / 2 / 1},   release{"2024b", 2024y / 9 / 4},
    release{"2025a", 2025y / 1 / 15},  release{"2025b", 2025y / 3 / 22},  release{"2025c", 2025y / 12 / 10},
    release{"2026a", 2026y / 3 / 1},   release{"2026b", 2026y / 4 / 22},  release{"2026c", 2026y / 7 / 8},
    release{"2026d", 2026y / 10 / 17}, release{"2026e", 2026y / 10 / 17}, release{"2026f", 2026y / 10 / 28},
};

/// "2026b" of "2026b-rearguard"; empty if it is not called like that. The letters after z are za, zb, …: so versions
/// sort as texts.
std::string_view release_in(std::string_view version) {
    const auto digits = version.find_first_not_of("0123456789");
    if (digits != 4)
        return {};
    const auto letters = version.find_first_not_of("abcdefghijklmnopqrstuvwxyz", digits);
    return letters == digits ? std::string_view{} : version.substr(0, letters);
}

constexpr std::string_view what_to_do =
    "Update the package tzdata (Debian: apt-get install tzdata), or take a newer image; the server need not be "
    "restarted.";

}  // namespace

tz_database tz_database_in_use() {
    auto& table = zone_table::instance();
    tz_files used = table.in_use();
    return {.version = std::move(used.version), .folder = std::move(used.folder), .missing = table.missed()};
}

std::string_view tz_version_built_with() {
    return tz_built_with;
}

std::optional<sys_days> tz_out_by(std::string_view version) {
    const auto named = release_in(version);
    if (named.empty())
        return std::nullopt;
    if (const auto* known = std::ranges::find(releases, named, &release::version); known != releases.end())
        return sys_days{known->out};
    int year = 0;
    const auto digits = named.substr(0, 4);
    std::from_chars(digits.data(), digits.data() + digits.size(), year);
    return sys_days{std::chrono::year{year} / 12 / 31};
}

std::optional<days> tz_age(std::string_view version, sys_days today) {
    return tz_out_by(version).transform([&](sys_days out) { return std::max(today - out, days{0}); });
}

std::optional<std::string> tz_warning(std::string_view version, std::string_view built_with, sys_days today) {
    const auto age = tz_age(version, today);
    if (!age)
        return std::nullopt;
    const std::string what = "The tz database is of version " + std::string{release_in(version)};
    if (release_in(version) < release_in(built_with))
        return what + ", older than the " + std::string{release_in(built_with)} +
               " that this program was built with: where clocks have changed since, times are wrong. " +
               std::string{what_to_do};
    if (*age > tz_age_max)
        return what + ", " + std::to_string(age->count()) +
               " days old: where clocks have changed since, times are wrong. " + std::string{what_to_do};
    return std::nullopt;
}

std::string describe(const tz_database& used, sys_days today) {
    const auto age = tz_age(used.version, today);
    return used.version + " of " + used.folder.string() +
           (age ? ", " + std::to_string(age->count()) + " days old" : ", of unknown age");
}

tz_watch::seen tz_watch::look() {
    auto& table = zone_table::instance();
    std::string now = look_at_tz_files();
    const bool still = std::exchange(last_, now) == now;
    if (now == table.in_use().state) {
        refused_ = false;
        judged_.clear();
        return seen::same;
    }
    if (!still)
        return seen::writing;
    if (refused_ && judged_ == now)
        return seen::refused;
    refused_ = true;
    judged_ = now;
    if (now.empty()) {
        trouble_ = "There is no tz database in " + tz_folder().string() + " any more";
        return seen::refused;
    }
    tz_files files = read_tz_files();
    if (files.state != now || look_at_tz_files() != now) {
        refused_ = false;
        return seen::writing;
    }
    const auto result = table.take(std::move(files));
    if (!result.trouble.empty()) {
        trouble_ = result.trouble;
        return seen::refused;
    }
    refused_ = false;
    return result.changed ? seen::taken : seen::same;
}

}  // namespace rondo
