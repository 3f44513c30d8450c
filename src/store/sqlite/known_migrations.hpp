#pragma once

#include <string_view>
#include <vector>

namespace rondo::sqlite {

/// One step of the schema. The files lie in src/store/migrations/sqlite; the build puts them into the binary.
struct migration {
    int version;
    std::string_view name;  ///< "0001_initial"
    std::string_view up;
    std::string_view down;  ///< its first line, a comment, says what is lost
};

/// All of them, oldest first.
const std::vector<migration>& known_migrations();

}  // namespace rondo::sqlite
