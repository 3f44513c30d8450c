#pragma once
// The files of the web page, as tools/build-web made them from web/; compiled in by web.cmake.

#include <span>
#include <string_view>

namespace rondo::embedded {

struct web_asset {
    std::string_view path;          ///< e.g. "/assets/index-Bx3f.js"
    std::string_view content_type;
    std::string_view etag;          ///< with its quotes
    bool named_by_content = false;  ///< its name changes with its bytes, so that it may be kept for ever
    std::string_view identity;      ///< the bytes as they are
    std::string_view gzip;          ///< the same, compressed; empty where that saves nothing
    std::string_view brotli;
};

extern const std::span<const web_asset> web_assets;

}  // namespace rondo::embedded
