#include "base/random.hpp"

#include <sodium.h>

#include "base/error.hpp"

namespace rondo {

system_random::system_random() {
    if (sodium_init() < 0)
        throw fatal{71, "No source of randomness: libsodium could not be initialised."};
}

void system_random::fill(std::span<std::byte> bytes) {
    randombytes_buf(bytes.data(), bytes.size());
}

}  // namespace rondo
