// /api/auth: registering, logging in and out, and the account itself.

#include <algorithm>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/accounts/login_form.hpp"
#include "api/authenticate.hpp"
#include "api/for_users.hpp"
#include "api/routes.hpp"
#include "api/wire/idempotency.hpp"
#include "api/wire/json_reader.hpp"
#include "api/wire/problems.hpp"
#include "api/wire/request_body.hpp"
#include "api/wire/responses.hpp"
#include "api/wire/text.hpp"
#include "auth/login_keys.hpp"
#include "auth/refresh_tokens.hpp"
#include "base/rfc3339.hpp"
#include "domain/readable_text.hpp"
#include "telemetry/log.hpp"
#include "text/opaque_string.hpp"
#include "usecases/accounts/accounts.hpp"

namespace rondo {
namespace {

namespace json = boost::json;

constexpr std::size_t email_bytes_max = 254;
constexpr std::size_t agent_bytes_max = 256;
constexpr std::size_t name_max = 255;  // characters
// Four characters become one at most when a password is prepared.
constexpr object_reader::text_bounds password_as_it_comes{.max = 4 * password_max};
constexpr object_reader::text_bounds any_email{.max = email_bytes_max, .trim = true};

// Answers

json::object user_json(const user& shown) {
    return {{"id", to_string(shown.id)},
            {"email", shown.email},
            {"name", shown.name ? json::value(*shown.name) : json::value(nullptr)},
            {"timezone", shown.zone.name()},
            {"created_at", format_instant(shown.created_at)}};
}

/// Adds what a client goes on with.
void add_tokens(json::object& answer, const services& with, const user& owner, session_id session,
                std::string_view refresh_token, instant now) {
    answer["access_token"] = with.access_tokens.issue(owner.id, session, now);
    answer["refresh_token"] = refresh_token;
    answer["token_type"] = "bearer";
    answer["expires_in"] = with.access_tokens.lifetime().count();
}

json::object session_json(const services& with, const opened_session& opened, std::string_view refresh_token,
                          instant now) {
    json::object answer;
    add_tokens(answer, with, opened.user, opened.session, refresh_token, now);
    answer["user"] = user_json(opened.user);
    return answer;
}

http::response json_answer(unsigned status, const json::object& body) {
    return json_response(status, json::serialize(body));
}

// Fields

/// Good enough to tell a slip; only a mail that arrives proves an address.
bool looks_like_email(std::string_view text) {
    const auto at = text.find('@');
    if (text.size() > email_bytes_max || fault_of_line(text) || at == 0 || at == std::string_view::npos ||
        text.rfind('@') != at)
        return false;
    const auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; };
    if (std::ranges::any_of(text, blank))
        return false;
    const auto domain = text.substr(at + 1);
    const bool labels_fit = !domain.starts_with('.') && !domain.ends_with('.') && !domain.contains("..");
    return labels_fit && (domain == "localhost" || domain.contains('.'));
}

std::optional<std::string> read_new_email(object_reader& fields) {
    auto email = fields.required_text("email", {.min = 1, .trim = true});
    if (email && !looks_like_email(*email)) {
        fields.add_fault("email", "must be an e-mail address of at most 254 bytes, such as \"ada@example.com\".");
        return std::nullopt;
    }
    return email;
}

/// A password that an account may have. Absent: nothing.
std::optional<std::string> read_password(object_reader& fields, std::string_view name) {
    auto password = fields.text(name, password_as_it_comes);
    // One that was kept before passwords were prepared may be longer when it is.
    if (!password || character_count(*password) <= password_max)
        return password;
    if (const std::size_t count = character_count(opaque_string(*password)); count > password_max) {
        fields.add_fault(
            name, "must have at most " + std::to_string(password_max) + " characters, not " + std::to_string(count));
        return std::nullopt;
    }
    return password;
}

/// Counted as it is kept. Absent: nothing.
std::optional<std::string> read_new_password(object_reader& fields) {
    auto password = fields.text("password", password_as_it_comes);
    if (!password)
        return std::nullopt;
    const std::size_t count = character_count(opaque_string(*password));
    std::string wrong;
    if (count < password_min)
        wrong = "must have at least " + std::to_string(password_min) + " characters";
    else if (count > password_max)
        wrong = "must have at most " + std::to_string(password_max) + " characters, not " + std::to_string(count);
    else if (has_forbidden_characters(*password))
        wrong = "must have no control characters, such as a line break or a tab";
    if (wrong.empty())
        return password;
    fields.add_fault("password", std::move(wrong));
    return std::nullopt;
}

/// Absent: nothing. Null or blank: no name. `present` is the name that there is and that may stay as it is.
std::optional<std::optional<std::string>> read_name(object_reader& fields,
                                                    const std::optional<std::string>& present = {}) {
    if (!fields.has("name"))
        return std::nullopt;
    if (fields.is_null("name"))
        return std::optional<std::string>{};
    auto name = fields.text("name", {.max = name_max, .trim = true});
    if (!name || name->empty())
        return std::optional<std::string>{};
    if (auto fault = fault_of_line(*name); fault && name != present)
        fields.add_fault("name", *std::move(fault));
    return name;
}

std::optional<time_zone> read_zone(object_reader& fields) {
    const auto name = fields.text("timezone", {});
    const auto zone = name ? time_zone::find(*name) : std::nullopt;
    if (name && !zone)
        fields.add_fault("timezone", shown(*name) + " is not a time zone; \"Europe/Berlin\" and \"UTC\" are.");
    return zone;
}

/// Where a login comes from, in the throttles' terms.
login_source source_of(std::string_view email, const http::request& asked) {
    return {.account = account_login_key(email),
            .address = address_login_key(asked.peer_address),
            .familiar = familiar_login_key(email, asked.peer_address)};
}

/// What the program calls itself, for its user to know it by; nothing that is no plain text.
std::optional<std::string> agent_of(const http::request& asked) {
    const auto said = asked.find_header("user-agent");
    if (!said || said->empty())
        return std::nullopt;
    std::string agent{said->substr(0, agent_bytes_max)};
    std::ranges::replace_if(agent, [](char c) { return c < ' ' || c > '~'; }, '?');
    return agent;
}

// Register

struct registration {
    std::string email, password;
    std::optional<std::string> name;
    time_zone zone;
};

result<registration> read_registration(const http::request& asked) {
    const auto body = read_json_object(asked);
    if (!body)
        return std::unexpected(body.error());
    object_reader fields{*body, object_reader::nulls::are_absent};
    const auto email = read_new_email(fields);
    const auto password = read_new_password(fields);
    if (!fields.has("password"))
        fields.add_fault("password", "is required");
    const auto repeated = fields.text("confirmPassword", {});
    if (repeated && password && opaque_string(*repeated) != opaque_string(*password))
        fields.add_fault("confirmPassword", "differs from the password.");
    const auto name = read_name(fields);
    const auto zone = read_zone(fields);
    if (const auto fits = fields.finish(); !fits)
        return std::unexpected(fits.error());
    return registration{*email, *password, name.value_or(std::nullopt), zone.value_or(time_zone{})};
}

async<http::response> post_register(const services& with, const http::request& asked) {
    const auto wanted = read_registration(asked);
    if (!wanted)
        co_return problem_response(wanted.error());
    // Before the look for a first answer, so that the Idempotency-Key of a registration is no quick way to try
    // passwords.
    const new_account account{.email = wanted->email,
                              .name = wanted->name,
                              .zone = wanted->zone,
                              .password_hash = co_await with.password_pool.hash(wanted->password)};
    const auto refresh = make_refresh_token(with.random);
    const idempotency once{with, asked, "POST /api/auth/register"};
    auto answered = co_await write(with.data, [&](transaction& tx) {
        return once.answer(tx, [&]() -> result<http::response> {
            const auto opened = register_account(tx, account, {refresh.digest, agent_of(asked)});
            if (!opened)
                return std::unexpected(opened.error());
            json::object body = user_json(opened->user);
            add_tokens(body, with, opened->user, opened->session, refresh.text, tx.now());
            body["user"] = user_json(opened->user);
            return json_answer(201, body).with("Location", "/api/auth/me");
        });
    });
    co_return answered ? *std::move(answered) : problem_response(answered.error());
}

// Log in

struct credentials {
    std::string email, password;
};

result<credentials> read_credentials(const http::request& asked) {
    const bool form = media_type(asked.find_header("content-type").value_or("")) == "application/x-www-form-urlencoded";
    const auto body = form ? read_login_form(asked.body) : read_json_object(asked);
    if (!body)
        return std::unexpected(body.error());
    object_reader fields{*body};
    const auto email = fields.required_text("email", any_email);
    const auto password = read_password(fields, "password");
    if (!fields.has("password"))
        fields.add_fault("password", "is required");
    if (const auto fits = fields.finish(); !fits)
        return std::unexpected(fits.error());
    return credentials{*email, *password};
}

async<http::response> post_login(const services& with, const http::request& asked) {
    const auto given = read_credentials(asked);
    if (!given)
        co_return problem_response(given.error());
    login_attempt attempt;
    const auto wait = co_await read(with.data, [&](const transaction& tx) {
        attempt.compared = tx.find_user_by_email(given->email);
        // The e-mail as it is kept: an account has one count, in whatever case its address comes (the Kelvin sign is a
        // k, too).
        attempt.from = source_of(attempt.compared ? attempt.compared->email : given->email, asked);
        return login_wait(tx, attempt.from);
    });
    if (wait)
        co_return problem_response(too_many_logins(*wait));

    const auto compared = co_await with.password_pool.verify(
        given->password, attempt.compared ? attempt.compared->password_hash : std::string{});
    attempt.matches = compared.matches;
    if (compared.matches)
        asked.user = to_string(attempt.compared->id);
    if (compared.needs_rehash)
        attempt.rehashed = co_await with.password_pool.hash(given->password);

    const auto refresh = make_refresh_token(with.random);
    const idempotency once{with, asked, "POST /api/auth/login"};
    // Gives no `result`: the count of a wrong login must be kept. The first answer is looked for after the judgement,
    // so that it is no way around it.
    co_return co_await write(with.data, [&](transaction& tx) {
        if (const auto refused = judge_login(tx, attempt))
            return problem_response(*refused);
        if (auto first = once.find(tx))
            return *std::move(first);
        const auto opened = open_session(tx, *tx.find_user(attempt.compared->id), {refresh.digest, agent_of(asked)});
        auto answer = json_answer(200, session_json(with, opened, refresh.text, tx.now()));
        once.remember(tx, answer);
        return answer;
    });
}

// Refresh and log out

async<http::response> post_refresh(const services& with, const http::request& asked) {
    const auto body = read_json_object(asked);
    if (!body)
        co_return problem_response(body.error());
    object_reader fields{*body};
    const auto text = fields.required_text("refresh_token", {});
    if (const auto fits = fields.finish(); !fits)
        co_return problem_response(fits.error());

    const error refused{.code = errc::unauthenticated,
                        .detail = "The refresh token is not valid any more; log in again."};
    const auto presented = refresh_token_digest(*text);
    if (!presented)
        co_return problem_response(refused);
    const auto successor = make_refresh_token(with.random);
    const idempotency once{with, asked, "POST /api/auth/refresh"};
    std::optional<session_id> stolen;
    // Gives no `result`: a session that is revoked for a token used twice must stay so.
    auto answer = co_await write(with.data, [&](transaction& tx) {
        if (auto first = once.find(tx))
            return *std::move(first);
        const auto done = refresh_session(tx, *presented, successor.digest);
        stolen = done.stolen;
        if (!done.session)
            return problem_response(refused);
        auto made = json_answer(200, session_json(with, *done.session, successor.text, tx.now()));
        once.remember(tx, made);
        return made;
    });
    if (stolen)
        log(log_level::warning, "A refresh token was used twice; its session is revoked",
            {{"session_id", to_string(*stolen)}, {"peer", asked.peer_address}, {"request_id", asked.request_id}});
    co_return answer;
}

async<http::response> post_logout(const services& with, const http::request& asked) {
    // The session is asked for in the transaction alone: a log-out that is sent again finds it revoked, and its first
    // answer.
    const auto claims = read_bearer_token(with, asked);
    if (!claims)
        co_return problem_response(claims.error());
    asked.user = to_string(claims->subject);
    const idempotency once{with, asked, asked.user};
    auto answered = co_await write(with.data, [&](transaction& tx) {
        return once.answer(tx, [&]() -> result<http::response> {
            if (const auto ended = log_out(tx, claims->session); !ended)
                return std::unexpected(ended.error());
            return no_content();
        });
    });
    co_return answered ? *std::move(answered) : problem_response(answered.error());
}

// The account

async<http::response> get_me(const services&, const caller& asking, http::request&) {
    co_return json_answer(200, user_json(asking.user));
}

struct account_patch {
    account_changes changes;
    std::optional<std::string> password, current_password;
};

result<account_patch> read_account_patch(const http::request& asked, const user& present) {
    const auto body = read_json_object(asked);
    if (!body)
        return std::unexpected(body.error());
    object_reader fields{*body};
    fields.ignore({"id", "created_at"});
    if (const auto email = fields.text("email", {}); email && *email != present.email)
        fields.add_fault("email", "cannot be changed.");
    account_patch patch{.changes = {.name = read_name(fields, present.name), .zone = read_zone(fields)},
                        .password = read_new_password(fields),
                        .current_password = read_password(fields, "current_password")};
    if (patch.password && !patch.current_password && !fields.has("current_password"))
        fields.add_fault("current_password", "is needed to change the password.");
    if (const auto fits = fields.finish(); !fits)
        return std::unexpected(fits.error());
    return patch;
}

/// Compares the present password before it is replaced; gives what is wrong. Guesses are counted as wrong logins are,
/// but apart from them: whoever locks the log-in from outside does not keep its owner, who is logged in, from changing
/// the password.
async<std::optional<error>> check_current_password(const services& with, const http::request& asked,
                                                   const user& present, const std::string& given) {
    const login_source from{.account = "password:" + to_string(present.id),
                            .address = address_login_key(asked.peer_address)};
    if (const auto wait = co_await read(with.data, [&](const transaction& tx) { return login_wait(tx, from); }))
        co_return too_many_logins(*wait);
    const auto compared = co_await with.password_pool.verify(given, present.password_hash);
    co_return co_await write(with.data, [&](transaction& tx) -> std::optional<error> {
        if (const auto wait = login_wait(tx, from))
            return too_many_logins(*wait);
        if (compared.matches) {
            count_right_login(tx, from);
            return std::nullopt;
        }
        count_wrong_login(tx, from);
        return error{.code = errc::invalid,
                     .detail = "The current password is wrong.",
                     .faults = {{"/current_password", "is not the present password."}}};
    });
}

async<planned_change> patch_me(const services& with, const caller& asking, http::request& asked) {
    auto patch = read_account_patch(asked, asking.user);
    if (!patch)
        co_return problem_response(patch.error());
    if (patch->password) {
        if (const auto wrong = co_await check_current_password(with, asked, asking.user, *patch->current_password))
            co_return problem_response(*wrong);
        patch->changes.password_hash = co_await with.password_pool.hash(*patch->password);
    }
    co_return [&with, asking, changes = std::move(patch->changes), refresh = make_refresh_token(with.random),
               agent = agent_of(asked)](transaction& tx) -> result<done_change> {
        const auto changed =
            change_account(tx, asking.session, changes, asking.user.password_hash, {refresh.digest, agent});
        if (!changed)
            return std::unexpected(changed.error());
        json::object body = user_json(changed->user);
        if (changed->new_session)
            add_tokens(body, with, changed->user, *changed->new_session, refresh.text, tx.now());
        return done_change{.answer = json_answer(200, body)};
    };
}

}  // namespace

void add_auth_routes(http::router& routes, const services& with) {
    const auto add = [&](http::method verb, std::string pattern,
                         async<http::response> (*answer)(const services&, const http::request&)) {
        routes.add(verb, std::move(pattern), [&with, answer](http::request& asked) { return answer(with, asked); });
    };
    add(http::method::post, "/api/auth/register", &post_register);
    add(http::method::post, "/api/auth/login", &post_login);
    add(http::method::post, "/api/auth/refresh", &post_refresh);
    add(http::method::post, "/api/auth/logout", &post_logout);
    on_get(routes, with, "/api/auth/me", get_me);
    on_change(routes, with, http::method::patch, "/api/auth/me", patch_me);
}

}  // namespace rondo
