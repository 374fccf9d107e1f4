# One interface target carries the warnings and the instrumentation that all of our own targets share.
add_library(oidcop_warnings INTERFACE)
target_compile_options(oidcop_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wold-style-cast -Wimplicit-fallthrough -Wundef
  # Designated initializers leave the rest to its defaults on purpose.
  -Wno-missing-field-initializers)
if(OIDCOP_WERROR)
  target_compile_options(oidcop_warnings INTERFACE -Werror)
endif()

if(OIDCOP_SANITIZE)
  target_compile_options(oidcop_warnings INTERFACE
    -fsanitize=${OIDCOP_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(oidcop_warnings INTERFACE -fsanitize=${OIDCOP_SANITIZE})
  # Instrumented code confuses g++ 12's flow analysis, in std::regex for one (GCC bug 105562).
  target_compile_options(oidcop_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
if(OIDCOP_COVERAGE)
  target_compile_options(oidcop_warnings INTERFACE --coverage)
  target_link_options(oidcop_warnings INTERFACE --coverage)
endif()
if(OIDCOP_FUZZ)
  # libFuzzer sees where an input leads only in code that was compiled for it; its main() comes with the targets alone.
  target_compile_options(oidcop_warnings INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(oidcop_warnings INTERFACE -fsanitize=fuzzer-no-link)
  target_compile_definitions(oidcop_warnings INTERFACE _GLIBCXX_ASSERTIONS)
endif()
