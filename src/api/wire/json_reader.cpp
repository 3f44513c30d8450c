#include "api/wire/json_reader.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include "api/wire/field_names.hpp"

namespace rondo {

namespace json = boost::json;

namespace {

/// Builds the document while Boost.JSON's parser reads it, and refuses what that parser lets through. It knows the
/// way to the value being read, for the message.
class strict_handler {
public:
    static constexpr std::size_t max_object_size = json_keys_max;
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();

    json::value release() { return values_.release(); }

    /// Why this handler (rather than the parser) stopped; empty when it did not.
    const std::string& refusal() const { return refusal_; }

    std::string pointer() const {
        std::string path;
        for (const level& at : levels_) {
            if (at.array)
                path += '/' + std::to_string(at.index);
            else if (at.in_member)
                append_pointer_segment(path, last_key_of(at));
        }
        return path;
    }

    bool on_document_begin(json::error_code&) {
        values_.reset();
        return true;
    }
    bool on_document_end(json::error_code&) { return true; }

    bool on_object_begin(json::error_code&) {
        levels_.push_back({.first_key = key_ends_.size()});
        return true;
    }

    bool on_object_end(std::size_t count, json::error_code& ec) {
        if (const auto twice = duplicate_key(levels_.back())) {
            levels_.back().in_member = false;
            return refuse("the key " + shown(*twice) + " is there twice", ec);
        }
        drop_keys(levels_.back().first_key);
        levels_.pop_back();
        values_.push_object(count);
        value_ended();
        return true;
    }

    bool on_array_begin(json::error_code&) {
        levels_.push_back({.array = true, .first_key = key_ends_.size()});
        return true;
    }

    bool on_array_end(std::size_t count, json::error_code&) {
        levels_.pop_back();
        values_.push_array(count);
        value_ended();
        return true;
    }

    bool on_key_part(json::string_view part, std::size_t, json::error_code& ec) {
        keys_.append(part.data(), part.size());
        values_.push_chars(part);
        return no_nul(part, ec);
    }

    bool on_key(json::string_view part, std::size_t, json::error_code& ec) {
        values_.push_key(part);
        if (!no_nul(part, ec))
            return false;
        keys_.append(part.data(), part.size());
        key_ends_.push_back(keys_.size());
        levels_.back().in_member = true;
        return true;
    }

    bool on_string_part(json::string_view part, std::size_t, json::error_code& ec) {
        values_.push_chars(part);
        return no_nul(part, ec);
    }

    bool on_string(json::string_view part, std::size_t, json::error_code& ec) {
        values_.push_string(part);
        if (!no_nul(part, ec))
            return false;
        value_ended();
        return true;
    }

    bool on_number_part(json::string_view part, json::error_code&) {
        note_number(part);
        return true;
    }

    bool on_int64(std::int64_t number, json::string_view text, json::error_code& ec) {
        values_.push_int64(number);
        return number_ended(text, ec);
    }

    bool on_uint64(std::uint64_t number, json::string_view text, json::error_code& ec) {
        values_.push_uint64(number);
        return number_ended(text, ec);
    }

    bool on_double(double number, json::string_view text, json::error_code& ec) {
        // An integer beyond 64 bits arrives here too, already rounded.
        const bool integer = number_is_integer_ && text.find_first_of(".eE") == json::string_view::npos;
        if (integer || !std::isfinite(number))
            return refuse("the number is out of range", ec);
        values_.push_double(number);
        return number_ended(text, ec);
    }

    bool on_bool(bool value, json::error_code&) {
        values_.push_bool(value);
        value_ended();
        return true;
    }

    bool on_null(json::error_code&) {
        values_.push_null();
        value_ended();
        return true;
    }

    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

private:
    /// An array or object that is open. The keys of all open objects lie one after another in `keys_`.
    struct level {
        bool array = false;
        bool in_member = false;  ///< the value of the object's last key is being read
        std::size_t index = 0;  ///< of the array's next element
        std::size_t first_key = 0;  ///< in `key_ends_`
    };

    std::string_view key(std::size_t number) const {
        const std::size_t begin = number == 0 ? 0 : key_ends_[number - 1];
        return std::string_view{keys_}.substr(begin, key_ends_[number] - begin);
    }

    std::string_view last_key_of(const level& object) const {
        const auto next = static_cast<std::size_t>(&object - levels_.data()) + 1;
        return key((next < levels_.size() ? levels_[next].first_key : key_ends_.size()) - 1);
    }

    void drop_keys(std::size_t from) {
        key_ends_.resize(from);
        keys_.resize(from == 0 ? 0 : key_ends_.back());
    }

    std::optional<std::string_view> duplicate_key(const level& object) {
        sorted_.clear();
        for (std::size_t i = object.first_key; i < key_ends_.size(); ++i)
            sorted_.push_back(key(i));
        std::ranges::sort(sorted_);
        const auto twice = std::ranges::adjacent_find(sorted_);
        return twice == sorted_.end() ? std::nullopt : std::optional{*twice};
    }

    void value_ended() {
        if (levels_.empty())
            return;
        if (levels_.back().array)
            ++levels_.back().index;
        else
            levels_.back().in_member = false;
    }

    void note_number(json::string_view part) {
        number_length_ += part.size();
        number_is_integer_ = number_is_integer_ && part.find_first_of(".eE") == json::string_view::npos;
    }

    bool number_ended(json::string_view text, json::error_code& ec) {
        note_number(text);
        if (number_length_ > json_number_length_max)
            return refuse("the number is too long", ec);
        number_length_ = 0;
        number_is_integer_ = true;
        value_ended();
        return true;
    }

    bool no_nul(json::string_view part, json::error_code& ec) {
        if (part.find('\0') == json::string_view::npos)
            return true;
        return refuse("a string must not contain NUL (U+0000)", ec);
    }

    bool refuse(std::string why, json::error_code& ec) {
        refusal_ = std::move(why);
        ec = json::error::syntax;
        return false;
    }

    json::value_stack values_;
    std::vector<level> levels_;
    std::string keys_;
    std::vector<std::size_t> key_ends_;
    std::vector<std::string_view> sorted_;
    std::size_t number_length_ = 0;
    bool number_is_integer_ = true;
    std::string refusal_;
};

/// Whether the text ends with the \u escape of a leading surrogate, whose other half did not come.
bool ends_with_half_a_pair(std::string_view text) {
    if (text.size() < 6)
        return false;
    const std::string_view escape = text.substr(text.size() - 6);
    return escape.starts_with("\\u") && (escape[2] == 'd' || escape[2] == 'D') &&
           std::string_view{"89abAB"}.contains(escape[3]);
}

/// Why the parser stopped after `read`.
std::string reason_of(const json::error_code& ec, std::string_view read) {
    if (ec == json::error::incomplete)
        return "it ends too early";
    if (ec == json::error::extra_data)
        return "there is more text after the value";
    if (ec == json::error::too_deep)
        return "it is nested deeper than " + std::to_string(json_depth_max) + " levels";
    if (ec == json::error::object_too_large)
        return "an object has more than " + std::to_string(json_keys_max) + " keys";
    if (ec == json::error::exponent_overflow)
        return "the number is out of range";
    if (ec == json::error::illegal_leading_surrogate || ec == json::error::illegal_trailing_surrogate ||
        ec == json::error::expected_utf16_escape || ends_with_half_a_pair(read))
        return "a \\u escape is half of a surrogate pair";
    return "it is not valid JSON in UTF-8";
}

bool is_integer(double number) {
    return std::trunc(number) == number;
}

/// The integer a JSON number stands for (1.0 is 1), if it is one that fits 64 bits.
std::optional<std::int64_t> integer_of(const json::value& number) {
    if (const auto* exact = number.if_int64())
        return *exact;
    if (const auto* floating = number.if_double();
        floating != nullptr && is_integer(*floating) && std::abs(*floating) <= 9007199254740992.0)
        return static_cast<std::int64_t>(*floating);
    return std::nullopt;
}

}  // namespace

result<json::value> parse_json(std::string_view text) {
    json::parse_options options;
    options.max_depth = json_depth_max;
    json::basic_parser<strict_handler> parser{options};
    json::error_code ec;
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    const std::size_t begin = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    const std::size_t read = begin + parser.write_some(false, text.data() + begin, text.size() - begin, ec);
    if (!ec && read < text.size())
        ec = json::error::extra_data;
    if (!ec)
        return parser.handler().release();

    const auto& handler = parser.handler();
    std::string detail = "The text is not acceptable JSON: ";
    detail += handler.refusal().empty() ? reason_of(ec, text.substr(0, read)) : handler.refusal();
    detail += " (byte " + std::to_string(read);
    if (const std::string pointer = handler.pointer(); !pointer.empty())
        detail += ", at " + cut(pointer);
    return fail(errc::malformed, detail + ").");
}

object_reader::object_reader(const json::object& object, nulls what) : object_{object}, nulls_{what} {}

const json::value* object_reader::find(std::string_view name) {
    if (std::ranges::find(known_, name) == known_.end())
        known_.push_back(name);
    const auto* value = object_.if_contains(name);
    return value != nullptr && value->is_null() && nulls_ == nulls::are_absent ? nullptr : value;
}

bool object_reader::has(std::string_view name) {
    return find(name) != nullptr;
}

bool object_reader::is_null(std::string_view name) {
    const auto* value = find(name);
    return value != nullptr && value->is_null();
}

std::optional<std::string> object_reader::text(std::string_view name, text_bounds bounds) {
    const auto* value = find(name);
    if (value == nullptr)
        return std::nullopt;
    const auto* string = value->if_string();
    if (string == nullptr) {
        add_fault(name, "must be a string");
        return std::nullopt;
    }
    std::string_view read{string->data(), string->size()};
    if (bounds.trim)
        read = trimmed(read);
    const std::size_t count = character_count(read);
    if (count < bounds.min) {
        add_fault(name, bounds.min == 1 ? "must not be empty"
                                        : "must have at least " + std::to_string(bounds.min) + " characters");
        return std::nullopt;
    }
    if (count > bounds.max) {
        add_fault(name,
                  "must have at most " + std::to_string(bounds.max) + " characters, not " + std::to_string(count));
        return std::nullopt;
    }
    return std::string{read};
}

std::optional<std::string> object_reader::required_text(std::string_view name, text_bounds bounds) {
    if (!has(name)) {
        add_fault(name, "is required");
        return std::nullopt;
    }
    return text(name, bounds);
}

std::optional<std::int64_t> object_reader::integer(std::string_view name, std::int64_t min, std::int64_t max) {
    const auto* value = find(name);
    if (value == nullptr)
        return std::nullopt;
    const auto number = integer_of(*value);
    if (!number && !value->is_uint64()) {
        add_fault(name, "must be an integer");
        return std::nullopt;
    }
    if (!number || *number < min || *number > max) {
        add_fault(name, "must be an integer from " + std::to_string(min) + " to " + std::to_string(max));
        return std::nullopt;
    }
    return number;
}

std::optional<bool> object_reader::boolean(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr)
        return std::nullopt;
    if (const auto* truth = value->if_bool())
        return *truth;
    add_fault(name, "must be true or false");
    return std::nullopt;
}

const json::array* object_reader::array(std::string_view name, std::size_t max) {
    const auto* value = find(name);
    if (value == nullptr)
        return nullptr;
    const auto* elements = value->if_array();
    if (elements == nullptr) {
        add_fault(name, "must be an array");
        return nullptr;
    }
    if (elements->size() > max) {
        add_fault(name,
                  "must have at most " + std::to_string(max) + " elements, not " + std::to_string(elements->size()));
        return nullptr;
    }
    return elements;
}

void object_reader::ignore(std::initializer_list<std::string_view> names) {
    known_.insert(known_.end(), names);
}

void object_reader::add_fault(std::string_view name, std::string message) {
    std::string pointer;
    append_pointer_segment(pointer, name);
    faults_.push_back({std::move(pointer), std::move(message)});
}

void object_reader::add_faults(std::vector<fault> more) {
    std::ranges::move(more, std::back_inserter(faults_));
}

result<void> object_reader::finish(std::string_view detail) {
    for (const auto& member : object_) {
        const std::string_view name{member.key().data(), member.key().size()};
        if (std::ranges::find(known_, name) != known_.end())
            continue;
        const auto meant = likely_name(name, known_);
        add_fault(cut(name),
                  meant ? "is not a known field; did you mean " + shown(*meant) + "?" : "is not a known field");
    }
    if (faults_.empty())
        return {};
    return std::unexpected(error{.code = errc::invalid, .detail = std::string{detail}, .faults = std::move(faults_)});
}

}  // namespace rondo
