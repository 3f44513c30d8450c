#include "app/config.hpp"

#include <gmock/gmock.h>

#include <map>

namespace rondo {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// The line that stops the start, or nothing when the settings fit.
std::string refusal(const config& given) {
    try {
        check(given);
        return {};
    } catch (const fatal& stop) {
        EXPECT_EQ(stop.exit_code(), 78);
        return stop.what();
    }
}

config production() {
    config given;
    given.environment = "production";
    given.secret_key = std::string(32, 'k');
    return given;
}

TEST(config_defaults, FitAsTheyAre) {
    const checked_config fits = check(config{});
    EXPECT_EQ(fits.database_file, "/data/todo.db");
    EXPECT_EQ(fits.port, 8000);
    EXPECT_EQ(fits.host, "0.0.0.0");
    EXPECT_EQ(fits.events, transport::embedded);
    EXPECT_EQ(fits.access_token_lifetime, std::chrono::hours{24});
    EXPECT_THAT(fits.cors_origins, ElementsAre("http://localhost:3000", "http://localhost:8000"));
}

TEST(database_url, ThreeSlashesAreRelativeAndFourAbsolute) {
    EXPECT_EQ(database_file({.database_url = "sqlite:///todo.db"}), "todo.db");
    EXPECT_EQ(database_file({.database_url = "sqlite:///./todo.db"}), "./todo.db");
    EXPECT_EQ(database_file({.database_url = "sqlite:////data/todo.db"}), "/data/todo.db");
    EXPECT_EQ(database_file({.database_url = "sqlite+aiosqlite:////data/todo.db"}), "/data/todo.db");
}

TEST(database_url, ThatIsNoSqliteUrlIsRefusedWithWhatIsAllowed) {
    for (const char* url :
         {"sqlite://", "sqlite:///", "sqlite:todo.db", "todo.db", "mysql://h/d", "sqlite:///a.db?mode=ro"})
        EXPECT_THAT(refusal({.database_url = url}), AllOf(HasSubstr("DATABASE_URL="), HasSubstr("needed"))) << url;
}

TEST(database_url, OfPostgresIsRefusedWithoutItsPassword) {
    const std::string line = refusal({.database_url = "postgresql+psycopg://me:hunter2@db/todo"});
    EXPECT_THAT(line, AllOf(HasSubstr("PostgreSQL"), HasSubstr("me:****@db"), Not(HasSubstr("hunter2"))));
}

TEST(secret_key, ThatIsTheDefaultIsRefusedInProductionOnly) {
    config given;
    EXPECT_EQ(refusal(given), "");
    given.environment = "production";
    EXPECT_THAT(refusal(given), HasSubstr("SECRET_KEY"));
}

TEST(secret_key, NeedsThirtyTwoBytesInProductionAndIsNeverShown) {
    config given = production();
    EXPECT_EQ(refusal(given), "");
    given.secret_key = "thirty-one-bytes-of-secret-here";
    ASSERT_EQ(given.secret_key.size(), 31u);
    EXPECT_THAT(refusal(given), AllOf(HasSubstr("SECRET_KEY=****"), Not(HasSubstr(given.secret_key))));
}

TEST(port, IsAWholeNumberUpTo65535) {
    for (const char* port : {"0", "1", "65535"})
        EXPECT_EQ(refusal({.port = port}), "") << port;
    for (const char* port : {"-1", "65536", "80x", "8000.0", " 80", "+80"})
        EXPECT_THAT(refusal({.port = port}), HasSubstr("PORT=")) << port;
}

TEST(access_token_life, IsAtMostThatOfARefreshToken) {
    for (const char* minutes : {"1", "1440", "43200"})
        EXPECT_EQ(refusal({.access_token_expire_minutes = minutes}), "") << minutes;
    for (const char* minutes : {"0", "43201", "1h", "-5"})
        EXPECT_THAT(refusal({.access_token_expire_minutes = minutes}), HasSubstr("ACCESS_TOKEN_EXPIRE_MINUTES="))
            << minutes;
}

TEST(host, IsAnAddressOrAName) {
    for (const char* host : {"0.0.0.0", "::", "::1", "fe80::1%eth0", "localhost", "my-host.example"})
        EXPECT_EQ(refusal({.host = host}), "") << host;
    for (const char* host : {"not an address", "http://a", "a/b", "[::1]"})
        EXPECT_THAT(refusal({.host = host}), HasSubstr("HOST=")) << host;
}

TEST(cors_origins, AreTrimmedAndNeverAStar) {
    EXPECT_THAT(check({.cors_origins = " https://a.example , http://b:3000/,"}).cors_origins,
                ElementsAre("https://a.example", "http://b:3000"));
    for (const char* origins : {"*", "https://*.example", "a.example", "https://a/path", "https://a b"})
        EXPECT_THAT(refusal({.cors_origins = origins}), HasSubstr("CORS_ORIGINS=")) << origins;
}

TEST(event_transport, AutoIsEmbeddedUnlessASidecarOrBrokerIsNamed) {
    EXPECT_EQ(check(config{}).events, transport::embedded);
    EXPECT_EQ(check({.event_transport = "embedded", .dapr_http_port = "3500"}).events, transport::embedded);
    EXPECT_THAT(refusal({.dapr_http_port = "3500"}), AllOf(HasSubstr("EVENT_TRANSPORT"), HasSubstr("DAPR_HTTP_PORT")));
    EXPECT_THAT(refusal({.kafka_brokers = "k:9092"}), AllOf(HasSubstr("EVENT_TRANSPORT"), HasSubstr("KAFKA_BROKERS")));
    EXPECT_THAT(refusal({.event_transport = "carrier-pigeon"}), HasSubstr("carrier-pigeon"));
}

TEST(event_local_after, IsADuration) {
    for (const char* text : {"5s", "500ms", "1m", "0s"})
        EXPECT_EQ(refusal({.event_local_after = text}), "") << text;
    for (const char* text : {"5", "s", "-1s", "5 s", "1h"})
        EXPECT_THAT(refusal({.event_local_after = text}), HasSubstr("EVENT_LOCAL_AFTER=")) << text;
}

TEST(a_refused_value, ShowsControlCharactersAsQuestionMarks) {
    EXPECT_THAT(refusal({.environment = "prod\n\x1b[31m"}), HasSubstr("ENVIRONMENT=prod??[31m:"));
}

TEST(resolving, TakesTheFirstSourceThatHasTheVariable) {
    const auto from = [](std::map<std::string, std::string, std::less<>> values) -> setting_source {
        return [values](const setting& one) -> std::optional<std::string> {
            const auto found = values.find(one.variable);
            return found == values.end() ? std::nullopt : std::optional{found->second};
        };
    };
    const std::vector<setting_source> in_order{from({{"PORT", "1"}, {"HOST", ""}}),
                                               from({{"PORT", "2"}, {"HOST", "::1"}})};
    const config filled = resolve(in_order);
    EXPECT_EQ(filled.port, "1");
    EXPECT_EQ(filled.host, "::1") << "an empty text counts as not given";
    EXPECT_EQ(filled.environment, "development");
}

TEST(settings_table, GivesEveryVariableAFlagOfItsName) {
    for (const setting& one : settings()) {
        EXPECT_TRUE(flag_of(one).starts_with("--"));
        EXPECT_EQ(flag_of(one).size(), one.variable.size() + 2);
    }
    EXPECT_EQ(flag_of(settings().front()), "--database-url");
}

}  // namespace
}  // namespace rondo
