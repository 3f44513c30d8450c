#pragma once
// Reads a JSON body strictly, and its fields by type, collecting every fault of the body.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "api/wire/text.hpp"
#include "base/error.hpp"

namespace rondo {

inline constexpr std::size_t json_depth_max = 32;
inline constexpr std::size_t json_keys_max = 256;          ///< of one object
inline constexpr std::size_t json_number_length_max = 400;  ///< characters

/// Parses one JSON text (RFC 8259), after a UTF-8 byte order mark if there is one, or says where it is not: refuses NUL in strings, duplicate keys, numbers beyond a
/// double's or 64 bits' range, nesting, keys and digits beyond the bounds above, bad UTF-8, trailing text. The error
/// is errc::malformed and names the JSON pointer and the byte.
result<boost::json::value> parse_json(std::string_view text);

/// A JSON object being read field by field. Each getter notes a fault (with a pointer) when the field does not fit,
/// and gives nothing then as when the field is absent; read them all, then call `finish()`, which also notes
/// every field nobody asked for, naming the likely one meant.
class object_reader {
public:
    /// What `null` is: a value, which is none of the types below, or, in the body of something new, as good as absent.
    enum class nulls : bool { are_values, are_absent };

    explicit object_reader(const boost::json::object& object, nulls what = nulls::are_values);

    struct text_bounds {
        std::size_t min = 0;
        std::size_t max = SIZE_MAX;  ///< in characters (code points)
        bool trim = false;
    };

    bool has(std::string_view name);
    bool is_null(std::string_view name);
    std::optional<std::string> text(std::string_view name, text_bounds bounds);
    std::optional<std::string> required_text(std::string_view name, text_bounds bounds);
    std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
    std::optional<bool> boolean(std::string_view name);
    const boost::json::array* array(std::string_view name, std::size_t max);

    /// A field known and not read: the read-only fields of a thing that is sent back.
    void ignore(std::initializer_list<std::string_view> names);
    void add_fault(std::string_view name, std::string message);
    void add_faults(std::vector<fault> more);

    /// The faults so far and one for every unknown field, or success.
    result<void> finish(std::string_view detail = "Some fields of the request do not fit.");

private:
    const boost::json::value* find(std::string_view name);

    const boost::json::object& object_;
    nulls nulls_;
    std::vector<std::string_view> known_;
    std::vector<fault> faults_;
};

}  // namespace rondo
