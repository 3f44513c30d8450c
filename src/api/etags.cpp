#include "api/etags.hpp"

#include <charconv>
#include <cstdint>

namespace rondo {

namespace {

/// 64-bit FNV-1a: it needs no secret, since a client gains nothing from two equal entity tags of its own tasks.
class fnv {
public:
    void add(std::string_view text) {
        for (const char c : text)
            add_byte(static_cast<unsigned char>(c));
        add_byte(0xff);  // in no UTF-8: ("ab", "c") is not ("a", "bc")
    }
    void add(const uuid& id) {
        for (const std::uint8_t byte : id.bytes)
            add_byte(byte);
    }
    std::uint64_t value() const { return hash_; }

private:
    void add_byte(std::uint64_t byte) { hash_ = (hash_ ^ byte) * 0x100000001b3; }
    std::uint64_t hash_ = 0xcbf29ce484222325;
};

void append_number(std::string& text, std::uint64_t number, int base) {
    char digits[20];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), number, base).ptr;
    text.append(digits, end);
}

/// Calls `visit(opaque-tag with its quotes, whether weak)` for each of a list until it returns true. Stops at what is
/// no list.
template <class Visit>
bool any_of_list(std::string_view list, Visit visit) {
    for (;;) {
        const auto next = list.find_first_not_of(" \t,");
        if (next == std::string_view::npos)
            return false;
        list.remove_prefix(next);
        const bool weak = list.starts_with("W/");
        if (weak)
            list.remove_prefix(2);
        const auto end = list.starts_with('"') ? list.find('"', 1) : std::string_view::npos;
        if (end == std::string_view::npos)
            return false;
        if (visit(list.substr(0, end + 1), weak))
            return true;
        list.remove_prefix(end + 1);
    }
}

}  // namespace

std::string etag_of(const task& shown) {
    std::string etag = "\"";
    append_number(etag, static_cast<std::uint64_t>(shown.version), 10);
    if (!shown.tags.empty()) {
        fnv hash;
        for (const tag& one : shown.tags) {
            hash.add(one.id.value);
            hash.add(one.name);
            hash.add(one.color);
        }
        etag += '-';
        append_number(etag, hash.value(), 16);
    }
    etag += '"';
    return etag;
}

bool satisfies_if_match(std::string_view condition, std::string_view etag) {
    return condition == "*" ||
           any_of_list(condition, [&](std::string_view one, bool weak) { return !weak && one == etag; });
}

bool names_etag(std::string_view condition, std::string_view etag) {
    return condition == "*" || any_of_list(condition, [&](std::string_view one, bool) { return one == etag; });
}

}  // namespace rondo
