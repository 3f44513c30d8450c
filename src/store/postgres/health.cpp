#include "store/postgres/health.hpp"

#include "telemetry/log.hpp"

namespace rondo::postgres {

void health::failed(const database_error& failure) {
    using kind = database_error::kind;
    if (failure.what_kind() == kind::repeat || failure.what_kind() == kind::busy)
        return;
    const std::lock_guard lock{mutex_};
    if (well_)
        log(log_level::error, "Database trouble", {{.name = "reason", .value = failure.what()}});
    what_ = failure.what();
    well_.store(false, std::memory_order_release);
}

void health::wrote() {
    if (is_well())
        return;
    const std::lock_guard lock{mutex_};
    well_.store(true, std::memory_order_release);
    log(log_level::info, "Database writes again");
}

std::optional<std::string> health::trouble() const {
    if (is_well())
        return std::nullopt;
    const std::lock_guard lock{mutex_};
    return what_;
}

}  // namespace rondo::postgres
