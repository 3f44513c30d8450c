#include <algorithm>
#include <optional>
#include <utility>

#include "api/for_users.hpp"
#include "api/routes.hpp"
#include "api/tasks/task_json.hpp"
#include "api/wire/json_reader.hpp"
#include "api/wire/problems.hpp"
#include "api/wire/request_body.hpp"
#include "api/wire/responses.hpp"
#include "usecases/tags/tags.hpp"

namespace rondo {

namespace {

http::response no_such_tag() {
    return problem_response({.code = errc::not_found, .detail = "There is no such tag."});
}

bool is_color(std::string_view text) {
    const auto is_digit = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    return text.size() == 7 && text.front() == '#' && std::ranges::all_of(text.substr(1), is_digit);
}

struct tag_fields {
    std::optional<std::string> name;
    std::optional<std::string> color;
};

enum class tag_body : bool { of_new_tag, of_change };

result<tag_fields> read_tag_fields(const http::request& asked, tag_body kind) {
    const auto object = read_json_object(asked);
    if (!object)
        return std::unexpected(object.error());
    object_reader body{
        *object, kind == tag_body::of_new_tag ? object_reader::nulls::are_absent : object_reader::nulls::are_values};
    const object_reader::text_bounds name_bounds{.min = 1, .max = tag_name_max, .trim = true};
    tag_fields fields;
    fields.name =
        kind == tag_body::of_new_tag ? body.required_text("name", name_bounds) : body.text("name", name_bounds);
    fields.color = body.text("color", {});
    if (fields.color && !is_color(*fields.color))
        body.add_fault("color", "must be like #3B82F6");
    if (kind == tag_body::of_change)  // a tag as it was given out can be sent back
        body.ignore({"id", "user_id", "created_at", "task_count"});
    if (auto ended = body.finish(); !ended)
        return std::unexpected(std::move(ended.error()));
    return fields;
}

async<http::response> list(const services& with, const caller& asking, http::request&) {
    const auto tags =
        co_await read(with.data, [owner = asking.user.id](const transaction& tx) { return tx.list_tags(owner); });
    co_return json_response(200, to_json(tags));
}

async<planned_change> create(const services&, const caller& asking, http::request& asked) {
    auto fields = read_tag_fields(asked, tag_body::of_new_tag);
    if (!fields)
        co_return problem_response(fields.error());
    co_return [who = asking.who, fields = *std::move(fields)](transaction& tx) {
        return answered(create_tag(tx, who, *fields.name, fields.color.value_or(tag_default_color)),
                        [](const tag& created) {
                            return json_response(201, to_json(tag_count{.tag = created, .task_count = 0}))
                                .with("Location", "/api/tags/" + to_string(created.id));
                        });
    };
}

async<http::response> show(const services& with, const caller& asking, http::request& asked) {
    const auto id = parse_id<tag_id>(asked.params.at(0));
    if (!id)
        co_return no_such_tag();
    const auto found = co_await read(
        with.data, [owner = asking.user.id, id = *id](const transaction& tx) { return tx.find_tag(owner, id); });
    co_return found ? json_response(200, to_json(*found)) : no_such_tag();
}

async<planned_change> change(const services&, const caller& asking, http::request& asked) {
    const auto id = parse_id<tag_id>(asked.params.at(0));
    if (!id)
        co_return no_such_tag();
    auto fields = read_tag_fields(asked, tag_body::of_change);
    if (!fields)
        co_return problem_response(fields.error());
    co_return [who = asking.who, id = *id, fields = *std::move(fields)](transaction& tx) {
        return answered(change_tag(tx, who, id, fields.name, fields.color),
                        [](const tag_count& changed) { return json_response(200, to_json(changed)); });
    };
}

async<planned_change> remove(const services&, const caller& asking, http::request& asked) {
    const auto id = parse_id<tag_id>(asked.params.at(0));
    if (!id)
        co_return no_such_tag();
    co_return [owner = asking.user.id, id = *id](transaction& tx) {
        return result<done_change>{{.answer = tx.delete_tag(owner, id) ? no_content() : no_such_tag()}};
    };
}

}  // namespace

void add_tag_routes(http::router& routes, const services& with) {
    on_get(routes, with, "/api/tags", list);
    on_change(routes, with, http::method::post, "/api/tags", create);
    on_get(routes, with, "/api/tags/{id}", show);
    on_change(routes, with, http::method::put, "/api/tags/{id}", change);
    on_change(routes, with, http::method::del, "/api/tags/{id}", remove);
}

}  // namespace rondo
