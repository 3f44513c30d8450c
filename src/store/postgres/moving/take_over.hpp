#pragma once

#include <optional>
#include <string>

#include "store/moving/take_over.hpp"

namespace rondo::postgres {

/// Takes over a schema with the tables of the FastAPI backend: in one transaction they are called `fastapi_users` and so
/// on, and ours are made of their rows. Nothing for any other schema. Throws `fatal` with one line when it cannot; then
/// nothing has been written. The report is kept in the table `fastapi_report`.
std::optional<take_over_outcome> take_over(const std::string& url);

}  // namespace rondo::postgres
