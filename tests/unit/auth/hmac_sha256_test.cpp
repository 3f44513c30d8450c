#include "auth/hmac_sha256.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "auth/base64url.hpp"

namespace rondo {
namespace {

std::string hex(const std::array<std::byte, 32>& bytes) {
    std::string text;
    for (const std::byte b : bytes) {
        text += "0123456789abcdef"[std::to_integer<int>(b >> 4)];
        text += "0123456789abcdef"[std::to_integer<int>(b & std::byte{15})];
    }
    return text;
}

TEST(hmac_sha256, GivesTheVectorsOfRfc4231) {
    EXPECT_EQ(hex(hmac_sha256{std::string(20, '\x0b')}("Hi There")),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(hex(hmac_sha256{"Jefe"}("what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hex(hmac_sha256{std::string(20, '\xaa')}(std::string(50, '\xdd'))),
              "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    EXPECT_EQ(hex(hmac_sha256{std::string(131, '\xaa')}("Test Using Larger Than Block-Size Key - Hash Key First")),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(hmac_sha256, GivesTheSignatureOfRfc7515) {
    const auto key =
        base64url_decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
    ASSERT_TRUE(key);
    const hmac_sha256 sign{{reinterpret_cast<const char*>(key->data()), key->size()}};
    EXPECT_EQ(base64url_encode(sign(
                  "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6"
                  "Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ")),
              "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

TEST(hmac_sha256, GivesTheSameOnManyThreadsAtOnce) {
    const hmac_sha256 sign{"a key"};
    const auto expected = sign("a text");
    std::vector<std::thread> threads;
    std::atomic<int> wrong = 0;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 2'000; ++n)
                wrong += sign("a text") != expected;
        });
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace rondo
