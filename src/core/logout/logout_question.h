#pragma once

#include "model/session.h"
#include "token/hint.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::logout {

/// When a person is asked before their session ends.
enum class Confirmation : std::uint8_t {
  always,    ///< each time (OpenID Connect RP-Initiated Logout 1.0, 2: the provider SHOULD ask)
  unproven,  ///< only where the specification insists: the request does not prove that it is about this
             ///< session
};

/// Why a person must be asked whether they want to sign out.
enum class AskReason : std::uint8_t {
  always_asked,   ///< the configuration wants it
  no_hint,        ///< nothing says whose session the request is about
  other_user,     ///< the hint is somebody else's
  other_session,  ///< the hint belongs to no session of its client under this one
};
std::string_view name_of(AskReason reason);

/// What a request to sign out says, beside the session that the browser has.
struct LogoutQuestion {
  Confirmation confirmation = Confirmation::always;
  const token::IdTokenHint* hint = nullptr;           ///< borrowed, verified; null: none was sent
  model::ClientId client;                             ///< whom the hint was issued to
  std::string session_subject;                        ///< `sub` of the session's user as that client sees it
  std::vector<model::ClientSession> client_sessions;  ///< below the browser's session, ended ones included
};

/// The reasons that stand; none: the session may end without a question (OpenID Connect RP-Initiated
/// Logout 1.0, 2: "the OP MUST ask" without a hint, or with one that does not belong to the session and its
/// person). Pure.
std::vector<AskReason> reasons_to_ask(const LogoutQuestion& question);

}  // namespace oidcop::logout
