# The library for programs of others: find_package(oidcop), oidcop::core. cmake --install --component development
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/oidcop)
install(TARGETS oidcop_core EXPORT oidcop ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(DIRECTORY src/core/include/oidcop DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(EXPORT oidcop NAMESPACE oidcop:: FILE oidcopTargets.cmake DESTINATION ${package} COMPONENT development)
configure_package_config_file(cmake/oidcopConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/oidcopConfig.cmake
                              INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/oidcopConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/oidcopConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/oidcopConfigVersion.cmake
        DESTINATION ${package} COMPONENT development)
install(DIRECTORY share/examples/embedding DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT development)
