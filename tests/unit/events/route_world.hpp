#pragma once
// The routes of events and status over a world of events, asked without a network.

#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "api/routes.hpp"
#include "support/faulty_store.hpp"
#include "unit/events/event_world.hpp"

namespace rondo::test {

struct route_world : event_world {
    faulty_store faulty{db.get()};
    consumer door{faulty, meters};
    live_events followers;
    passwords pool{1};
    tokens access{"a secret of at least thirty-two bytes", std::chrono::minutes{60}};
    bool is_ready = true;
    services with{.data = faulty,
                  .events = door,
                  .followers = followers,
                  .password_pool = pool,
                  .access_tokens = access,
                  .meters = meters,
                  .time = db.time,
                  .random = db.random,
                  .secret_key = "a secret of at least thirty-two bytes",
                  .environment = "development",
                  .version = "6.0.0",
                  .app_api_token = "",
                  .transport = "embedded",
                  .ready = [this] { return is_ready; }};
    http::router routes;

    route_world() {
        add_event_routes(routes, with);
        add_status_routes(routes, with);
    }

    http::response ask(http::request asked) {
        const auto found = routes.find(asked.verb, asked.path);
        const auto& match = std::get<http::router::match>(found);
        asio::io_context here;
        auto answer = asio::co_spawn(here, match.found->answer(asked), asio::use_future);
        here.run();
        return answer.get();
    }
    http::response get(std::string path, std::vector<http::header> headers = {}) {
        http::request asked;
        asked.path = std::move(path);
        asked.headers = std::move(headers);
        return ask(std::move(asked));
    }
    http::response deliver(std::string body, std::vector<http::header> headers = {{"Content-Type", "application/json"}},
                           std::string peer = "127.0.0.1") {
        http::request asked;
        asked.verb = http::method::post;
        asked.path = "/api/events/task-completed";
        asked.body = std::move(body);
        asked.headers = std::move(headers);
        asked.peer_address = std::move(peer);
        return ask(std::move(asked));
    }
};

}  // namespace rondo::test
