#include "store/text_keys.hpp"

#include "telemetry/log.hpp"
#include "text/keys.hpp"

namespace rondo {

bool text_keys_state::is_complete() const {
    return rules == text_rules() && !done_to;
}

void tell(const merged_tags& merged) {
    if (merged.tags > 0)
        log(log_level::info, "Tags with the same name were merged into the oldest of them",
            {{"merged", std::to_string(merged.tags)},
             {"users", std::to_string(merged.users)},
             {"ties_moved", std::to_string(merged.ties)}});
}

}  // namespace rondo
