#include "api/wire/idempotency.hpp"

#include <algorithm>
#include <initializer_list>
#include <span>

#include <sodium.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include "api/wire/problems.hpp"

namespace rondo {
namespace {

namespace json = boost::json;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string_view name_of(http::method verb) {
    static constexpr std::array<std::string_view, 7> names{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    return names[static_cast<std::size_t>(verb)];
}

bool is_key(std::string_view key) {
    const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
    return !key.empty() && key.size() <= idempotency_key_max && std::ranges::all_of(key, printable);
}

/// A hash of the parts, each with its length before it, so that no two lists of parts run together into the same bytes.
/// `key` may be empty.
template <std::size_t Size>
std::array<unsigned char, Size> hash_of(std::span<const unsigned char> key,
                                        std::initializer_list<std::string_view> parts) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, key.empty() ? nullptr : key.data(), key.size(), Size);
    for (const std::string_view part : parts) {
        const auto length = std::to_string(part.size()) + ':';
        crypto_generichash_update(&state, bytes_of(length), length.size());
        crypto_generichash_update(&state, bytes_of(part), part.size());
    }
    std::array<unsigned char, Size> made;
    crypto_generichash_final(&state, made.data(), made.size());
    return made;
}

std::string to_text(const http::response& answer) {
    json::array headers;
    for (const http::header& sent : answer.headers)
        for (const std::string_view kept : {"Cache-Control", "ETag", "Link", "Location"})
            if (sent.name == kept)
                headers.push_back(json::array{sent.name, sent.value});
    return json::serialize(json::object{{"status", answer.status},
                                        {"type", answer.content_type},
                                        {"body", answer.body},
                                        {"headers", std::move(headers)}});
}

http::response to_response(std::string_view text) {
    const auto read = json::parse(json::string_view{text.data(), text.size()});
    const auto string = [](const json::value& from) { return json::value_to<std::string>(from); };
    http::response answer{.status = read.at("status").to_number<unsigned>(),
                          .content_type = string(read.at("type")),
                          .body = string(read.at("body")),
                          .headers = {},
                          .error_id = {}};
    for (const json::value& sent : read.at("headers").as_array())
        answer.with(string(sent.at(0)), string(sent.at(1)));
    return answer;
}

http::response refusal(std::string detail) {
    return problem_response({.code = errc::invalid, .detail = std::move(detail)});
}

}  // namespace

idempotency::idempotency(const services& with, const http::request& asked, std::string scope)
    : with_{with}, scope_{std::move(scope)} {
    const auto key = asked.find_header("idempotency-key");
    if (!key)
        return;
    key_.emplace(*key);
    if (!is_key(*key_))
        return;
    // One hash of all of the request, in two halves: one is kept to know the request again, the other opens the answer
    // and is kept nowhere.
    const auto secret = hash_of<32>({}, {"rondo idempotency", with.secret_key});
    const auto halves = hash_of<64>(secret, {scope_, *key_, name_of(asked.verb), asked.target,
                                             asked.find_header("content-type").value_or(""), asked.body});
    std::ranges::copy(std::as_bytes(std::span{halves}.first<32>()), request_hash_.begin());
    std::ranges::copy(std::span{halves}.last<32>(), seal_key_.begin());
}

std::optional<http::response> idempotency::find(const transaction& tx) const {
    if (!key_)
        return std::nullopt;
    if (!is_key(*key_))
        return refusal("Idempotency-Key must be 1 to 255 printable ASCII characters, such as a UUID.");
    const auto first = tx.find_answer(scope_, *key_);
    if (!first || tx.now() >= first->created_at + answers_kept)
        return std::nullopt;
    if (first->request_hash != request_hash_)
        return refusal("This Idempotency-Key came before with another request; use a new one for each request.");

    const std::string_view sealed = first->answer;
    if (sealed.size() < crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES)
        return std::nullopt;
    const auto box = sealed.substr(crypto_secretbox_NONCEBYTES);
    std::string text(box.size() - crypto_secretbox_MACBYTES, '\0');
    if (crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(text.data()), bytes_of(box), box.size(),
                                   bytes_of(sealed), seal_key_.data()) != 0)
        return std::nullopt;
    return to_response(text);
}

void idempotency::remember(transaction& tx, const http::response& answer) const {
    if (!key_ || !is_key(*key_) || answer.status >= 500 || answer.status == 401 || answer.status == 429)
        return;
    const std::string text = to_text(answer);
    std::string sealed(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + text.size(), '\0');
    auto* const nonce = reinterpret_cast<unsigned char*>(sealed.data());
    with_.random.fill(std::as_writable_bytes(std::span{sealed}.first(crypto_secretbox_NONCEBYTES)));
    crypto_secretbox_easy(nonce + crypto_secretbox_NONCEBYTES, bytes_of(text), text.size(), nonce, seal_key_.data());
    tx.remember_answer({.scope = scope_,
                        .key = *key_,
                        .request_hash = request_hash_,
                        .answer = std::move(sealed),
                        .created_at = tx.now()});
}

}  // namespace rondo
