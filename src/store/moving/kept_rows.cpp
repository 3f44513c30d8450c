#include "store/moving/kept_rows.hpp"

#include <algorithm>
#include <cassert>

#include "store/fold.hpp"

namespace rondo {

const std::vector<table_shape>& table_shapes() {
    using enum cell_type;
    static const std::vector<table_shape> all{
        {kept_table::users,
         "users",
         1,
         {{"id", id},
          {"email", text},
          {"name", text},
          {"zone", text},
          {"password_hash", text},
          {"created_at", integer}}},
        {kept_table::sessions,
         "sessions",
         1,
         {{"id", id}, {"owner", id}, {"created_at", integer}, {"revoked_at", integer}, {"agent", text}}},
        {kept_table::refresh_tokens,
         "refresh_tokens",
         1,
         {{"hash", bytes}, {"session", id}, {"expires_at", integer}, {"used_at", integer}}},
        {kept_table::login_throttles,
         "login_throttles",
         1,
         {{"key", text}, {"failures", integer}, {"last_failure_at", integer}, {"blocked_until", integer}}},
        {kept_table::answers,
         "answers",
         2,
         {{"scope", text}, {"key", text}, {"request_hash", bytes}, {"answer", bytes}, {"created_at", integer}}},
        {kept_table::tags,
         "tags",
         1,
         {{"id", id}, {"owner", id}, {"name", text}, {"color", text}, {"created_at", integer}}},
        {kept_table::tasks,
         "tasks",
         1,
         {{"id", id},
          {"owner", id},
          {"title", text},
          {"description", text},
          {"status", integer},
          {"priority", integer},
          {"due_wall", integer},
          {"due_all_day", truth},
          {"due_at", integer},
          {"zone", text},
          {"repeat_type", integer},
          {"repeat_interval", integer},
          {"repeat_rule", text},
          {"repeat_mode", integer},
          {"repeat_end_day", integer},
          {"repeat_end_at", integer},
          {"series_start_wall", integer},
          {"series_start_all_day", truth},
          {"moved_from_wall", integer},
          {"moved_from_all_day", truth},
          {"parent", id},
          {"series", id},
          {"occurrence", integer},
          {"source", id},
          {"ended", integer},
          {"version", integer},
          {"created_at", integer},
          {"updated_at", integer},
          {"completed_at", integer},
          {"deleted_at", integer},
          {"batch", id},
          {"child_made", truth},
          {"repeat_counts_start", truth},
          {"due_second", truth},
          {"moved_from_second", truth}}},
        {kept_table::task_tags, "task_tags", 2, {{"task", id}, {"position", integer}, {"tag", id}}},
        {kept_table::events,
         "events",
         1,
         {{"sequence", integer},
          {"id", id},
          {"type", integer},
          {"owner", id},
          {"subject", id},
          {"at", integer},
          {"traceparent", text},
          {"data", text}}},
        {kept_table::outbox,
         "outbox",
         1,
         {{"sequence", integer},
          {"owner", id},
          {"attempts", integer},
          {"not_before", integer},
          {"handled_locally", truth}}},
        {kept_table::dead_letters,
         "dead_letters",
         1,
         {{"id", integer},
          {"at", integer},
          {"origin", text},
          {"reason", text},
          {"content_type", text},
          {"bytes", bytes}}}};
    return all;
}

const table_shape& shape_of(kept_table which) {
    const table_shape& found = table_shapes().at(static_cast<std::size_t>(which));
    assert(found.which == which);
    return found;
}

std::size_t column_of(const table_shape& table, std::string_view name) {
    const auto found = std::ranges::find(table.columns, name, &kept_column::name);
    assert(found != table.columns.end());
    return static_cast<std::size_t>(found - table.columns.begin());
}

std::string clean_text(std::string_view any, std::string_view instead) {
    std::string text;
    text.reserve(any.size());
    while (!any.empty()) {
        const std::size_t bytes = any.front() == '\0' ? 0 : any.front() > 0 ? 1 : decode_utf8(any).bytes;
        text += bytes == 0 ? instead : any.substr(0, bytes);
        any.remove_prefix(bytes == 0 ? 1 : bytes);
    }
    return text;
}

}  // namespace rondo
