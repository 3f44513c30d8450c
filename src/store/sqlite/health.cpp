#include "store/sqlite/health.hpp"

#include "telemetry/log.hpp"

namespace rondo::sqlite {

void health::failed(const database_error& failure) {
    const std::lock_guard lock{mutex_};
    if (damaged_)
        return;
    const int kind = failure.code() & 0xff;
    damaged_ = kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB;
    if (well_ || damaged_)
        log(log_level::error, "Database trouble", {{.name = "reason", .value = failure.what()}});
    what_ = failure.what();
    well_.store(false, std::memory_order_release);
}

void health::wrote() {
    if (is_well())
        return;
    const std::lock_guard lock{mutex_};
    if (damaged_)
        return;
    well_.store(true, std::memory_order_release);
    log(log_level::info, "Database writes again");
}

std::optional<std::string> health::trouble() const {
    if (is_well())
        return std::nullopt;
    const std::lock_guard lock{mutex_};
    return what_;
}

}  // namespace rondo::sqlite
