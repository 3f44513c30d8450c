// Whatever text comes in as a rule: what is wrong with it is said in a sentence, or its members come in order, and it can
// be put in words. The first four bytes say where the set begins and after which day a member is looked for.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "api/wire/text.hpp"
#include "domain/recurrence/rrule.hpp"
#include "domain/words/describe.hpp"

namespace {

using namespace rondo;
using namespace std::chrono;

void require(bool holds) {
    if (!holds)
        std::abort();
}

int days_of(const std::uint8_t* bytes) {
    return (bytes[0] << 8 | bytes[1]) * 40;  // up to the year 9147
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 4)
        return 0;
    const local_seconds start = local_days{days{days_of(data)}} + 9h;
    const local_seconds after = local_days{days{days_of(data + 2)}} + 9h;
    const auto parsed = parse_rrule({reinterpret_cast<const char*>(data + 4), size - 4});
    if (!parsed) {
        require(parsed.error().size() < 1000 && parsed.error().ends_with('.'));
        return 0;
    }
    require(!describe(*parsed, due{.wall = start}, {}).empty());
    require(is_clean_text(describe(*parsed, due{.wall = start}, {})));

    const auto next = next_member(*parsed, start, after, {});
    if (!next)
        return 0;
    require(*next > after && *next >= start && *next < local_days{year{10'000} / January / 1});
    require(has_members(*parsed, start, {}));
    require(next_member(*parsed, start, *next - 1s, {}) == next);
    require(next_member(count_out(*parsed, start), start, after, {}) == next);
    const auto second = next_member(*parsed, start, *next, {});
    require(!second || *second > *next);
    return 0;
}
