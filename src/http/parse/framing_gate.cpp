#include "http/parse/framing_gate.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "http/parse/target.hpp"
#include "http/text.hpp"

namespace rondo::http {

namespace {

constexpr std::size_t method_bytes_max = 32;
constexpr std::size_t length_digits_max = 18;      // stays below 2^63
constexpr std::size_t chunk_digits_max = 16;
constexpr std::size_t extension_bytes_max = 256;

enum byte_class : std::uint8_t { token_byte = 1, target_byte = 2, value_byte = 4 };

constexpr std::array<std::uint8_t, 256> classes = [] {
    std::array<std::uint8_t, 256> made{};
    const auto mark = [&made](std::string_view bytes, byte_class as) {
        for (const char c : bytes)
            made[static_cast<unsigned char>(c)] |= as;
    };
    constexpr std::string_view alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    mark(alphanumeric, token_byte);
    mark("!#$%&'*+-.^_`|~", token_byte);
    for (std::size_t c = 0; c < 256; ++c) {
        if (c > 0x20 && c < 0x7f && c != '#')
            made[c] |= target_byte;
        if ((c >= 0x20 && c != 0x7f) || c == '\t')  // above 0x7f: UTF-8 in values is common and harmless
            made[c] |= value_byte;
    }
    return made;
}();

bool is(char c, byte_class wanted) {
    return (classes[static_cast<unsigned char>(c)] & wanted) != 0;
}

constexpr std::string_view version_start = "HTTP/1.";

}  // namespace

void head_gate::restart() {
    at_ = begin_ = part_ = fields_ = 0;
    minor_version_ = 0;
    state_ = state::method;
    refused_ = false;
}

head_gate::progress head_gate::refuse(unsigned status, std::string_view why, unreadable what) {
    refused_ = true;
    why_ = {status, why, what};
    return progress::refused;
}

head_gate::progress head_gate::scan(std::string_view received) {
    if (refused_)
        return progress::refused;
    const std::string_view seen = received.substr(0, bounds_.header_bytes_max);
    for (; at_ < seen.size(); ++at_) {
        const char c = seen[at_];
        switch (state_) {
            case state::method:
                if (is(c, token_byte) && at_ - begin_ < method_bytes_max)
                    break;
                if (c == '\r' && at_ == 0) {  // some clients end a body with a line break too: RFC 9112, section 2.2
                    state_ = state::leading_line_end;
                    break;
                }
                if (c != ' ' || at_ == begin_)
                    return refuse(400, "The request line does not begin with a method.");
                state_ = state::target;
                part_ = at_ + 1;
                break;
            case state::leading_line_end:
                if (c != '\n')
                    return refuse(400, "A carriage return stands alone before the request line.");
                state_ = state::method;
                begin_ = at_ + 1;
                break;
            case state::target:
                if (is(c, target_byte)) {
                    if (at_ - part_ == bounds_.target_bytes_max)
                        return refuse(414, "The request target is too long.");
                    break;
                }
                if (c != ' ' || at_ == part_)
                    return refuse(400, not_a_target);
                state_ = state::version;
                part_ = at_ + 1;
                break;
            case state::version: {
                const std::size_t i = at_ - part_;
                const bool fits = i < version_start.size()    ? c == version_start[i]
                                  : i == version_start.size() ? is_digit(c)
                                                              : c == '\r';
                if (!fits)
                    return refuse(400, "The request line does not end with HTTP/1.1 or another HTTP/1.x.");
                if (i == version_start.size())
                    minor_version_ = static_cast<unsigned>(c - '0');
                if (c == '\r')
                    state_ = state::line_end;
                break;
            }
            case state::line_end:
                if (c != '\n')
                    return refuse(400, "A carriage return stands alone in the header.", unreadable::header);
                state_ = state::line_start;
                break;
            case state::line_start:
                if (c == '\r') {
                    state_ = state::last_line_end;
                    break;
                }
                if (!is(c, token_byte))
                    return refuse(400, "A header line does not begin with a field name.", unreadable::header);
                if (++fields_ > bounds_.header_fields_max)
                    return refuse(431, "The request has too many header fields.");
                state_ = state::name;
                break;
            case state::name:
                if (is(c, token_byte))
                    break;
                if (c != ':')
                    return refuse(400, "A field name holds a character that does not belong there.",
                                  unreadable::header);
                state_ = state::value_start;
                break;
            case state::value_start:  // blanks only: a tab here is read differently by different programs
                if (c == ' ')
                    break;
                if (c == '\t')
                    return refuse(400, "A field value begins with a tab.", unreadable::header);
                state_ = state::value;
                [[fallthrough]];
            case state::value:
                while (is(seen[at_], value_byte) && at_ + 1 < seen.size())
                    ++at_;
                if (is(seen[at_], value_byte))
                    break;
                if (seen[at_] != '\r')
                    return refuse(400, "A field value holds a control character.", unreadable::header);
                if (seen[at_ - 1] == '\t')
                    return refuse(400, "A field value ends with a tab.", unreadable::header);
                state_ = state::line_end;
                break;
            case state::last_line_end:
                if (c != '\n')
                    return refuse(400, "A carriage return stands alone in the header.", unreadable::header);
                ++at_;
                return progress::complete;
        }
    }
    if (at_ == bounds_.header_bytes_max)
        return refuse(431, "The request's header is too large.");
    return progress::more;
}

namespace {

std::optional<std::uint64_t> read_length(std::string_view digits) {
    if (digits.empty() || digits.size() > length_digits_max || !std::ranges::all_of(digits, is_digit))
        return std::nullopt;
    std::uint64_t length = 0;
    for (const char c : digits)
        length = length * 10 + static_cast<std::uint64_t>(c - '0');
    return length;
}

}  // namespace

std::expected<framing, refusal> framing_of(const std::vector<header>& headers, bool http_1_0) {
    const auto refuse = [](unsigned status, std::string_view why, unreadable what = {}) {
        return std::unexpected(refusal{status, why, what});
    };
    framing found;
    unsigned hosts = 0;
    unsigned lengths = 0;
    unsigned codings = 0;
    std::string_view expect;
    bool encoded = false;
    for (const auto& [name, value] : headers) {
        if (equal_ignoring_case(name, "host")) {
            ++hosts;
            if (!is_authority(value))
                return refuse(400, "The Host header is not a host.", unreadable::host);
        } else if (equal_ignoring_case(name, "content-length")) {
            const auto length = read_length(value);
            if (++lengths > 1 || !length)
                return refuse(400, "The Content-Length is not one decimal number.", unreadable::length);
            found.length = *length;
        } else if (equal_ignoring_case(name, "transfer-encoding")) {
            if (++codings > 1 || !equal_ignoring_case(value, "chunked"))
                return refuse(400, "The only Transfer-Encoding understood is chunked, once.", unreadable::length);
            found.chunked = true;
        } else if (equal_ignoring_case(name, "content-encoding")) {
            encoded = encoded || !equal_ignoring_case(value, "identity");
        } else if (equal_ignoring_case(name, "expect")) {
            expect = value;
        }
    }
    if (hosts == 0 && !http_1_0)
        return refuse(400, "Send a Host header: a request of HTTP/1.1 has exactly one.", unreadable::no_host);
    if (hosts > 1)
        return refuse(400, "A request has exactly one Host header.", unreadable::host);
    if (codings > 0 && lengths > 0)
        return refuse(400, "Content-Length and Transfer-Encoding contradict each other.", unreadable::length);
    if (codings > 0 && http_1_0)
        return refuse(400, "HTTP/1.0 has no Transfer-Encoding.", unreadable::length);
    if (encoded && found.has_body())
        return refuse(415, "Send the body without a Content-Encoding.");
    if (!expect.empty() && !http_1_0) {
        if (!equal_ignoring_case(expect, "100-continue"))
            return refuse(417, "The only expectation understood is 100-continue.");
        found.expects_continue = found.has_body();
    }
    return found;
}

chunk_decoder::progress chunk_decoder::decode(std::string_view& input, std::string& body, std::size_t body_max) {
    while (!input.empty()) {
        const char c = input.front();
        switch (state_) {
            case state::size:
                if (const int digit = hex_value(c); digit >= 0 && digits_ < chunk_digits_max) {
                    ++digits_;
                    left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
                } else if (digits_ > 0 && (c == ';' || c == '\r')) {
                    state_ = c == ';' ? state::extension : state::size_end;
                } else {
                    return progress::malformed;
                }
                break;
            case state::extension:  // ignored, but only if it is plain text
                if (c == '\r')
                    state_ = state::size_end;
                else if (c < 0x20 || c == 0x7f || ++extension_bytes_ > extension_bytes_max)
                    return progress::malformed;
                break;
            case state::size_end:
                if (c != '\n')
                    return progress::malformed;
                if (left_ > body_max - body.size())
                    return progress::too_large;
                state_ = left_ == 0 ? state::last_cr : state::data;
                digits_ = extension_bytes_ = 0;
                break;
            case state::data: {
                const std::string_view data = input.substr(0, left_);
                body += data;
                left_ -= data.size();
                input.remove_prefix(data.size());
                if (left_ == 0)
                    state_ = state::data_cr;
                continue;
            }
            case state::data_cr:
                if (c != '\r')
                    return progress::malformed;
                state_ = state::data_lf;
                break;
            case state::data_lf:
                if (c != '\n')
                    return progress::malformed;
                state_ = state::size;
                break;
            case state::last_cr:  // anything else would be a trailer
                if (c != '\r')
                    return progress::malformed;
                state_ = state::last_lf;
                break;
            case state::last_lf:
                if (c != '\n')
                    return progress::malformed;
                input.remove_prefix(1);
                return progress::complete;
        }
        input.remove_prefix(1);
    }
    return progress::more;
}

}  // namespace rondo::http
