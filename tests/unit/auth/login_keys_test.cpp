#include "auth/login_keys.hpp"

#include <gtest/gtest.h>

namespace rondo {
namespace {

TEST(login_keys, CountAnAccountWithoutRegardToCase) {
    EXPECT_EQ(account_login_key("Ada@Example.COM"), account_login_key("ada@example.com"));
    EXPECT_NE(account_login_key("ada@example.com"), account_login_key("bob@example.com"));
}

TEST(login_keys, AreShortAndTellNothingOfWhatWasTyped) {
    const auto key = account_login_key("my secret passphrase " + std::string(100'000, 'x'));
    EXPECT_LT(key.size(), 40U);
    EXPECT_EQ(key.find("secret"), std::string::npos);
}

TEST(login_keys, CountAnIPv4AddressAloneAndAlsoWhenMapped) {
    EXPECT_EQ(address_login_key("192.0.2.7"), "address:192.0.2.7");
    EXPECT_EQ(address_login_key("::ffff:192.0.2.7"), address_login_key("192.0.2.7"));
    EXPECT_NE(address_login_key("192.0.2.8"), address_login_key("192.0.2.7"));
}

TEST(login_keys, CountAnIPv6NetworkOf64Bits) {
    EXPECT_EQ(address_login_key("2001:db8:0:1:ffff::1"), address_login_key("2001:db8:0:1::2"));
    EXPECT_NE(address_login_key("2001:db8:0:1::1"), address_login_key("2001:db8:0:2::1"));
    EXPECT_EQ(address_login_key("fe80::1%lo"), address_login_key("fe80::2"));
}

TEST(login_keys, KeepTextsThatAreNoAddressApartAndBounded) {
    EXPECT_NE(address_login_key("one"), address_login_key("two"));
    EXPECT_LT(address_login_key(std::string(10'000, 'x')).size(), 40U);
}

TEST(login_keys, AreFamiliarForOneAccountAtOneNetwork) {
    const auto key = familiar_login_key("ada@example.com", "192.0.2.7");
    EXPECT_EQ(familiar_login_key("ADA@example.com", "::ffff:192.0.2.7"), key);
    EXPECT_NE(familiar_login_key("bob@example.com", "192.0.2.7"), key);
    EXPECT_NE(familiar_login_key("ada@example.com", "192.0.2.8"), key);
}

}  // namespace
}  // namespace rondo
