#pragma once
// The query of `GET /api/tasks`, in and out.

#include "api/services.hpp"
#include "domain/user.hpp"
#include "http/message.hpp"
#include "store/tasks.hpp"

namespace rondo {

inline constexpr std::size_t page_limit_max = 1000;
inline constexpr std::size_t page_offset_max = 10'000;
inline constexpr std::size_t search_text_max = 200;     // characters
inline constexpr std::size_t tag_filters_max = 20;

struct task_query {
    task_filter filter;
    page_request page;
    std::size_t offset = 0;  ///< rows to leave out before the page, for clients that page by number
};

/// Dates and times without an offset are read in the user's zone. Every parameter that does not fit is named, unknown
/// ones too.
result<task_query> read_task_query(const http::request& asked, const user& owner, const services& with);

/// The `Link` to the page after `end`: the same query, going on from there.
std::string link_to_next_page(const http::request& asked, const user& owner, const page_request& page,
                              const task_cursor& end, const services& with);

}  // namespace rondo
