#include "auth/tokens.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/base64url.hpp"
#include "auth/claims.hpp"
#include "support/seeded_random.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

const std::string secret = "a secret key of forty bytes, or nearly so";
const std::string good_header = R"({"alg":"HS256","typ":"at+jwt"})";
constexpr instant now{1'770'541'200'000ms};  // 2026-02-08T09:00:00Z

std::string encoded(std::string_view text) {
    return base64url_encode(std::as_bytes(std::span{text}));
}

/// A token with a right signature over whatever the two parts are.
std::string signed_parts(const std::string& header, const std::string& payload, const std::string& key = secret) {
    const std::string text = header + '.' + payload;
    return text + '.' + base64url_encode(hmac_sha256{key}(text));
}

std::string forged(const std::string& header, const std::string& payload, const std::string& key = secret) {
    return signed_parts(encoded(header), encoded(payload), key);
}

/// The claims of a good token, in order, as JSON values.
using claim_list = std::vector<std::pair<std::string, std::string>>;

const claim_list good_claims{
    {"iss", R"("rondo")"},
    {"aud", R"("rondo")"},
    {"sub", R"("0193a1b2-0000-7000-8000-000000000001")"},
    {"sid", R"("0193a1b2-0000-7000-8000-000000000002")"},
    {"jti", R"("AAAAAAAAAAAAAAAAAAAAAA")"},
    {"iat", "1770541200"},
    {"nbf", "1770541200"},
    {"exp", "1770544800"},
};

std::string payload_of(const claim_list& claims) {
    std::string json;
    for (const auto& [name, value] : claims)
        json += (json.empty() ? "{\"" : ",\"") + name + "\":" + value;
    return json + '}';
}

std::string with_claim(const std::string& name, const std::string& value) {
    auto claims = good_claims;
    std::ranges::find(claims, name, &claim_list::value_type::first)->second = value;
    return payload_of(claims);
}

std::string without_claim(const std::string& name) {
    auto claims = good_claims;
    std::erase_if(claims, [&](const auto& claim) { return claim.first == name; });
    return payload_of(claims);
}

std::string with_added(const std::string& name, const std::string& value) {
    auto claims = good_claims;
    claims.emplace_back(name, value);
    return payload_of(claims);
}

const std::string good_payload = payload_of(good_claims);

struct ids {
    user_id user;
    session_id session;
};

ids some_ids() {
    test::seeded_random random;
    return {user_id{make_uuid_v7(now, random)}, session_id{make_uuid_v7(now, random)}};
}

TEST(tokens, TellBackWhatTheyWereIssuedFor) {
    const tokens ours{secret, 60min};
    const auto [user, session] = some_ids();
    const auto claims = ours.verify(ours.issue(user, session, now + 123ms), now);
    ASSERT_TRUE(claims);
    EXPECT_EQ(claims->subject, user);
    EXPECT_EQ(claims->session, session);
    EXPECT_EQ(claims->issued_at, now);
    EXPECT_EQ(claims->expires_at, now + 60min);
}

TEST(tokens, HaveTheOneHeaderAndEveryClaim) {
    const tokens ours{secret, 60min};
    const auto [user, session] = some_ids();
    const std::string token = ours.issue(user, session, now);
    EXPECT_THAT(token, testing::StartsWith(encoded(good_header) + '.'));
    EXPECT_LE(token.size(), 512U);
    const auto start = token.find('.') + 1;
    const auto payload = base64url_decode(token.substr(start, token.rfind('.') - start));
    ASSERT_TRUE(payload);
    const auto claims = read_claims({reinterpret_cast<const char*>(payload->data()), payload->size()});
    ASSERT_TRUE(claims);
    EXPECT_EQ(claims->issuer, "rondo");
    EXPECT_EQ(claims->audience, "rondo");
    EXPECT_EQ(claims->subject, to_string(user));
    EXPECT_EQ(claims->session, to_string(session));
    EXPECT_FALSE(claims->token_id.empty());
    EXPECT_EQ(claims->issued_at, 1'770'541'200);
    EXPECT_EQ(claims->not_before, 1'770'541'200);
    EXPECT_EQ(claims->expires_at, 1'770'544'800);
}

TEST(tokens, AreNeverTheSameTwice) {
    const tokens ours{secret, 60min};
    const auto [user, session] = some_ids();
    std::set<std::string> issued;
    for (int i = 0; i < 100; ++i)
        issued.insert(ours.issue(user, session, now));
    EXPECT_EQ(issued.size(), 100U);
}

TEST(tokens, AreInForceFromAMinuteBeforeToAMinuteAfter) {
    const tokens ours{secret, 60min};
    const auto [user, session] = some_ids();
    const auto token = ours.issue(user, session, now);
    EXPECT_TRUE(ours.verify(token, now - 60s));
    EXPECT_FALSE(ours.verify(token, now - 60s - 1ms));
    EXPECT_TRUE(ours.verify(token, now + 60min + 60s - 1ms));
    EXPECT_FALSE(ours.verify(token, now + 60min + 60s));
}

TEST(tokens, OfAnotherSecretAreRefused) {
    const auto [user, session] = some_ids();
    EXPECT_FALSE((tokens{secret, 60min}.verify(tokens{secret + "!", 60min}.issue(user, session, now), now)));
}

TEST(tokens, WrittenByAnotherHandInOurFormAreAccepted) {
    // The control of the tests below: each of their tokens differs from this one in one thing.
    const tokens ours{secret, 60min};
    EXPECT_TRUE(ours.verify(forged(good_header, good_payload), now));
    auto reversed = good_claims;
    std::ranges::reverse(reversed);
    EXPECT_TRUE(ours.verify(forged(good_header, payload_of(reversed)), now));
    EXPECT_TRUE(ours.verify(forged(good_header, with_added("scope", "\"all\"")), now)) << "a later version's claim";
}

TEST(tokens, WithAnyBitTurnedAreRefused) {
    const tokens ours{secret, 60min};
    const auto token = forged(good_header, good_payload);
    ASSERT_TRUE(ours.verify(token, now));
    for (std::size_t at = 0; at < token.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            auto turned = token;
            turned[at] = static_cast<char>(turned[at] ^ (1 << bit));
            EXPECT_FALSE(ours.verify(turned, now)) << "byte " << at << ", bit " << bit;
        }
}

TEST(tokens, CutShortOrMadeLongerAreRefused) {
    const tokens ours{secret, 60min};
    const auto token = forged(good_header, good_payload);
    for (std::size_t length = 0; length < token.size(); ++length) {
        EXPECT_FALSE(ours.verify(token.substr(0, length), now)) << length;
        EXPECT_FALSE(ours.verify(token.substr(token.size() - length), now)) << length;
    }
    for (int c = 0; c < 256; ++c) {
        EXPECT_FALSE(ours.verify(token + static_cast<char>(c), now)) << c;
        EXPECT_FALSE(ours.verify(static_cast<char>(c) + token, now)) << c;
    }
}

struct bad_token {
    std::string what;
    std::string text;
};

void add_bad_headers(std::vector<bad_token>& corpus) {
    const std::vector<std::string> headers{
        R"({"alg":"none","typ":"at+jwt"})",
        R"({"alg":"None","typ":"at+jwt"})",
        R"({"alg":"NONE","typ":"at+jwt"})",
        R"({"alg":"nOnE","typ":"at+jwt"})",
        R"({"alg":"","typ":"at+jwt"})",
        R"({"alg":null,"typ":"at+jwt"})",
        R"({"alg":"HS384","typ":"at+jwt"})",
        R"({"alg":"HS512","typ":"at+jwt"})",
        R"({"alg":"hs256","typ":"at+jwt"})",
        R"({"alg":"RS256","typ":"at+jwt"})",
        R"({"alg":"ES256","typ":"at+jwt"})",
        R"({"alg":"PS256","typ":"at+jwt"})",
        R"({"alg":"EdDSA","typ":"at+jwt"})",
        R"({"alg":["HS256"],"typ":"at+jwt"})",
        R"({"alg":"HS256"})",
        R"({"typ":"at+jwt"})",
        R"({"alg":"HS256","typ":"JWT"})",
        R"({"alg":"HS256","typ":"AT+JWT"})",
        R"({"alg":"HS256","typ":"application/at+jwt"})",
        R"({"typ":"at+jwt","alg":"HS256"})",
        R"({"alg":"none","alg":"HS256","typ":"at+jwt"})",
        R"({"alg":"HS256","alg":"none","typ":"at+jwt"})",
        R"({ "alg":"HS256","typ":"at+jwt"})",
        R"({"alg":"HS256","typ":"at+jwt"} )",
        R"({"\u0061lg":"HS256","typ":"at+jwt"})",
        R"({"alg":"HS256","typ":"at+jwt","kid":"../../../../dev/null"})",
        R"({"alg":"HS256","typ":"at+jwt","kid":"' UNION SELECT 'key"})",
        R"({"alg":"HS256","typ":"at+jwt","kid":"http://evil.example/key"})",
        "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"" + std::string(2'000, 'k') + "\"}",
        R"({"alg":"HS256","typ":"at+jwt","jku":"http://evil.example/keys"})",
        R"({"alg":"HS256","typ":"at+jwt","jwk":{"kty":"oct","k":"AAAA"}})",
        R"({"alg":"HS256","typ":"at+jwt","x5u":"http://evil.example/cert"})",
        R"({"alg":"HS256","typ":"at+jwt","x5c":["AAAA"]})",
        R"({"alg":"HS256","typ":"at+jwt","crit":["exp"]})",
        R"({"alg":"HS256","typ":"at+jwt","crit":[]})",
        R"({"alg":"HS256","typ":"at+jwt","zip":"DEF"})",
        R"({"alg":"HS256","typ":"at+jwt","cty":"JWT"})",
        R"({"alg":"HS256","typ":"at+jwt","b64":false})",
        R"([])",
        R"(null)",
        "",
    };
    for (const std::string& header : headers)
        corpus.push_back({"header " + header, forged(header, good_payload)});
}

void add_bad_payloads(std::vector<bad_token>& corpus) {
    const auto add = [&](const std::string& payload) {
        corpus.push_back({"payload " + payload.substr(0, 400), forged(good_header, payload)});
    };
    for (const auto& [name, value] : good_claims) {
        add(without_claim(name));
        add(with_claim(name, "null"));
        add(with_claim(name, "true"));
        add(with_claim(name, "[" + value + "]"));
        add(with_claim(name, "{}"));
        add(with_added(name, value));  // twice, and the same
        add(value.front() == '"' ? with_claim(name, "7") : with_claim(name, '"' + value + '"'));
        add(with_claim(name, "\"\""));
    }
    add(with_added("exp", "9999999999"));
    add(with_added("sub", R"("0193a1b2-0000-7000-8000-00000000000f")"));
    add(with_added("scope", "\"a\",\"scope\":\"b\""));
    add(with_added("admin", "true"));
    add(with_added("nested", "{\"exp\":9999999999}"));
    for (const char* name : {"exp", "nbf", "iat"})
        for (const char* value :
             {"1770541200.0", "1.7705412e9", "1770541200e0", "-1770541200", "-0", "+1770541200", "01770541200", "1e400",
              "NaN", "Infinity", "99999999999999999999", "253402300800", "0x69885690", ""})
            add(with_claim(name, value));
    add(with_claim("exp", "1770541140"));   // 60 s ago
    add(with_claim("exp", "1770541200"));   // not after it was issued
    add(with_claim("exp", "0"));
    add(with_claim("nbf", "1770541261"));   // in 61 s
    add(with_claim("iat", "1770541261"));
    for (const char* other : {"\"Rondo\"", "\"rondo \"", "\"rond\"", "\"rondo2\"", "\"\\u0072ondo\"", "[\"rondo\"]"}) {
        add(with_claim("iss", other));
        add(with_claim("aud", other));
    }
    for (const char* id : {"sub", "sid"})
        for (const char* value :
             {"\"1\"", "\"0193a1b2000070008000000000000001\"", "\"0193a1b2-0000-7000-8000-00000000000g\"",
              "\"{0193a1b2-0000-7000-8000-000000000001}\"", "\"0193a1b2-0000-7000-8000-000000000001 \"",
              "\"' OR 1=1 --\"", "\"\\u0000\""})
            add(with_claim(id, value));
    for (const char* json : {"", "{}", "[]", "null", "\"x\"", "{", "}", "{\"iss\":\"rondo\"", "not json"})
        add(json);
    add(good_payload + " ");
    add(" " + good_payload);
    add(good_payload + "{}");
    add("\xef\xbb\xbf" + good_payload);
    add(good_payload.substr(0, good_payload.size() - 1) + ",}");
    add(good_payload.substr(0, good_payload.size() - 1));
    add(with_claim("jti", "\"caf\xc3\xa9\""));
    add(with_claim("jti", std::string{"\"a\0b\"", 5}));
}

/// The same bits in the last character of `part`, but one that is to be zero.
std::string with_stray_bit(std::string part) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    part.back() = alphabet[alphabet.find(part.back()) ^ 1];
    return part;
}

void add_bad_encodings(std::vector<bad_token>& corpus) {
    const std::string header = encoded(good_header);
    std::string json = good_payload;
    for (int n = 22; json.size() % 3 == 0; ++n)  // so that the payload's last character has bits to spare
        json = with_claim("jti", '"' + std::string(static_cast<std::size_t>(n), 'A') + '"');
    const std::string payload = encoded(json);
    const std::string good = signed_parts(header, payload);
    const std::string signature = good.substr(good.rfind('.') + 1);
    ASSERT_TRUE((tokens{secret, 60min}.verify(good, now)));
    const auto add = [&](const std::string& what, const std::string& text) { corpus.push_back({what, text}); };

    add("no signature", header + '.' + payload);
    add("empty signature", header + '.' + payload + '.');
    add("unsigned none", encoded(R"({"alg":"none","typ":"at+jwt"})") + '.' + payload + '.');
    add("two dots at the end", good + '.');
    add("a fourth part", good + ".AAAA");
    add("five parts, as JWE has", header + "." + payload + "." + signature + "." + signature + "." + signature);
    add("a dot first", '.' + good);
    add("only dots", "..");
    add("dots", std::string(4'096, '.'));
    add("no payload", signed_parts(header, ""));
    add("padded signature", good + '=');
    add("doubly padded signature", good + "==");
    add("padded payload", signed_parts(header, payload + (json.size() % 3 == 1 ? "==" : "=")));
    add("padded header", signed_parts(header + '=', payload));
    add("stray bits in the signature", header + '.' + payload + '.' + with_stray_bit(signature));
    add("stray bits in the payload", signed_parts(header, with_stray_bit(payload)));
    add("signature with a line break", good + '\n');
    add("signature with a space", good + ' ');
    add("payload with a space", signed_parts(header, payload + ' '));
    add("payload with a line break", signed_parts(header, payload.substr(0, 8) + '\n' + payload.substr(8)));
    add("payload as plain JSON", signed_parts(header, json));
    add("header as plain JSON", signed_parts(good_header, payload));
    add("signature cut to 31 bytes", good.substr(0, good.size() - 2));
    add("signature of 33 bytes", good + "A");
    add("signature of 64 bytes", header + '.' + payload + '.' + std::string(86, 'A'));
    add("signature of zeros", header + '.' + payload + '.' + std::string(43, 'A'));
    add("signature of another text",
        header + '.' + payload + '.' + base64url_encode(hmac_sha256{secret}(header + '.' + encoded("{}"))));
    add("signed with the empty key", signed_parts(header, payload, ""));
    add("signed with the default key", signed_parts(header, payload, "dev-secret-key-change-in-production"));
    auto standard = good;
    std::ranges::replace(standard, '-', '+');
    std::ranges::replace(standard, '_', '/');
    if (standard != good)
        add("the standard alphabet", standard);
    add("a scheme before it", "Bearer " + good);
    add("quoted", '"' + good + '"');
    add("percent-encoded dots", header + "%2E" + payload + "%2E" + signature);
    add("nothing", "");
    add("NUL", std::string{"\0", 1});
    add("NUL after it", good + std::string{"\0", 1});
    add("twice", good + ',' + good);
    add("longer than a token may be",
        forged(good_header, with_added("filler", '"' + std::string(token_bytes_max, 'x') + '"')));
    add("a megabyte", good + std::string(1'000'000, 'A'));
}

TEST(tokens, OfTheCorpusAreAllRefused) {
    std::vector<bad_token> corpus;
    add_bad_headers(corpus);
    add_bad_payloads(corpus);
    ASSERT_NO_FATAL_FAILURE(add_bad_encodings(corpus));
    const tokens ours{secret, 60min};
    std::set<std::string> different;
    for (const bad_token& bad : corpus) {
        EXPECT_FALSE(ours.verify(bad.text, now)) << bad.what;
        different.insert(bad.text);
    }
    EXPECT_GE(different.size(), 200U);
}

TEST(tokens, JustShortEnoughAreRead) {
    const tokens ours{secret, 60min};
    const auto token_of = [](std::size_t filler) {
        return forged(good_header, with_added("filler", '"' + std::string(filler, 'x') + '"'));
    };
    std::size_t filler = 1;
    while (token_of(filler + 1).size() <= token_bytes_max)
        ++filler;
    EXPECT_TRUE(ours.verify(token_of(filler), now));
    EXPECT_FALSE(ours.verify(token_of(filler + 1), now));
}

}  // namespace
}  // namespace rondo
