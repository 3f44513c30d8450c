#pragma once
// What a word may be of a day or a time, whatever stands around it. The grammar reads phrases; these marks are how it is
// seen that a part of one was left over.

#include <cstdint>
#include <string_view>

namespace rondo::quick {

enum mark : std::uint32_t {
    weekday_mark = 1u << 0,  ///< `fri`, `friday`, `fridays`, `friday's`
    month_mark = 1u << 1,  ///< `jan`, `january`
    number_mark = 1u << 2,  ///< `20`, `five`, `2.5`
    ordinal_mark = 1u << 3,  ///< `27th`
    place_mark = 1u << 4,  ///< `first`, `last`
    clock_mark = 1u << 5,  ///< `8pm`, `8:30`, `noon`, `o'clock`, `2pm-3pm`
    digits_mark = 1u << 6,  ///< `12/1`, `24.12.2026`
    length_mark = 1u << 7,  ///< `1h`, `90min`
    unit_mark = 1u << 8,  ///< `week`, `hours`
    every_mark = 1u << 9,  ///< `every`, `each`
    adverb_mark = 1u << 10,  ///< `daily`, `hourly`, `3x`
    day_mark = 1u << 11,  ///< `today`, `tomorrow`, `eom`
    part_mark = 1u << 12,  ///< `morning`
    parts_mark = 1u << 13,  ///< `mornings`
    holiday_mark = 1u << 14,  ///< `christmas`
    fraction_mark = 1u << 15,  ///< `half`, `quarter`, `couple`, `few`
    zone_mark = 1u << 16,  ///< `utc`, `cet`
    link_mark = 1u << 17,  ///< `and`, `to`, `-`, `of`: joins what stands at its two sides
    thing_mark = 1u << 18,  ///< `chapter`, `room`: the number behind it is its own
    change_mark = 1u << 21,  ///< `end`, `later`, `same time`: makes another day or time of what stands beside it
    begin_mark = 1u << 20,  ///< with a link: may begin a phrase, as `at` does and `and` does not
    common_mark = 1u << 19,  ///< with another: an everyday word as well, such as `sun` or `may`
};

/// The marks of a word in lower case, whatever brackets, quotes and punctuation are around it.
std::uint32_t marks_of(std::string_view word);

}  // namespace rondo::quick
