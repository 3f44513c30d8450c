#pragma once
// The task that a stored event tells of.

#include <optional>

#include "store/outbox.hpp"

namespace rondo {

/// The task as it was after the change: what `encode_event_data` has written, read back. Tags have their names alone;
/// `source`, `ended`, `created_at` and `updated_at` are not told. Of events made before they told the series start, that is
/// missing. Nothing where the data cannot be read (a time zone that is no longer known).
std::optional<task> decode_snapshot(const stored_event& stored);

}  // namespace rondo
