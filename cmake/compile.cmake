# One way of compiling for test, demo and bench: optimised, line tables only (-g1), tests unoptimised.
# Sanitizers have a preset of their own (CMakePresets.json).
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Pratique)
endif()
set(CMAKE_CXX_FLAGS_PRATIQUE "-O2 -g1")
set(CMAKE_CXX_FLAGS_SANITIZE "-O0 -g1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer")
# For libFuzzer (clang): fast enough to try thousands of inputs a second, and counting what they reach.
set(CMAKE_CXX_FLAGS_FUZZ "-O1 -g1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer")

# Paths inside objects are relative, so that ccache hits from any checkout.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -fstack-protector-strong -D_GLIBCXX_ASSERTIONS)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fpch-preprocess)
endif()
# Some libraries ask for this by themselves; asked for everywhere, one precompiled header fits every room.
add_compile_options(-pthread)
add_compile_definitions(BOOST_ASIO_HAS_CO_AWAIT BOOST_ASIO_HAS_STD_COROUTINE)
find_program(PRATIQUE_CCACHE ccache)
if(PRATIQUE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${PRATIQUE_CCACHE})
endif()
find_program(PRATIQUE_MOLD mold)
if(PRATIQUE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Our own code only; generated code and libraries are SYSTEM.
set(PRATIQUE_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these four falsely at -O2, so they warn and do not fail.
  list(APPEND PRATIQUE_WARNINGS -Werror -Wno-error=array-bounds -Wno-error=stringop-overflow
    -Wno-error=maybe-uninitialized -Wno-restrict)
else()
  # The house is judged by g++; another compiler's further opinions are shown and do not fail.
  list(APPEND PRATIQUE_WARNINGS -Wno-sign-conversion)
endif()
