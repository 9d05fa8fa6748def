# build_version(): called after room() by libs/runtime. States what is built, in one small source file that no other
# includes, so that a new commit compiles that file alone (build_version_text.cmake says which words). The look at git is
# made at each build and takes some milliseconds.
function(build_version)
  file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  string(REPLACE "/" "_" target ${path})
  set(out ${CMAKE_BINARY_DIR}/gen/${path}/build_version.cpp)
  add_custom_target(pratique_build_version
    COMMAND ${CMAKE_COMMAND} -D SOURCE=${CMAKE_SOURCE_DIR} -D VERSION=${PROJECT_VERSION} -D OUT=${out}
            -P ${CMAKE_SOURCE_DIR}/cmake/build_version_text.cmake
    BYPRODUCTS ${out} VERBATIM COMMENT "version")
  target_sources(${target} PRIVATE ${out})
  add_dependencies(${target} pratique_build_version)
endfunction()
