#pragma once
// Whose wrong logins are counted together: names of bounded length for accounts and addresses, whatever was typed.

#include <string>
#include <string_view>

namespace rondo {

/// The account of an e-mail address, without regard to case. A hash: what is typed as an e-mail address may be a
/// password.
std::string account_login_key(std::string_view email);

/// The connection's address: one IPv4 address (also when it comes mapped into IPv6), or an IPv6 network of 64 bits,
/// since one subscriber has as much. `peer` is an address without port; a text that is none is a key of its own.
std::string address_login_key(std::string_view peer);

/// That account at that address.
std::string familiar_login_key(std::string_view email, std::string_view peer);

}  // namespace rondo
