// Whatever bytes come in: they are refused in a clean message, or they are what Boost.JSON makes of them too, and
// written out and read again they are the same (but for fractions, which Boost.JSON reads to within a last digit).

#include <cstdint>
#include <cstdlib>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "api/wire/json_reader.hpp"

namespace json = boost::json;

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto parsed = rondo::parse_json(text);
    require(rondo::is_clean_text(rondo::cut(rondo::is_clean_text(text) ? text : "")));
    if (!parsed) {
        require(rondo::is_clean_text(parsed.error().detail) && parsed.error().detail.size() < 300);
        return 0;
    }
    require(rondo::is_clean_text(text));
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // passed over by us alone
    const auto rest = text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
    require(*parsed == json::parse({rest.data(), rest.size()}));
    if (text.find_first_of(".eE") == std::string_view::npos) {
        const auto again = rondo::parse_json(json::serialize(*parsed));
        require(again && *again == *parsed);
    }

    if (const auto* object = parsed->if_object()) {
        rondo::object_reader reader{*object};
        reader.text("title", {.min = 1, .max = 5, .trim = true});
        reader.integer("interval", 1, 999);
        reader.boolean("done");
        reader.array("tags", 3);
        if (const auto ended = reader.finish(); !ended)
            for (const rondo::fault& one : ended.error().faults)
                require(rondo::is_clean_text(one.pointer) && rondo::is_clean_text(one.message));
    }
    return 0;
}
