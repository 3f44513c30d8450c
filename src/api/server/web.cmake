# The web page: tools/build-web makes it once for every preset, and does nothing when nothing changed.
set(web_made ${CMAKE_SOURCE_DIR}/build/web)
file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/src/* ${CMAKE_SOURCE_DIR}/web/public/*)
add_custom_command(
  OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/web_assets.cpp
  COMMAND ${CMAKE_SOURCE_DIR}/tools/build-web
  COMMAND ${CMAKE_COMMAND} -E copy ${web_made}/assets.cpp ${CMAKE_CURRENT_BINARY_DIR}/web_assets.cpp
  DEPENDS ${web_sources} ${CMAKE_SOURCE_DIR}/web/index.html ${CMAKE_SOURCE_DIR}/web/package-lock.json
          ${CMAKE_SOURCE_DIR}/web/package.json ${CMAKE_SOURCE_DIR}/web/tsconfig.json
          ${CMAKE_SOURCE_DIR}/web/vite.config.ts ${CMAKE_SOURCE_DIR}/web/embed.mjs
          ${CMAKE_SOURCE_DIR}/tools/build-web ${description_source}
  VERBATIM)
target_sources(rondo_api PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/web_assets.cpp)
