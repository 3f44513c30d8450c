#pragma once
// The files of a compiled tz database in a folder: which zones there are, and what their files hold (RFC 9636).

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

struct tz_files {
    std::filesystem::path folder{};
    std::string version{};  ///< "2026b", as the first line of tzdata.zi says it; "unknown" without that line
    std::map<std::string, std::shared_ptr<const std::string>, std::less<>>
        zones{};  ///< what the file of each name holds
    std::vector<std::string>
        without_file{};  ///< names in tzdata.zi that neither have a file nor mean a name that has; sorted
    std::string state{};  ///< what the file system says of these files; another when one was changed
};

/// $TZDIR, or /usr/share/zoneinfo.
std::filesystem::path tz_folder();

/// The names are those of tzdata.zi, the whole database in one text. A name that is a link there (US/Eastern) is read
/// from the file of what it means if it has none itself: Debian 13 keeps the old names' files in a package of their
/// own. Without a tzdata.zi, or with one that names none, they are those of the zone files in the folder. Names that stand
/// for no zone are left out (Factory, localtime, posixrules, posix/…, right/…). No zones when nothing can be read.
tz_files read_tz_files();

/// `tz_files::state` as it is now, without reading what is in the zones' files. Empty when there are none.
std::string look_at_tz_files();

/// Whether this is a whole TZif file, of any version, that counts no leap seconds.
bool is_tzif(std::string_view content);

}  // namespace rondo
