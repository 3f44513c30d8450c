#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rondo {

/// A password as OpaqueString prepares it (RFC 8265, section 4.2): every blank as U+0020, then Normalization Form C;
/// neither case nor width changes. Unlike there, joiners and variation selectors stay, since emoji are made with them.
std::string opaque_string(std::string_view password);

/// Whether it holds characters that nobody can see or type on purpose, which OpaqueString refuses: control characters and
/// those that Unicode has given to nobody for ever.
bool has_forbidden_characters(std::string_view password);

}  // namespace rondo
