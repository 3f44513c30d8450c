#include "store/postgres/database_url.hpp"

#include <libpq-fe.h>

#include <map>
#include <memory>

namespace rondo::postgres {

bool is_postgres(std::string_view url) {
    const auto mark = url.find("://");
    if (mark == url.npos)
        return false;
    std::string_view scheme = url.substr(0, mark);
    scheme = scheme.substr(0, scheme.find('+'));
    return scheme == "postgresql" || scheme == "postgres";
}

std::optional<database_url> read_url(std::string_view url) {
    if (url.find('\0') != url.npos)
        return std::nullopt;
    database_url read{.text = "postgresql" + std::string{url.substr(url.find("://"))}, .shown = {}};
    const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options{
        PQconninfoParse(read.text.c_str(), nullptr), PQconninfoFree};
    if (!options)  // what libpq says of it may quote the password
        return std::nullopt;
    std::map<std::string_view, std::string> given;
    for (const PQconninfoOption* each = options.get(); each->keyword != nullptr; ++each)
        if (each->val != nullptr)
            given[each->keyword] = each->val;
    read.shown = "postgresql://";
    if (given.contains("user"))
        read.shown += given["user"] + "@";
    read.shown += given.contains("host") ? given["host"] : given["hostaddr"];
    if (given.contains("port"))
        read.shown += ":" + given["port"];
    read.shown += "/" + given["dbname"];
    return read;
}

}  // namespace rondo::postgres
