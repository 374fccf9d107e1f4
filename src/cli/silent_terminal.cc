#include "cli/silent_terminal.h"

#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace oidcop::cli {
namespace {

constexpr std::array<int, 5> kSignals = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP};

/// What a handler needs, which gets nothing but a number. Written while none is installed.
struct Saved {
  termios audible;
  termios silent;
  std::array<struct sigaction, kSignals.size()> actions;
};
Saved saved;                                // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<const char*> prompt_to_repeat;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
static_assert(std::atomic<const char*>::is_always_lock_free, "it is read in a signal handler");

/// Everything in here may be called in a signal handler (signal-safety(7)).
void handle(int number) {
  const int error = errno;
  // In the background the terminal is somebody else's. What was typed so far is thrown away: half of a
  // password is no command for the shell.
  if (::tcgetpgrp(STDIN_FILENO) == ::getpgrp()) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved.audible);
  struct sigaction by_default {};
  by_default.sa_handler = SIG_DFL;
  struct sigaction ours {};
  ::sigaction(number, &by_default, &ours);
  sigset_t this_one;
  ::sigemptyset(&this_one);
  ::sigaddset(&this_one, number);
  ::raise(number);
  sigset_t before;
  ::pthread_sigmask(SIG_UNBLOCK, &this_one, &before);  // here the process ends, or stops
  // It was stopped and goes on. In the background the next change stops it again, until it is in front.
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::sigaction(number, &ours, nullptr);
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved.silent);
  if (const char* prompt = prompt_to_repeat.load()) {
    if (::write(STDERR_FILENO, prompt, std::strlen(prompt)) < 0) errno = 0;  // nobody to tell
  }
  errno = error;
}

void install_handlers() {
  struct sigaction ours {};
  ours.sa_handler = handle;
  ours.sa_flags = SA_RESTART;
  ::sigemptyset(&ours.sa_mask);
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    ::sigaction(kSignals.at(i), &ours, &saved.actions.at(i));
    // What is ignored stays ignored: nohup(1), and the background jobs of some shells.
    if (saved.actions.at(i).sa_handler == SIG_IGN) ::sigaction(kSignals.at(i), &saved.actions.at(i), nullptr);
  }
}

void remove_handlers() {
  for (std::size_t i = 0; i < kSignals.size(); ++i)
    ::sigaction(kSignals.at(i), &saved.actions.at(i), nullptr);
}

}  // namespace

SilentTerminal::SilentTerminal() {
  if (::tcgetattr(STDIN_FILENO, &saved.audible) != 0) return;
  saved.silent = saved.audible;
  saved.silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  install_handlers();
  works_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved.silent) == 0;
  if (!works_) remove_handlers();
}

SilentTerminal::~SilentTerminal() {
  if (!works_) return;
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved.audible);
  remove_handlers();
  prompt_to_repeat = nullptr;
}

void SilentTerminal::set_prompt(const char* prompt) {
  prompt_to_repeat = prompt;
}

}  // namespace oidcop::cli
