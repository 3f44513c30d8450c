#include "auth/login_keys.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <sodium.h>
#include <boost/asio/ip/address.hpp>

#include "auth/base64url.hpp"

namespace rondo {
namespace {

std::string hashed(std::string_view text) {
    std::array<std::byte, 16> made;
    crypto_generichash(reinterpret_cast<unsigned char*>(made.data()), made.size(),
                       reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
    return base64url_encode(made);
}

std::string lower_case(std::string_view text) {
    std::string lower{text};
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

std::string network_of(std::string_view peer) {
    namespace ip = boost::asio::ip;
    boost::system::error_code failure;
    const auto address = ip::make_address(peer, failure);
    if (failure)
        return hashed(peer);
    if (address.is_v4())
        return address.to_string();
    const auto v6 = address.to_v6();
    if (v6.is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, v6).to_string();
    auto bytes = v6.to_bytes();
    std::ranges::fill(std::span{bytes}.subspan(8), static_cast<unsigned char>(0));
    return ip::address_v6{bytes}.to_string() + "/64";
}

}  // namespace

std::string account_login_key(std::string_view email) {
    return "account:" + hashed(lower_case(email));
}

std::string address_login_key(std::string_view peer) {
    return "address:" + network_of(peer);
}

std::string familiar_login_key(std::string_view email, std::string_view peer) {
    return "familiar:" + hashed(lower_case(email) + '\n' + network_of(peer));
}

}  // namespace rondo
