#pragma once
// Reads the query of a request parameter by parameter, collecting every fault.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "http/message.hpp"

namespace rondo {

/// What `object_reader` is to a body. Each getter notes a fault (with the pointer `?name`) when the parameter does not
/// fit or comes twice, and gives nothing then as when it is absent; read them all, then call `finish()`.
class query_fields {
public:
    explicit query_fields(const http::request& asked) : query_{asked.query} {}

    /// Valid UTF-8 without NUL, which lives as long as the request.
    std::optional<std::string_view> text(std::string_view name);
    /// The same of a parameter that may come several times.
    std::vector<std::string_view> texts(std::string_view name);
    std::optional<std::size_t> count(std::string_view name, std::size_t min, std::size_t max);
    /// `2026-02-08`.
    std::optional<std::chrono::local_days> date(std::string_view name);
    std::optional<bool> truth(std::string_view name);
    template <class Id>
    std::optional<Id> id(std::string_view name) {
        return parsed(name, parse_id<Id>, "must be a UUID");
    }
    /// What `parse` makes of the text; where it makes nothing, `otherwise` is the fault.
    template <class Parse>
    std::invoke_result_t<Parse, std::string_view> parsed(std::string_view name, Parse parse,
                                                         std::string_view otherwise) {
        const auto given = text(name);
        auto found = given ? parse(*given) : std::nullopt;
        if (given && !found)
            refuse(name, std::string{otherwise});
        return found;
    }

    void refuse(std::string_view name, std::string message);

    /// The faults so far and one for every parameter that nobody asked for, in the order of the query; or success.
    result<void> finish();

private:
    std::size_t place_of(const fault& of) const;

    const std::vector<http::header>& query_;
    std::vector<std::string_view> known_;
    std::vector<fault> faults_;
};

/// The refusal of a query for reasons that only the database knows.
std::unexpected<error> refuse_query(std::string_view name, std::string message);

}  // namespace rondo
