# One precompiled header of the standard library's for all rooms, and one that holds gRPC too for those that use it:
# half of what a source file cost was these. With g++ alone: other compilers build without, and so show an include
# that is missing. Unit tests have one of their own (tests/support).
set(PRATIQUE_STANDARD_HEADERS <algorithm> <array> <atomic> <charconv> <chrono> <condition_variable> <cstdint> <cstring>
  <expected> <functional> <map> <memory> <mutex> <optional> <span> <string> <string_view> <thread>
  <utility> <variant> <vector>)

function(precompile name)
  set(source ${CMAKE_BINARY_DIR}/precompiled/${name}.cpp)
  file(GENERATE OUTPUT ${source} CONTENT "// Carries a precompiled header.\n")
  add_library(${name} STATIC ${source})
  target_compile_options(${name} PRIVATE ${PRATIQUE_WARNINGS})
  target_precompile_headers(${name} PRIVATE ${PRATIQUE_STANDARD_HEADERS} ${ARGN})
endfunction()

function(use_precompiled target uses)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    return()
  endif()
  if("grpc" IN_LIST uses)
    target_precompile_headers(${target} REUSE_FROM precompiled_grpc)
  else()
    target_precompile_headers(${target} REUSE_FROM precompiled_standard)
  endif()
endfunction()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  precompile(precompiled_standard)
  precompile(precompiled_grpc <grpcpp/grpcpp.h>)
  target_link_libraries(precompiled_grpc PRIVATE ${USES_grpc})
endif()
