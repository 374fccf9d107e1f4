#pragma once

namespace oidcop::cli {

/// A terminal on standard input that does not show what is typed, until this ends.
///
/// A signal that would end or stop the process (Ctrl-C, Ctrl-\, Ctrl-Z, SIGTERM, SIGHUP) restores the
/// terminal first and then does what it does by default, so that the shell finds its echo again and sees the
/// signal; a process that goes on after Ctrl-Z is silent again and repeats its prompt. One at a time, in a
/// program whose signals nobody else handles.
class SilentTerminal {
 public:
  SilentTerminal();
  ~SilentTerminal();
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

  /// False when standard input is no terminal or refuses; then nothing was changed.
  bool works() const { return works_; }
  /// What is written to standard error when the process goes on; null: nothing. It outlives this.
  void set_prompt(const char* prompt);

 private:
  bool works_ = false;
};

}  // namespace oidcop::cli
