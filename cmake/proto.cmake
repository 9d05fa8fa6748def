# proto_room(): declares the folder it is called from as a package of the public API.
# Generated code goes to <build>/gen and is a SYSTEM include: our warnings do not apply to it.
set(PRATIQUE_GEN ${CMAKE_BINARY_DIR}/gen)
file(MAKE_DIRECTORY ${PRATIQUE_GEN})

function(proto_room)
  cmake_parse_arguments(P "MESSAGES_ONLY" "" "NEEDS" ${ARGN})
  file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  string(REPLACE "/" "_" name ${path})
  file(GLOB protos CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.proto)
  add_library(${name} STATIC ${protos})
  protobuf_generate(TARGET ${name} LANGUAGE cpp IMPORT_DIRS ${CMAKE_SOURCE_DIR}/proto
    PROTOC_OUT_DIR ${PRATIQUE_GEN})
  if(NOT P_MESSAGES_ONLY)
    protobuf_generate(TARGET ${name} LANGUAGE grpc GENERATE_EXTENSIONS .grpc.pb.h .grpc.pb.cc
      IMPORT_DIRS ${CMAKE_SOURCE_DIR}/proto PROTOC_OUT_DIR ${PRATIQUE_GEN}
      PLUGIN "protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>")
  endif()
  target_include_directories(${name} SYSTEM PUBLIC ${PRATIQUE_GEN})
  target_link_libraries(${name} PUBLIC ${USES_grpc})
  # Generated code of a needed package must exist before ours is compiled.
  foreach(need IN LISTS P_NEEDS)
    string(REPLACE "/" "_" need_name ${need})
    target_link_libraries(${name} PUBLIC ${need_name})
    add_dependencies(${name} ${need_name})
  endforeach()
endfunction()
