#pragma once
// Which tz database the time zones are read from, how old it is, and what becomes of it while the process runs.

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

struct tz_database {
    std::string version;               ///< "2026b"; "unknown" where the files do not tell
    std::filesystem::path folder;
    std::vector<std::string> missing{};  ///< zones of stored rows that it has not
};

/// The one that time_zone goes by. Thread-safe; throws `fatal` when the system has none.
tz_database tz_database_in_use();

/// The version on the machine where this program was built; "unknown" where it had none.
std::string_view tz_version_built_with();

/// The day by which a version was out, for "2026b" and the like. Exact for those that were known when this was written;
/// for a later one the last day of the year in its name, so that no database is taken for older than it is.
std::optional<std::chrono::sys_days> tz_out_by(std::string_view version);

/// How long a version has been out, not less than 0; nothing where its name does not tell.
std::optional<std::chrono::days> tz_age(std::string_view version, std::chrono::sys_days today);

inline constexpr std::chrono::days tz_age_max{400};

/// Why it should be brought up to date, and how; nothing while it is younger than `tz_age_max` and not older than what the
/// program was built with.
std::optional<std::string> tz_warning(std::string_view version, std::string_view built_with,
                                      std::chrono::sys_days today);

/// "2026b of /usr/share/zoneinfo, 12 days old": for the log.
std::string describe(const tz_database& used, std::chrono::sys_days today);

/// Follows the files of the database. One thread calls look() now and then.
class tz_watch {
public:
    enum class seen {
        same,  ///< nothing to do
        writing,  ///< another than last time: who writes there may not be done
        taken,  ///< these are the rules from here on
        refused,  ///< changed, but not whole: the rules stay as they were; see trouble()
    };
    /// Takes files that have changed once two looks in a row have seen the same, and all of it can be read. Throws
    /// `fatal` when the process has never had a database.
    seen look();
    /// After `refused`: what is wrong, in a sentence.
    const std::string& trouble() const { return trouble_; }

private:
    std::string last_, judged_, trouble_;
    bool refused_ = false;
};

}  // namespace rondo
