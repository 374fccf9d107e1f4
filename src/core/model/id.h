#pragma once

#include <compare>
#include <string>
#include <utility>

namespace oidcop::model {

/// A name that cannot be mistaken for another kind of name. The text is opaque.
template <class Kind>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}
  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  std::string text_;
};

using ClientId = Id<struct ClientKind>;                ///< client_id, as the relying party sends it
using UserId = Id<struct UserKind>;                    ///< ours, random; never shown, never reused
using SessionId = Id<struct SessionKind>;              ///< a user session
using ClientSessionId = Id<struct ClientSessionKind>;  ///< a client session
using GrantId = Id<struct GrantKind>;
using InteractionId = Id<struct InteractionKind>;  ///< one authorization request that asked a person

}  // namespace oidcop::model
