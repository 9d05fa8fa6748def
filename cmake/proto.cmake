# proto_room([MESSAGES_ONLY] [NEEDS <proto room>…]): declares the folder it is called from as a package of
# the API. Generated code goes to <build>/gen, rooted at proto/, and is a SYSTEM include: our warnings do
# not apply to it. (CMake's protobuf_generate flattens folders, so two event.proto would collide.)
set(PRATIQUE_GEN ${CMAKE_BINARY_DIR}/gen)
file(MAKE_DIRECTORY ${PRATIQUE_GEN})

function(proto_room)
  cmake_parse_arguments(P "MESSAGES_ONLY" "" "NEEDS" ${ARGN})
  file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  string(REPLACE "/" "_" name ${path})
  set(root ${CMAKE_SOURCE_DIR}/proto)
  file(GLOB protos CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.proto)
  set(generated "")
  foreach(proto IN LISTS protos)
    file(RELATIVE_PATH relative ${root} ${proto})
    string(REGEX REPLACE "\\.proto$" "" stem ${PRATIQUE_GEN}/${relative})
    set(outputs ${stem}.pb.cc ${stem}.pb.h)
    set(arguments --cpp_out=${PRATIQUE_GEN})
    file(STRINGS ${proto} services REGEX "^service ")
    if(services AND NOT P_MESSAGES_ONLY)
      list(APPEND outputs ${stem}.grpc.pb.cc ${stem}.grpc.pb.h)
      list(APPEND arguments --grpc_out=${PRATIQUE_GEN} --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>)
    endif()
    add_custom_command(OUTPUT ${outputs}
      COMMAND protobuf::protoc -I${root} ${arguments} ${relative}
      WORKING_DIRECTORY ${root} DEPENDS ${protos} VERBATIM COMMENT "proto: ${relative}")
    list(APPEND generated ${outputs})
  endforeach()
  add_library(${name} STATIC ${generated})
  target_include_directories(${name} SYSTEM PUBLIC ${PRATIQUE_GEN})
  target_compile_options(${name} PRIVATE -O1 -g0)  # marshalling is not where the time goes; compiling it is
  target_link_libraries(${name} PUBLIC ${USES_grpc})
  # Generated headers of a needed package must exist before ours is compiled.
  foreach(need IN LISTS P_NEEDS)
    string(REPLACE "/" "_" need_name ${need})
    target_link_libraries(${name} PUBLIC ${need_name})
    add_dependencies(${name} ${need_name})
  endforeach()
endfunction()
