#pragma once
// The routes on a scratch database, asked without a network: requests are made by hand and answered on an io_context.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "api/routes.hpp"
#include "api/wire/text.hpp"
#include "http/router.hpp"
#include "support/scratch_store.hpp"

namespace rondo {

inline std::string encode_type(const event& happened) {
    return std::string{to_string(happened.type)};
}

class api_fixture : public testing::Test {
protected:
    using headers = std::vector<http::header>;

    explicit api_fixture(test::scratch_jobs jobs = test::scratch_jobs::at_once)
        : db{jobs == test::scratch_jobs::at_once ? test::scratch_in::memory : test::scratch_in::file, jobs,
             encode_type} {
        add_task_routes(routes, with);
        add_trash_routes(routes, with);
        add_tag_routes(routes, with);
    }

private:
    asio::io_context on_{1};  // outlives the store, whose thread posts to it

protected:
    test::scratch_store db;
    metrics meters;
    consumer events{*db, meters};
    live_events followers;
    passwords pool{1};
    tokens access{"a secret of at least thirty-two bytes", std::chrono::hours{24}};
    services with{.data = *db,
                  .events = events,
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
                  .ready = [] { return true; }};
    http::router routes;
    user ann = db.add_user("ann@example.org");
    std::string token = log_in(ann);

    std::string log_in(const user& who) {
        const session begun{.id = db.write([](transaction& tx) { return tx.new_id<session_id>(); }),
                            .user = who.id,
                            .created_at = db.time.now(),
                            .revoked_at = std::nullopt};
        db.write([&](transaction& tx) { tx.insert_session(begun); });
        return access.issue(who.id, begun.id, db.time.now());
    }

    /// Asks everything at once, on one thread, and gives the answers in the same order.
    std::vector<http::response> ask_all(std::vector<http::request> asked) {
        std::vector<http::response> answers(asked.size());
        for (std::size_t i = 0; i < asked.size(); ++i) {
            const auto found = routes.find(asked[i].verb, asked[i].path);
            const auto* match = std::get_if<http::router::match>(&found);
            if (match == nullptr) {
                ADD_FAILURE() << "no route " << asked[i].path;
                continue;
            }
            asked[i].params = match->params;
            asked[i].traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
            asio::co_spawn(on_.get_executor(), match->found->answer(asked[i]),
                           [&answers, i](std::exception_ptr thrown, http::response given) {
                               EXPECT_EQ(thrown, nullptr);
                               answers[i] = std::move(given);
                           });
        }
        on_.restart();
        on_.run();
        return answers;
    }

    http::response ask(http::request asked) { return std::move(ask_all({std::move(asked)}).front()); }

    http::request request(http::method verb, std::string path, headers sent = {}) {
        http::request asked;
        asked.verb = verb;
        asked.target = path;
        asked.path = std::move(path);
        asked.headers = std::move(sent);
        asked.headers.push_back({"Authorization", "Bearer " + token});
        return asked;
    }

    http::response get(std::string path, headers query = {}, headers sent = {}) {
        auto asked = request(http::method::get, std::move(path), std::move(sent));
        asked.query = std::move(query);
        return ask(std::move(asked));
    }

    http::response send(http::method verb, std::string path, std::string body, headers sent = {}) {
        sent.push_back({"Content-Type", "application/json"});
        auto asked = request(verb, std::move(path), std::move(sent));
        asked.body = std::move(body);
        return ask(std::move(asked));
    }
    http::response post(std::string path, std::string body, headers sent = {}) {
        return send(http::method::post, std::move(path), std::move(body), std::move(sent));
    }
    http::response put(std::string path, std::string body, headers sent = {}) {
        return send(http::method::put, std::move(path), std::move(body), std::move(sent));
    }
    http::response patch(std::string path, std::string body, headers sent = {}) {
        return send(http::method::patch, std::move(path), std::move(body), std::move(sent));
    }
    http::response remove(std::string path, headers query = {}, headers sent = {}) {
        auto asked = request(http::method::del, std::move(path), std::move(sent));
        asked.query = std::move(query);
        return ask(std::move(asked));
    }

    /// A task made over the API, as it was answered.
    boost::json::object created(std::string body) {
        const auto answer = post("/api/tasks", std::move(body));
        EXPECT_EQ(answer.status, 201u) << answer.body;
        return object_in(answer);
    }

    static boost::json::object object_in(const http::response& answer) {
        return boost::json::parse(answer.body).as_object();
    }
    static std::string text(const boost::json::object& object, std::string_view name) {
        const auto& string = object.at(boost::json::string_view{name.data(), name.size()}).as_string();
        return {string.data(), string.size()};
    }
    static std::string header_of(const http::response& answer, std::string_view name) {
        for (const http::header& one : answer.headers)
            if (one.name == name)
                return one.value;
        return "";
    }
    /// The pointers of a 422's errors, in order.
    static std::vector<std::string> pointers_of(const http::response& answer) {
        EXPECT_EQ(answer.status, 422u) << answer.body;
        std::vector<std::string> pointers;
        for (const auto& one : object_in(answer).at("errors").as_array())
            pointers.push_back(text(one.as_object(), "pointer"));
        return pointers;
    }
    /// One member of each task of an answered list.
    static std::vector<std::string> all(const http::response& answer, std::string_view name) {
        EXPECT_EQ(answer.status, 200u) << answer.body;
        std::vector<std::string> values;
        for (const auto& one : boost::json::parse(answer.body).as_array())
            values.push_back(text(one.as_object(), name));
        return values;
    }

    /// The types of all events so far, oldest first.
    std::vector<std::string> event_types() {
        std::vector<std::string> types;
        for (const auto& one : db.read([](const transaction& tx) { return tx.pending_events(1000, tx.now()); }))
            types.push_back(one.data);
        return types;
    }
};

}  // namespace rondo
