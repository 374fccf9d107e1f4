#include "cli/password_input.h"

#include "cli/silent_terminal.h"

#include <unistd.h>

#include <iostream>
#include <string>

namespace oidcop::cli {
namespace {

Result<Secret> first_line(std::istream& in) {
  std::string line;
  std::getline(in, line);
  if (line.empty()) return fail(Errc::malformed, "password: is empty");
  return Secret(std::move(line));
}

Result<Secret> ask(Streams& streams, SilentTerminal& terminal, const char* prompt) {
  terminal.set_prompt(prompt);
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
  SilentTerminal terminal;
  if (!terminal.works())
    return fail(Errc::unavailable, "password: the terminal cannot be switched to silent input");
  auto first = ask(streams, terminal, "Password: ");
  if (!first) return first;
  auto second = ask(streams, terminal, "Password again: ");
  if (!second) return second;
  if (!equal_in_constant_time(*first, *second))
    return fail(Errc::malformed, "password: the second is not like the first");
  return first;
}

}  // namespace oidcop::cli
