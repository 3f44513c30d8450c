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
    EXPECT_EQ(std::get<std::filesystem::path>(fits.database), "/data/todo.db");
    EXPECT_EQ(fits.port, 8000);
    EXPECT_EQ(fits.host, "0.0.0.0");
    EXPECT_EQ(fits.events, transport::embedded);
    EXPECT_EQ(fits.access_token_lifetime, std::chrono::hours{24});
    EXPECT_THAT(fits.cors_origins, ElementsAre("http://localhost:3000", "http://localhost:8000"));
}

std::filesystem::path file_of(const char* url) {
    return std::get<std::filesystem::path>(read_database_url(url));
}

postgres::database_url server_of(const char* url) {
    return std::get<postgres::database_url>(read_database_url(url));
}

TEST(database_url, ThreeSlashesAreRelativeAndFourAbsolute) {
    EXPECT_EQ(file_of("sqlite:///todo.db"), "todo.db");
    EXPECT_EQ(file_of("sqlite:///./todo.db"), "./todo.db");
    EXPECT_EQ(file_of("sqlite:////data/todo.db"), "/data/todo.db");
    EXPECT_EQ(file_of("sqlite+aiosqlite:////data/todo.db"), "/data/todo.db");
}

TEST(database_url, ThatIsNoSqliteUrlIsRefusedWithWhatIsAllowed) {
    for (const char* url :
         {"sqlite://", "sqlite:///", "sqlite:todo.db", "todo.db", "mysql://h/d", "sqlite:///a.db?mode=ro"})
        EXPECT_THAT(refusal({.database_url = url}), AllOf(HasSubstr("DATABASE_URL="), HasSubstr("needed"))) << url;
}

TEST(database_url, OfPostgresIsReadWithSqlAlchemysDriverOrWithout) {
    for (const char* url :
         {"postgresql://me:hunter2@db:5433/todo", "postgres://me:hunter2@db:5433/todo",
          "postgresql+psycopg2://me:hunter2@db:5433/todo", "postgresql+asyncpg://me:hunter2@db:5433/todo"})
        EXPECT_EQ(server_of(url).text, "postgresql://me:hunter2@db:5433/todo") << url;
    EXPECT_EQ(server_of("postgresql://db/todo?sslmode=require").text, "postgresql://db/todo?sslmode=require");
}

TEST(database_url, OfPostgresIsShownWithoutItsPassword) {
    EXPECT_EQ(server_of("postgresql://me:hunter2@db:5433/todo").shown, "postgresql://me@db:5433/todo");
    EXPECT_EQ(server_of("postgresql://db/todo?user=me&password=hunter2").shown, "postgresql://me@db/todo");
    EXPECT_EQ(server_of("postgresql:///todo?host=/run/postgresql").shown, "postgresql:///run/postgresql/todo");
    EXPECT_EQ(check({.database_url = "postgresql://me:hunter2@db/todo"}).database_shown, "postgresql://me@db/todo");
}

TEST(database_url, OfPostgresThatCannotBeReadIsRefusedWithoutItsPassword) {
    for (const char* url : {"postgresql://me:hunter2%zz@db/todo", "postgresql://me:hunter2@db/todo?ssl=require",
                            "postgresql://me@db/todo?password=hunter2&nonsense=1", "postgresql://me:hunter2@[::1/todo"})
        EXPECT_THAT(refusal({.database_url = url}),
                    AllOf(HasSubstr("DATABASE_URL="), HasSubstr("is needed"), Not(HasSubstr("hunter2"))))
            << url;
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
    EXPECT_EQ(check({.dapr_http_port = "3501"}).events, transport::dapr);
    EXPECT_EQ(check({.dapr_http_port = "3501"}).dapr.port, "3501");
    EXPECT_EQ(check({.event_transport = "dapr"}).dapr.port, "3500");
    EXPECT_EQ(check({.kafka_brokers = "k:9092"}).events, transport::kafka);
    EXPECT_EQ(check({.dapr_http_port = "3501", .kafka_brokers = "k:9092"}).events, transport::dapr);
    EXPECT_EQ(check({.event_transport = "kafka", .dapr_http_port = "3501", .kafka_brokers = "k:9092"}).events,
              transport::kafka);
    EXPECT_THAT(refusal({.event_transport = "carrier-pigeon"}), HasSubstr("carrier-pigeon"));
}

TEST(kafka_settings, AreTakenAsTheyAreGiven) {
    const auto kafka = check({.pubsub_topic = "my.topic",
                              .kafka_brokers = "a:1,b:2",
                              .kafka_partitions = "12",
                              .kafka_security_protocol = "SASL_SSL",
                              .kafka_sasl_mechanism = "SCRAM-SHA-512",
                              .kafka_sasl_username = "me",
                              .kafka_sasl_password = "hunter2",
                              .kafka_ssl_ca_location = "/etc/ca.pem"})
                           .kafka;
    EXPECT_EQ(kafka.brokers, "a:1,b:2");
    EXPECT_EQ(kafka.topic, "my.topic");
    EXPECT_EQ(kafka.group, "todo-backend");
    EXPECT_EQ(kafka.partitions, 12);
    EXPECT_EQ(kafka.sasl_mechanism, "SCRAM-SHA-512");
    EXPECT_EQ(kafka.sasl_password, "hunter2");
    EXPECT_EQ(kafka.ssl_ca_location, "/etc/ca.pem");
}

TEST(kafka_settings, ThatDoNotFitAreRefusedWithWhatIsAllowed) {
    EXPECT_THAT(refusal({.event_transport = "kafka"}), HasSubstr("KAFKA_BROKERS="));
    EXPECT_THAT(refusal({.kafka_brokers = "kafka://a:1"}), HasSubstr("host:port"));
    EXPECT_THAT(refusal({.kafka_brokers = "a:1, b:2"}), HasSubstr("without spaces"));
    EXPECT_THAT(refusal({.kafka_brokers = "a:1", .kafka_partitions = "0"}), HasSubstr("KAFKA_PARTITIONS="));
    EXPECT_THAT(refusal({.kafka_brokers = "a:1", .kafka_security_protocol = "TLS"}), HasSubstr("PLAINTEXT, SSL"));
    EXPECT_THAT(refusal({.kafka_brokers = "a:1", .kafka_security_protocol = "SASL_SSL"}),
                HasSubstr("KAFKA_SASL_MECHANISM="));
    const auto line = refusal({.kafka_brokers = "a:1",
                               .kafka_security_protocol = "SASL_SSL",
                               .kafka_sasl_mechanism = "PLAIN",
                               .kafka_sasl_password = "hunter2"});
    EXPECT_THAT(line, AllOf(HasSubstr("KAFKA_SASL_USERNAME"), Not(HasSubstr("hunter2"))));
}

TEST(pubsub_names, AreThoseThatBrokersTake) {
    EXPECT_EQ(refusal({.pubsub_name = "my-pubsub", .pubsub_topic = "a.b_c-9"}), "");
    EXPECT_THAT(refusal({.pubsub_name = "a/b"}), HasSubstr("PUBSUB_NAME="));
    for (const std::string& topic : {std::string{"a b"}, std::string{".."}, std::string(250, 'x')})
        EXPECT_THAT(refusal({.pubsub_topic = topic}), HasSubstr("PUBSUB_TOPIC=")) << topic;
}

TEST(dapr_settings, AreThatOfASidecarOnThisMachine) {
    EXPECT_THAT(refusal({.dapr_http_port = "x"}), HasSubstr("DAPR_HTTP_PORT="));
    EXPECT_THAT(refusal({.dapr_api_token = "two words\r\n"}),
                AllOf(HasSubstr("DAPR_API_TOKEN=****"), Not(HasSubstr("words"))));
    EXPECT_FALSE(check({}).dapr_subscribes_itself);
    EXPECT_TRUE(check({.dapr_subscribe = "programmatic"}).dapr_subscribes_itself);
    EXPECT_THAT(refusal({.dapr_subscribe = "yes"}), HasSubstr("declarative or programmatic"));
}

TEST(event_local_after, IsADuration) {
    EXPECT_EQ(check(config{}).local_after, std::chrono::seconds{5});
    EXPECT_EQ(check({.event_local_after = "1m"}).local_after, std::chrono::minutes{1});
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
