#include "base/process.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OIDCOP_LEAK_CHECKER
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(OIDCOP_LEAK_CHECKER)
// The leak checker attaches to the process as a debugger does, which is what is forbidden below: it would
// only fail.
extern "C" int __lsan_is_turned_off();  // NOLINT(bugprone-reserved-identifier): the sanitizer's name
extern "C" int __lsan_is_turned_off() {
  return 1;
}
#endif

namespace oidcop::program {

void harden_process() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  ::umask(077);
}

void outlive_peers() {
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): cannot fail for SIGPIPE
}

void ignore_reloads() {
  std::signal(SIGHUP, SIG_IGN);  // NOLINT(cert-err33-c): cannot fail for SIGHUP
}

void hold_back_reloads() {
  sigset_t reload;
  sigemptyset(&reload);
  sigaddset(&reload, SIGHUP);
  ::pthread_sigmask(SIG_BLOCK, &reload, nullptr);
}

}  // namespace oidcop::program
