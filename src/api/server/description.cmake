# docs/openapi.yaml, as the JSON and the page that document_routes.cpp hands out.
include(${CMAKE_SOURCE_DIR}/cmake/EmbedFile.cmake)

# Debian's interpreter has python3-yaml; another one that comes first in PATH may not.
foreach(candidate python3 /usr/bin/python3)
  execute_process(COMMAND ${candidate} -c "import yaml" RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
  if(NOT failed)
    set(yaml_python ${candidate})
    break()
  endif()
endforeach()
if(NOT yaml_python)
  message(FATAL_ERROR "No python3 with PyYAML: install Debian's package python3-yaml.")
endif()

set(description_source ${CMAKE_SOURCE_DIR}/docs/openapi.yaml)
set(description_made ${CMAKE_CURRENT_BINARY_DIR}/description)
set(page_source ${CMAKE_CURRENT_SOURCE_DIR}/server/docs_page)
add_custom_command(
  OUTPUT ${description_made}/openapi.json ${description_made}/docs.html ${description_made}/docs_style_hash.txt
  COMMAND ${yaml_python} ${CMAKE_SOURCE_DIR}/tools/openapi_build.py ${description_source}
          --version ${PROJECT_VERSION} --page-source ${page_source} --output ${description_made}
  DEPENDS ${description_source} ${page_source}/page.html ${page_source}/style.css
          ${CMAKE_SOURCE_DIR}/tools/openapi_build.py ${CMAKE_SOURCE_DIR}/tools/openapi_page.py
  VERBATIM)
embed_file(rondo_api ${description_made}/openapi.json openapi_json)
embed_file(rondo_api ${description_made}/docs.html docs_page)
embed_file(rondo_api ${description_made}/docs_style_hash.txt docs_style_hash)
