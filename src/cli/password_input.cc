#include "cli/password_input.h"

#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <string>

namespace oidcop::cli {
namespace {

/// Switches the terminal's echo off until it ends.
class Silence {
 public:
  Silence() {
    works_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    if (!works_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    works_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
  }
  ~Silence() {
    if (works_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  bool works() const { return works_; }

 private:
  termios before_{};
  bool works_ = false;
};

Result<Secret> first_line(std::istream& in) {
  std::string line;
  std::getline(in, line);
  if (line.empty()) return fail(Errc::malformed, "password: is empty");
  return Secret(std::move(line));
}

Result<Secret> ask(Streams& streams, const char* prompt) {
  streams.err << prompt << std::flush;
  auto answer = first_line(streams.in);
  streams.err << '\n';
  return answer;
}

}  // namespace

Result<Secret> read_password(Streams& streams, PasswordSource source) {
  if (source == PasswordSource::standard_input) return first_line(streams.in);
  if (::isatty(STDIN_FILENO) == 0) {
    return fail(Errc::unavailable, "password: there is no terminal to ask for it at; use --password-stdin");
  }
  const Silence silence;
  if (!silence.works())
    return fail(Errc::unavailable, "password: the terminal cannot be switched to silent input");
  auto first = ask(streams, "Password: ");
  if (!first) return first;
  auto second = ask(streams, "Password again: ");
  if (!second) return second;
  if (!equal_in_constant_time(*first, *second))
    return fail(Errc::malformed, "password: the second is not like the first");
  return first;
}

}  // namespace oidcop::cli
