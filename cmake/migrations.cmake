# embed_migrations(): called after room() by services/<service>/storage. Turns migrations/NNNN_what.sql into
# <build>/gen/services/<service>/storage/migrations.{h,cpp}; libs/pg/migrator.h says what may stand in them.
function(embed_migrations)
  file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  if(NOT path MATCHES "^services/([a-z_]+)/storage$")
    message(FATAL_ERROR "embed_migrations: ${path} is not services/<service>/storage")
  endif()
  set(service ${CMAKE_MATCH_1})
  string(REPLACE "/" "_" target ${path})
  set(out ${CMAKE_BINARY_DIR}/gen/${path}/migrations)

  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/migrations/*)
  list(SORT files)
  set(texts "")
  set(entries "")
  set(number 0)
  foreach(file IN LISTS files)
    math(EXPR number "${number} + 1")
    get_filename_component(base ${file} NAME)
    if(NOT base MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)\\.sql$")
      message(FATAL_ERROR "embed_migrations: ${path}/migrations/${base} is not named NNNN_what.sql")
    endif()
    set(digits ${CMAKE_MATCH_1})
    set(what ${CMAKE_MATCH_2})
    string(REGEX REPLACE "^0+" "" stated "${digits}")
    if(NOT stated STREQUAL number)
      message(FATAL_ERROR "embed_migrations: ${path}/migrations/${base} stands where number ${number} is due")
    endif()
    file(READ ${file} sql)
    file(SHA256 ${file} checksum)
    string(FIND "${sql}" ")migration\"" closing)
    if(NOT closing EQUAL -1)
      message(FATAL_ERROR "embed_migrations: ${path}/migrations/${base} holds the text )migration\"")
    endif()
    string(APPEND texts "constexpr std::string_view kSql${digits} = R\"migration(${sql})migration\";\n")
    string(APPEND entries "    {${number}, \"${what}\", kSql${digits}, \"${checksum}\"},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endforeach()
  if(number EQUAL 0)
    message(FATAL_ERROR "embed_migrations: ${path}/migrations holds no NNNN_what.sql")
  endif()

  # file(CONFIGURE) writes only what changed, and @ONLY leaves SQL's ${} and $1 alone.
  set(header "// Generated from ${path}/migrations.
#pragma once

#include <span>

#include \"libs/pg/migrator.h\"

namespace pratique::${service} {
std::span<const pg::Migration> migrations();
}
")
  set(source "#include \"${path}/migrations.h\"

namespace pratique::${service} {
namespace {
${texts}constexpr pg::Migration kMigrations[] = {
${entries}};
}  // namespace
std::span<const pg::Migration> migrations() { return kMigrations; }
}  // namespace pratique::${service}
")
  file(CONFIGURE OUTPUT ${out}.h CONTENT "@header@" @ONLY)
  file(CONFIGURE OUTPUT ${out}.cpp CONTENT "@source@" @ONLY)
  get_target_property(kind ${target} TYPE)
  if(kind STREQUAL "INTERFACE_LIBRARY")
    message(FATAL_ERROR "embed_migrations: ${path} has no sources of its own yet")
  endif()
  target_sources(${target} PRIVATE ${out}.cpp)
  target_include_directories(${target} SYSTEM PUBLIC ${CMAKE_BINARY_DIR}/gen)
endfunction()
