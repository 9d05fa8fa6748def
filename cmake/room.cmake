# The law of the house.
#
#   room(LAYER <layer> [NEEDS <room>…] [USES <library>…] [PROGRAM <name>]
#        [TEST_NEEDS <room>…] [TEST_USES <library>…])
#
# declares the folder it is called from as a room. Its sources are all *.cpp of that folder, except
# *_test.cpp (unit tests) and main.cpp (linked into PROGRAM). NEEDS are rooms by path ("libs/base"),
# USES are libraries by the words of dependencies.cmake; TEST_* are for the unit tests alone. Includes are rooted at the top of the tree
# (#include "libs/base/result.h"); generated API headers at proto/ ("pratique/registrar/v1/…").
#
# Three things are refused by the build:
#   1. a NEEDS that runs up (allowed_<layer> below);
#   2. an include of a room that is not in NEEDS (tools/lint, before the room is compiled);
#   3. an include of a library that the room does not USE, or a library's type in a header outside
#      the rooms that own it (tools/lint).

# layer -> layers that it may need. Side rooms stand at the end.
set(allowed_base "")
set(allowed_codec base codec)
set(allowed_crypto base codec crypto)
set(allowed_protocol base codec crypto protocol)
set(allowed_obs base codec crypto obs)
set(allowed_runtime base codec crypto obs runtime)
set(allowed_net base codec crypto obs runtime net)
set(allowed_pg base codec crypto obs runtime)
set(allowed_proto proto)
set(allowed_rpc base codec crypto obs runtime proto rpc)
set(allowed_domain base codec crypto protocol domain)
set(allowed_storage base codec crypto protocol domain pg)
set(allowed_app base codec crypto protocol domain storage obs pg app)
set(allowed_edge base codec crypto protocol domain app obs runtime net rpc proto edge)
set(allowed_main base codec crypto protocol domain storage app edge obs runtime net pg rpc proto main)
set(allowed_tool base codec crypto protocol obs runtime net rpc proto tool)
set(allowed_support base codec crypto protocol obs runtime net pg rpc proto support)
set(allowed_test base codec crypto protocol domain storage app edge main obs runtime net pg rpc proto tool support test)

set_property(GLOBAL PROPERTY PRATIQUE_ROOMS "")

function(room)
  cmake_parse_arguments(R "" "LAYER;PROGRAM" "NEEDS;USES;TEST_NEEDS;TEST_USES" ${ARGN})
  if(NOT DEFINED allowed_${R_LAYER})
    message(FATAL_ERROR "room: unknown layer '${R_LAYER}' in ${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  string(REPLACE "/" "_" name ${path})

  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cpp$")

  set(libraries "")
  foreach(word IN LISTS R_USES)
    if(NOT DEFINED USES_${word})
      message(FATAL_ERROR "room ${path}: unknown library '${word}'")
    endif()
    list(APPEND libraries ${USES_${word}})
  endforeach()
  set(needed "")
  foreach(need IN LISTS R_NEEDS)
    string(REPLACE "/" "_" need_name ${need})
    list(APPEND needed ${need_name})
  endforeach()

  if(sources)
    add_library(${name} STATIC ${sources})
    set(scope PUBLIC)
    target_compile_options(${name} PRIVATE ${PRATIQUE_WARNINGS})
    use_precompiled(${name} "${R_USES}")
  else()
    add_library(${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${name} ${scope} ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} ${scope} ${needed} ${libraries})

  # The lint: a stamp on which the room's compilation depends.
  if(sources OR tests OR headers)
    set(stamp ${CMAKE_BINARY_DIR}/lint/${name}.stamp)
    file(GLOB all CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
    list(JOIN R_NEEDS "," needs_words)
    list(JOIN R_USES "," uses_words)
    list(JOIN R_TEST_NEEDS "," test_needs_words)
    list(JOIN R_TEST_USES "," test_uses_words)
    add_custom_command(OUTPUT ${stamp}
      COMMAND pratique_lint --root ${CMAKE_SOURCE_DIR} --room ${path} --layer ${R_LAYER}
              --needs "${needs_words}" --uses "${uses_words}"
              --test-needs "${test_needs_words}" --test-uses "${test_uses_words}"
      COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
      DEPENDS ${all} pratique_lint VERBATIM COMMENT "law: ${path}")
    add_custom_target(lint_${name} DEPENDS ${stamp})
    if(sources)
      add_dependencies(${name} lint_${name})
    endif()
  endif()

  if(tests)
    # Objects once; linked into the layer's test binary, and into one of the room's own for daily work.
    add_library(${name}_tests OBJECT ${tests})
    set(test_only "")
    foreach(need IN LISTS R_TEST_NEEDS)
      string(REPLACE "/" "_" need_name ${need})
      list(APPEND test_only ${need_name})
    endforeach()
    foreach(word IN LISTS R_TEST_USES)
      list(APPEND test_only ${USES_${word}})
    endforeach()
    target_link_libraries(${name}_tests PRIVATE ${name} ${test_only} tests_support_catch)
    target_precompile_headers(${name}_tests REUSE_FROM tests_support_pch)
    target_compile_options(${name}_tests PRIVATE ${PRATIQUE_WARNINGS} -O0)
    add_dependencies(${name}_tests lint_${name})
    add_executable(t_${name} EXCLUDE_FROM_ALL $<TARGET_OBJECTS:${name}_tests>)
    target_link_libraries(t_${name} PRIVATE ${name} ${test_only} tests_support_catch tests_support_catch_main)
    set_property(GLOBAL APPEND PROPERTY PRATIQUE_TEST_ONLY_${R_LAYER} ${test_only})
    set_property(GLOBAL APPEND PROPERTY PRATIQUE_TESTED_${R_LAYER} ${name})
  endif()

  if(R_PROGRAM)
    add_executable(${R_PROGRAM} ${CMAKE_CURRENT_SOURCE_DIR}/main.cpp)
    target_link_libraries(${R_PROGRAM} PRIVATE ${name})
    target_compile_options(${R_PROGRAM} PRIVATE ${PRATIQUE_WARNINGS})
    set_target_properties(${R_PROGRAM} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
    add_dependencies(${R_PROGRAM} lint_${name})
  endif()

  set_property(GLOBAL APPEND PROPERTY PRATIQUE_ROOMS ${path})
  set_property(GLOBAL PROPERTY PRATIQUE_LAYER_${path} ${R_LAYER})
  set_property(GLOBAL PROPERTY PRATIQUE_NEEDS_${path} "${R_NEEDS}")
endfunction()

# Called once all rooms are declared: checks that needs run down, and links one test binary a layer.
function(finish_rooms)
  get_property(rooms GLOBAL PROPERTY PRATIQUE_ROOMS)
  foreach(path IN LISTS rooms)
    get_property(layer GLOBAL PROPERTY PRATIQUE_LAYER_${path})
    get_property(needs GLOBAL PROPERTY PRATIQUE_NEEDS_${path})
    foreach(need IN LISTS needs)
      if(need MATCHES "^proto/")
        set(need_layer proto)
      else()
        get_property(need_layer GLOBAL PROPERTY PRATIQUE_LAYER_${need})
      endif()
      if(NOT need_layer)
        message(FATAL_ERROR "room ${path} needs ${need}, which is no room")
      endif()
      if(NOT need_layer IN_LIST allowed_${layer})
        message(FATAL_ERROR "room ${path} (${layer}) may not need ${need} (${need_layer}): imports only run down")
      endif()
      # A service's rooms belong to it alone.
      if(path MATCHES "^services/([^/]+)" AND need MATCHES "^services/")
        string(REGEX REPLACE "^services/([^/]+).*" "\\1" mine ${path})
        string(REGEX REPLACE "^services/([^/]+).*" "\\1" theirs ${need})
        if(NOT mine STREQUAL theirs)
          message(FATAL_ERROR "room ${path} needs ${need}: services meet only over gRPC")
        endif()
      endif()
    endforeach()
  endforeach()
  foreach(layer base codec crypto protocol obs runtime net pg rpc domain storage app edge main tool support test)
    get_property(tested GLOBAL PROPERTY PRATIQUE_TESTED_${layer})
    if(tested)
      set(objects "")
      foreach(name IN LISTS tested)
        list(APPEND objects $<TARGET_OBJECTS:${name}_tests>)
      endforeach()
      add_executable(test_${layer} ${objects})
      get_property(test_only GLOBAL PROPERTY PRATIQUE_TEST_ONLY_${layer})
      target_link_libraries(test_${layer} PRIVATE ${tested} ${test_only} tests_support_catch tests_support_catch_main)
      set_target_properties(test_${layer} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
      add_test(NAME ${layer} COMMAND test_${layer})
    endif()
  endforeach()
endfunction()
