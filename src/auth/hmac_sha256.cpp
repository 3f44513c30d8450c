#include "auth/hmac_sha256.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/error.hpp"

namespace rondo {
namespace {

[[noreturn]] void give_up() {
    throw unavailable{"OpenSSL could not compute an HMAC."};
}

}  // namespace

void hmac_sha256::free_context::operator()(void* context) const {
    EVP_MAC_CTX_free(static_cast<EVP_MAC_CTX*>(context));
}

hmac_sha256::hmac_sha256(std::string_view key) {
    EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    if (algorithm == nullptr)
        throw fatal{69, "OpenSSL has no HMAC."};
    EVP_MAC_CTX* const context = EVP_MAC_CTX_new(algorithm);
    EVP_MAC_free(algorithm);  // the context holds its own reference
    keyed_.reset(context);
    char digest_name[] = "SHA256";
    const std::array parameters{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name, 0),
                                OSSL_PARAM_construct_end()};
    const auto* const bytes = reinterpret_cast<const unsigned char*>(key.data());
    if (context == nullptr || EVP_MAC_init(context, bytes, key.size(), parameters.data()) != 1)
        throw fatal{69, "OpenSSL cannot compute HMAC-SHA256."};
}

std::array<std::byte, 32> hmac_sha256::operator()(std::string_view text) const {
    const std::unique_ptr<EVP_MAC_CTX, free_context> context{EVP_MAC_CTX_dup(static_cast<EVP_MAC_CTX*>(keyed_.get()))};
    std::array<std::byte, 32> made;
    std::size_t length = 0;
    if (!context ||
        EVP_MAC_update(context.get(), reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1 ||
        EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(made.data()), &length, made.size()) != 1 ||
        length != made.size())
        give_up();
    return made;
}

bool equal_in_constant_time(const std::array<std::byte, 32>& a, const std::array<std::byte, 32>& b) {
    return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace rondo
