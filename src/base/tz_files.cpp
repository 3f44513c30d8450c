#include "base/tz_files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

namespace rondo {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t zone_file_bytes_max = 1 << 20;
constexpr int folders_deep_max = 3;  // America/Argentina/Buenos_Aires
constexpr std::size_t links_deep_max = 4;

/// Factory is what a machine has before anyone chose a zone; the others are this machine's own zone, and all zones once
/// more.
bool stands_for_a_zone(std::string_view name) {
    static constexpr std::array<std::string_view, 4> none{"Factory", "localtime", "posixrules", "leapseconds"};
    return !name.empty() && std::ranges::find(none, name) == none.end() && !name.starts_with("posix/") &&
           !name.starts_with("right/") && !name.starts_with('/') && name.find("..") == std::string_view::npos;
}

/// Names, and for those that are links what they mean.
struct listing {
    std::string version = "unknown";
    std::map<std::string, std::string, std::less<>> names;
};

std::string_view take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    const auto word = line.substr(0, line.find(' '));
    line.remove_prefix(word.size());
    return word;
}

/// `Z name …` begins a zone, `L target name` is another name of one; the first line is `# version 2026b`.
std::optional<listing> read_list(const fs::path& folder) {
    std::ifstream text{folder / "tzdata.zi"};
    if (!text)
        return std::nullopt;
    listing found;
    for (std::string line; std::getline(text, line);) {
        std::string_view rest = line;
        const auto kind = take_word(rest);
        if (kind != "Z" && kind != "L" && kind != "#")
            continue;
        const auto first = take_word(rest), second = take_word(rest);
        if (kind == "#" && first == "version" && !second.empty() && found.names.empty())
            found.version = second;
        else if (kind == "Z" && stands_for_a_zone(first))
            found.names.try_emplace(std::string{first});
        else if (kind == "L" && stands_for_a_zone(second))
            found.names.try_emplace(std::string{second}, first);
    }
    return found;
}

listing list_folder(const fs::path& folder) {
    listing found;
    std::error_code unreadable;
    for (auto at = fs::recursive_directory_iterator{folder, unreadable}; !unreadable && at != fs::end(at);
         at.increment(unreadable)) {
        const std::string name = at->path().lexically_relative(folder).string();
        std::error_code gone;
        if (at->is_directory(gone)) {
            if (name == "posix" || name == "right" || at.depth() + 1 >= folders_deep_max)
                at.disable_recursion_pending();
        } else if (stands_for_a_zone(name)) {
            std::array<char, 4> magic{};
            std::ifstream{at->path(), std::ios::binary}.read(magic.data(), magic.size());
            if (std::string_view{magic.data(), magic.size()} == "TZif")
                found.names.try_emplace(name);
        }
    }
    return found;
}

listing list_names(const fs::path& folder) {
    auto listed = read_list(folder);
    if (listed && !listed->names.empty())
        return *std::move(listed);
    listing found = list_folder(folder);
    if (listed)
        found.version = listed->version;
    return found;
}

struct found_file {
    std::string path;
    struct stat seen;
};

std::optional<found_file> look_at(std::string path) {
    found_file found{.path = std::move(path), .seen = {}};
    if (::stat(found.path.c_str(), &found.seen) != 0 || !S_ISREG(found.seen.st_mode))
        return std::nullopt;
    return found;
}

/// The file of a name, or of what it means.
std::optional<found_file> file_of(const fs::path& folder, const listing& list, std::string_view name) {
    for (std::size_t steps = 0; steps <= links_deep_max && !name.empty(); ++steps) {
        if (auto file = look_at(folder.native() + '/' + std::string{name}))
            return file;
        const auto known = list.names.find(name);
        if (known == list.names.end())
            return std::nullopt;
        name = known->second;
    }
    return std::nullopt;
}

/// Not more than the file had when it was looked at, nor than a zone file can have.
std::string read_file(const found_file& file) {
    std::string content;
    content.resize(std::min<std::size_t>(static_cast<std::size_t>(file.seen.st_size), zone_file_bytes_max));
    std::ifstream from{file.path, std::ios::binary};
    from.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(from.gcount()));
    return content;
}

/// A file that is written anew, or another one in its place, differs in one of these.
void append_state(std::string& state, const struct stat& seen) {
    for (const auto part :
         {static_cast<std::int64_t>(seen.st_dev), static_cast<std::int64_t>(seen.st_ino),
          static_cast<std::int64_t>(seen.st_size), static_cast<std::int64_t>(seen.st_mtim.tv_sec),
          static_cast<std::int64_t>(seen.st_mtim.tv_nsec), static_cast<std::int64_t>(seen.st_ctim.tv_sec),
          static_cast<std::int64_t>(seen.st_ctim.tv_nsec)})
        state.append(reinterpret_cast<const char*>(&part), sizeof part);
}

/// Calls `visit(name, file)` for each name, `file` where it has one, and gives the state of all.
template <class Visit>
std::string visit_files(const fs::path& folder, const listing& list, Visit visit) {
    std::string state;
    for (const auto& [name, means] : list.names) {
        const auto file = file_of(folder, list, name);
        if (file) {
            state += name;
            append_state(state, file->seen);
        }
        visit(name, file);
    }
    if (const auto text = look_at(folder / "tzdata.zi"); text && !state.empty())
        append_state(state, text->seen);
    return state;
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
    return number;
}

constexpr std::size_t header_bytes = 44;

/// The length of the header at the front and of the data that it announces, with times of so many bytes; nothing if it
/// is no header. RFC 9636, sections 3.1 and 3.2.
std::optional<std::uint64_t> block_length(std::string_view bytes, std::uint64_t time_bytes) {
    if (bytes.size() < header_bytes || !bytes.starts_with("TZif"))
        return std::nullopt;
    const std::uint64_t utc = number_at(bytes, 20), standard = number_at(bytes, 24), leaps = number_at(bytes, 28),
                        times = number_at(bytes, 32), types = number_at(bytes, 36), letters = number_at(bytes, 40);
    if (leaps != 0 || types == 0 || letters == 0)
        return std::nullopt;
    return header_bytes + times * (time_bytes + 1) + types * 6 + letters + standard + utc;
}

}  // namespace

fs::path tz_folder() {
    const char* chosen = std::getenv("TZDIR");
    return chosen != nullptr && *chosen != '\0' ? chosen : "/usr/share/zoneinfo";
}

tz_files read_tz_files() {
    tz_files read{.folder = tz_folder()};
    const listing list = list_names(read.folder);
    read.version = list.version;
    std::map<std::string, std::shared_ptr<const std::string>> contents;
    read.state = visit_files(read.folder, list, [&](const std::string& name, const std::optional<found_file>& file) {
        if (!file) {
            read.without_file.push_back(name);
            return;
        }
        auto& content = contents[file->path];
        if (content == nullptr)
            content = std::make_shared<const std::string>(read_file(*file));
        read.zones.emplace(name, content);
    });
    return read;
}

std::string look_at_tz_files() {
    const fs::path folder = tz_folder();
    return visit_files(folder, list_names(folder), [](const auto&, const auto&) {});
}

bool is_tzif(std::string_view content) {
    const auto first = block_length(content, 4);
    if (!first || *first > content.size())
        return false;
    if (content[4] == '\0')  // the first version ends here
        return *first == content.size();
    content.remove_prefix(*first);
    const auto second = block_length(content, 8);
    if (!second || *second + 2 > content.size())
        return false;
    // Then the rule for what comes after, between two line ends.
    const auto rule = content.substr(*second);
    return rule.front() == '\n' && rule.find('\n', 1) == rule.size() - 1;
}

}  // namespace rondo
