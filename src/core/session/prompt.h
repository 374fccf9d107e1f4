#pragma once

#include <oidcop/protocol_error.h>

#include <cstdint>
#include <string>
#include <vector>

namespace oidcop::session {

enum class Prompt : std::uint8_t { none, login, consent, select_account, create };

/// The `prompt` parameter (OpenID Connect Core 1.0, 3.1.2.1; Initiating User Registration via OpenID
/// Connect 1.0, 4.1). A value.
class PromptSet {
 public:
  PromptSet() = default;
  /// Errors: invalid_request for `none` beside another value, and for a value that is not supported here.
  static Result<PromptSet, ProtocolError> parse(const std::vector<std::string>& words);

  bool has(Prompt prompt) const { return (bits_ & bit(prompt)) != 0; }
  bool empty() const { return bits_ == 0; }
  void add(Prompt prompt) { bits_ |= bit(prompt); }
  bool operator==(const PromptSet&) const = default;

 private:
  static constexpr unsigned bit(Prompt prompt) { return 1U << static_cast<unsigned>(prompt); }
  unsigned bits_ = 0;
};

}  // namespace oidcop::session
