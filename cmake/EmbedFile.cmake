# embed_file(target file symbol): the bytes of a file as `const std::string_view rondo::embedded::symbol`, compiled into the
# target; declare it `extern` where it is used. The file may be made by another rule. Run as a script (cmake -P) it writes
# the source.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ "${INPUT}" hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  get_filename_component(name "${INPUT}" NAME)
  file(WRITE "${OUTPUT}.new" "// Made from ${name} at build time.
#include <string_view>

namespace rondo::embedded {

namespace {
constexpr unsigned char bytes[] = {
${bytes}0};
}  // namespace

extern const std::string_view ${SYMBOL};
const std::string_view ${SYMBOL}{reinterpret_cast<const char*>(bytes), ${size}};

}  // namespace rondo::embedded
")
  file(RENAME "${OUTPUT}.new" "${OUTPUT}")
  return()
endif()

set(EMBED_FILE_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(embed_file target file symbol)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.cpp)
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${file} -DOUTPUT=${source} -DSYMBOL=${symbol} -P ${EMBED_FILE_SCRIPT}
    DEPENDS ${file} ${EMBED_FILE_SCRIPT}
    VERBATIM)
  target_sources(${target} PRIVATE ${source})
endfunction()
