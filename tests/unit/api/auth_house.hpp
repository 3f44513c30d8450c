#pragma once
// The routes of /api/auth on a database of their own, called without a network.

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "api/routes.hpp"
#include "api/services.hpp"
#include "support/scratch_store.hpp"

namespace rondo::test {

inline const std::string good_password = "correct horse battery";

class auth_house {
public:
    explicit auth_house(scratch_in where = scratch_in::memory, unsigned password_threads = 2)
        : db{where}, password_pool{password_threads} {
        serve(*db);
    }

    scratch_store db;
    metrics meters;
    passwords password_pool;
    tokens access_tokens{"a secret key of forty bytes, or nearly so", std::chrono::minutes{1440}};
    std::optional<consumer> events;
    live_events followers;
    std::unique_ptr<services> with;
    http::router routes;
    asio::io_context context;

    /// As after a restart of the server.
    void restart() {
        db.reopen();
        serve(*db);
    }

    struct asked {
        std::string body;
        std::vector<http::header> headers{{"Content-Type", "application/json"}};
        std::string peer = "192.0.2.1";
    };

    /// An answer under way; `context` carries it on.
    struct pending {
        http::request request;
        std::optional<http::response> answer;
        std::exception_ptr failure;
    };
    std::unique_ptr<pending> start(http::method verb, const std::string& path, asked what) {
        auto under_way = std::make_unique<pending>();
        http::request& request = under_way->request;
        request.verb = verb;
        request.target = path;
        request.path = path;
        request.body = std::move(what.body);
        request.headers = std::move(what.headers);
        request.peer_address = std::move(what.peer);
        const auto found = routes.find(verb, path);
        const auto* matched = std::get_if<http::router::match>(&found);
        if (matched == nullptr)
            throw std::logic_error{"no route for " + path};
        asio::co_spawn(context, matched->found->answer(request),
                       [to = under_way.get()](std::exception_ptr failure, http::response given) {
                           to->failure = failure;
                           to->answer = std::move(given);
                       });
        return under_way;
    }

    http::response call(http::method verb, const std::string& path, asked what) {
        const auto under_way = start(verb, path, std::move(what));
        run();
        if (under_way->failure)
            std::rethrow_exception(under_way->failure);
        return *under_way->answer;
    }
    void run() {
        context.restart();
        context.run();
    }

    http::response post(const std::string& path, const std::string& body, std::vector<http::header> more = {}) {
        asked what{.body = body};
        what.headers.insert(what.headers.end(), more.begin(), more.end());
        return call(http::method::post, path, std::move(what));
    }

    static std::string credentials(const std::string& email, const std::string& password) {
        return R"({"email":")" + email + R"(","password":")" + password + R"("})";
    }
    http::response sign_up(const std::string& email = "ada@example.com") {
        return post("/api/auth/register", credentials(email, good_password));
    }
    http::response login(const std::string& email, const std::string& password, std::string peer = "192.0.2.1") {
        return call(http::method::post, "/api/auth/login",
                    {.body = credentials(email, password), .peer = std::move(peer)});
    }
    http::response with_token(http::method verb, const std::string& path, const std::string& token,
                              const std::string& body = {}) {
        return call(
            verb, path,
            {.body = body, .headers = {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + token}}});
    }
    http::response me(const std::string& token) { return with_token(http::method::get, "/api/auth/me", token); }
    http::response refresh(const std::string& token, std::vector<http::header> more = {}) {
        return post("/api/auth/refresh", R"({"refresh_token":")" + token + R"("})", std::move(more));
    }

    static boost::json::object json_of(const http::response& answer) {
        return boost::json::parse(answer.body).as_object();
    }

    static std::string text_of(const http::response& answer, std::string_view name) {
        const auto body = json_of(answer);
        const auto* const value = body.if_contains(boost::json::string_view{name.data(), name.size()});
        return value != nullptr && value->is_string() ? std::string{value->as_string()} : std::string{};
    }

    static std::string header_of(const http::response& answer, std::string_view name) {
        for (const http::header& sent : answer.headers)
            if (sent.name == name)
                return sent.value;
        return {};
    }

    /// The pointers of a 422's faults with their messages.
    static std::map<std::string, std::string> faults_of(const http::response& answer) {
        std::map<std::string, std::string> faults;
        for (const auto& fault : json_of(answer).at("errors").as_array())
            faults[std::string{fault.at("pointer").as_string()}] = std::string{fault.at("message").as_string()};
        return faults;
    }

    /// Routes on another store than `db`.
    void serve(store& data) {
        events.emplace(data, meters);
        with.reset(new services{.data = data,
                                .events = *events,
                                .followers = followers,
                                .password_pool = password_pool,
                                .access_tokens = access_tokens,
                                .meters = meters,
                                .time = db.time,
                                .random = db.random,
                                .secret_key = "a secret key of forty bytes, or nearly so",
                                .environment = "development",
                                .version = "0",
                                .app_api_token = {},
                                .transport = "embedded",
                                .ready = [] { return true; }});
        routes = {};
        add_auth_routes(routes, *with);
    }
};

}  // namespace rondo::test
