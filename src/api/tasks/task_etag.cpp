#include "api/tasks/task_etag.hpp"

#include <charconv>
#include <cstdint>
#include <string_view>

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

/// By which a due date is shown, in seconds; empty by UTC and without a time of day.
std::string clock_offset(const task& shown) {
    if (!shown.due || shown.due->all_day)
        return {};
    const auto offset = shown.zone.offset_at(shown.zone.to_instant(shown.due->wall).at);
    return offset.count() == 0 ? std::string{} : std::to_string(offset.count());
}

}  // namespace

std::string etag_of(const task& shown) {
    std::string etag = "\"";
    append_number(etag, static_cast<std::uint64_t>(shown.version), 10);
    const std::string offset = clock_offset(shown);
    if (!shown.tags.empty() || !offset.empty()) {
        fnv hash;
        if (!offset.empty())
            hash.add(offset);
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

}  // namespace rondo
