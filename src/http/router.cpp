#include "http/router.hpp"

#include <algorithm>
#include <stdexcept>

namespace rondo::http {

namespace {

/// Takes the first segment off "/a/b/c": gives "a" and leaves "/b/c".
std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    return segment;
}

bool is_placeholder(std::string_view segment) {
    return segment.starts_with('{') && segment.ends_with('}');
}

}  // namespace

bool router::node::ends_here() const {
    return std::ranges::any_of(route_of, [](std::size_t at) { return at != none; });
}

void router::add(method verb, std::string pattern, handler answer, route_options options) {
    if (!pattern.starts_with('/'))
        throw std::logic_error{"route pattern without a leading slash: " + pattern};
    std::size_t at = 0;
    for (std::string_view rest = pattern; !rest.empty();) {
        const std::string_view segment = take_segment(rest);
        const auto& texts = nodes_[at].text;
        const auto known =
            std::ranges::find(texts, segment, [](const auto& edge) { return std::string_view{edge.first}; });
        std::size_t next = is_placeholder(segment) ? nodes_[at].placeholder
                           : known != texts.end()  ? known->second
                                                   : none;
        if (next == none) {
            next = nodes_.size();
            if (is_placeholder(segment))
                nodes_[at].placeholder = next;
            else
                nodes_[at].text.emplace_back(segment, next);
            nodes_.emplace_back();
        }
        at = next;
    }
    std::size_t& slot = nodes_[at].route_of[static_cast<std::size_t>(verb)];
    if (slot != none)
        throw std::logic_error{"route added twice: " + pattern};
    slot = routes_.size();
    routes_.push_back({std::move(pattern), verb, std::move(answer), options});
}

const router::node* router::walk(const node& from, std::string_view rest, std::vector<std::string>& params) const {
    if (rest.empty())
        return from.ends_here() ? &from : nullptr;
    const std::string_view segment = take_segment(rest);
    for (const auto& [text, next] : from.text) {
        if (text != segment)
            continue;
        if (const node* end = walk(nodes_[next], rest, params))
            return end;
    }
    if (from.placeholder == none || segment.empty())
        return nullptr;
    params.emplace_back(segment);
    if (const node* end = walk(nodes_[from.placeholder], rest, params))
        return end;
    params.pop_back();
    return nullptr;
}

std::variant<router::match, router::not_found, router::wrong_method> router::find(method verb,
                                                                                  std::string_view path) const {
    if (!path.starts_with('/'))
        return not_found{};
    match here{};
    const node* end = walk(nodes_.front(), path, here.params);
    if (!end)
        return not_found{};
    const auto route_for = [end](method asked) { return end->route_of[static_cast<std::size_t>(asked)]; };
    std::size_t at = route_for(verb);
    if (at == none && verb == method::head)
        at = route_for(method::get);
    if (at != none) {
        here.found = &routes_[at];
        return here;
    }

    std::string allow;
    const auto name = [&allow](std::string_view one) { allow.append(allow.empty() ? "" : ", ").append(one); };
    const auto has = [&](method asked) { return route_for(asked) != none; };
    if (has(method::del))
        name("DELETE");
    if (has(method::get))
        name("GET");
    if (has(method::get) || has(method::head))
        name("HEAD");
    name("OPTIONS");
    if (has(method::patch))
        name("PATCH");
    if (has(method::post))
        name("POST");
    if (has(method::put))
        name("PUT");
    return wrong_method{std::move(allow)};
}

}  // namespace rondo::http
