#include "telemetry/otlp/settings.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace rondo::otlp {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

settings checked(variables given) {
    if (given.endpoint.empty() && given.traces_endpoint.empty())
        given.endpoint = "http://127.0.0.1:4318";
    return check(given).value();
}

TEST(otlp_settings, AreOffWithoutAnEndpointOrWhenTurnedOff) {
    EXPECT_FALSE(check({}));
    EXPECT_FALSE(check({.endpoint = "http://c", .disabled = "true"}));
    EXPECT_FALSE(check({.endpoint = "http://c", .disabled = "TRUE"}));
    EXPECT_FALSE(check({.endpoint = "http://c", .sampler = "always_off"}));
    EXPECT_TRUE(check({.endpoint = "http://c", .disabled = "false"}));
}

struct endpoint_case {
    std::string given;
    std::string host;
    std::string port;
    std::string target;
};

TEST(otlp_settings, ReadTheEndpoint) {
    for (const auto& [given, host, port, target] :
         {endpoint_case{"http://127.0.0.1:4318", "127.0.0.1", "4318", "/v1/traces"},
          endpoint_case{"http://collector/", "collector", "80", "/v1/traces"},
          endpoint_case{"http://collector:99/base/", "collector", "99", "/base/v1/traces"},
          endpoint_case{"http://[::1]:4318", "::1", "4318", "/v1/traces"},
          endpoint_case{"http://[::1]", "::1", "80", "/v1/traces"}}) {
        const auto read = checked({.endpoint = given});
        EXPECT_EQ(read.host, host) << given;
        EXPECT_EQ(read.port, port) << given;
        EXPECT_EQ(read.target, target) << given;
    }
}

TEST(otlp_settings, TakeTheEndpointOfTracesAsItIs) {
    EXPECT_EQ(checked({.endpoint = "http://other", .traces_endpoint = "http://c:1/own/path"}).target, "/own/path");
    EXPECT_EQ(checked({.traces_endpoint = "http://c:1"}).target, "/");
}

TEST(otlp_settings, ReadHeadersAndAttributes) {
    const auto read = checked({.headers = "Authorization=Bearer%20abc , x-tenant=1",
                               .service_name = "todo",
                               .resource_attributes = "deployment.environment=test,team=a%2Cb"});
    EXPECT_THAT(read.headers, ElementsAre(Pair("Authorization", "Bearer abc"), Pair("x-tenant", "1")));
    EXPECT_THAT(read.resource,
                ElementsAre(Pair("deployment.environment", "test"), Pair("team", "a,b"), Pair("service.name", "todo")));
}

TEST(otlp_settings, NameTheServiceByTheVariableThenTheAttributeThenOurselves) {
    EXPECT_THAT(checked({}).resource, Contains(Pair("service.name", "rondo")));
    EXPECT_THAT(checked({.resource_attributes = "service.name=a"}).resource, ElementsAre(Pair("service.name", "a")));
    EXPECT_THAT(checked({.service_name = "b", .resource_attributes = "service.name=a"}).resource,
                ElementsAre(Pair("service.name", "b")));
}

std::string refusal(const variables& given) {
    try {
        check(given);
    } catch (const fatal& stop) {
        EXPECT_EQ(stop.exit_code(), 78);
        return stop.what();
    }
    return "it was taken";
}

TEST(otlp_settings, RefuseWhatDoesNotFitInOneLineThatNamesTheVariable) {
    EXPECT_THAT(refusal({.endpoint = "https://collector:4318"}), HasSubstr("OTEL_EXPORTER_OTLP_ENDPOINT"));
    EXPECT_THAT(refusal({.endpoint = "https://collector:4318"}), HasSubstr("TLS"));
    for (const std::string bad : {"collector:4318", "http://", "http://:4318", "http://c:0", "http://c:99999",
                                  "http://c:x", "http://a b", "http://u:p@c", "http://c/#x", "grpc://c"})
        EXPECT_THAT(refusal({.endpoint = bad}), HasSubstr("OTEL_EXPORTER_OTLP_ENDPOINT")) << bad;
    EXPECT_THAT(refusal({.traces_endpoint = "x"}), HasSubstr("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"));
    EXPECT_THAT(refusal({.endpoint = "http://c", .timeout = "10s"}), HasSubstr("OTEL_EXPORTER_OTLP_TIMEOUT"));
    EXPECT_THAT(refusal({.endpoint = "http://c", .timeout = "0"}), HasSubstr("OTEL_EXPORTER_OTLP_TIMEOUT"));
    EXPECT_THAT(refusal({.endpoint = "http://c", .resource_attributes = "a"}), HasSubstr("OTEL_RESOURCE_ATTRIBUTES"));
    EXPECT_THAT(refusal({.endpoint = "http://c", .resource_attributes = "a=%4"}),
                HasSubstr("OTEL_RESOURCE_ATTRIBUTES"));
    EXPECT_THAT(refusal({.endpoint = "http://c", .sampler = "sometimes"}), HasSubstr("OTEL_TRACES_SAMPLER"));
    EXPECT_THAT(refusal({.endpoint = "http://c", .sampler = "traceidratio", .sampler_arg = "1.5"}),
                HasSubstr("OTEL_TRACES_SAMPLER_ARG"));
    EXPECT_THAT(refusal({.endpoint = "http://c", .sampler = "traceidratio", .sampler_arg = "nan"}),
                HasSubstr("OTEL_TRACES_SAMPLER_ARG"));
    EXPECT_THAT(refusal({.endpoint = "http://c", .disabled = "maybe"}), HasSubstr("OTEL_SDK_DISABLED"));
}

TEST(otlp_settings, NeverShowTheHeadersAndLetNoneSplitTheRequest) {
    for (const std::string bad : {"secret%0d%0aX=1", "a=secret%0d%0aX: 1", "a b=secret", "secret"}) {
        const auto line = refusal({.endpoint = "http://c", .headers = bad});
        EXPECT_THAT(line, HasSubstr("OTEL_EXPORTER_OTLP_HEADERS"));
        EXPECT_THAT(line, Not(HasSubstr("secret")));
    }
}

std::string trace(std::string_view tail, std::string_view flags = "01") {
    return "00-0af7651916cd43dd" + std::string{tail} + "-b7ad6b7169203331-" + std::string{flags};
}

TEST(sampling, FollowsTheRuleAtTheRootAndTheCallerElsewhere) {
    using enum span_parent;
    const auto sampler = [](std::string name, std::string arg = {}) {
        return checked({.sampler = std::move(name), .sampler_arg = std::move(arg)}).sampler;
    };
    const auto low = trace("0000000000000001");
    const auto high = trace("ffffffffffffff00");
    EXPECT_TRUE(sampler("").wants(low, none));
    EXPECT_TRUE(sampler("").wants(trace("01", "01") + "", local));
    EXPECT_FALSE(sampler("").wants(trace("0000000000000001", "00"), remote));
    EXPECT_TRUE(sampler("always_on").wants(trace("0000000000000001", "00"), remote));
    EXPECT_TRUE(sampler("parentbased_always_off").wants(low, remote));
    EXPECT_FALSE(sampler("parentbased_always_off").wants(low, none));
    for (const auto parent : {none, local}) {
        EXPECT_TRUE(sampler("traceidratio", "0.5").wants(low, parent));
        EXPECT_FALSE(sampler("traceidratio", "0.5").wants(high, parent));
        EXPECT_FALSE(sampler("parentbased_traceidratio", "0.5").wants(high, parent));
    }
    EXPECT_TRUE(sampler("parentbased_traceidratio", "0.5").wants(high, remote));
    EXPECT_FALSE(sampler("traceidratio", "0").wants(low, none));
    EXPECT_TRUE(sampler("traceidratio", "1").wants(high, none));
    EXPECT_TRUE(sampler("traceidratio").wants(high, none));
}

}  // namespace
}  // namespace rondo::otlp
