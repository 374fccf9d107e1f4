#pragma once

#include "model/client.h"
#include "model/session.h"
#include "session/prompt.h"

#include <oidcop/protocol_error.h>
#include <oidcop/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::session {

/// Why a person must be asked what the client may have.
enum class ConsentReason : std::uint8_t {
  prompt_consent,  ///< prompt=consent
  public_native,   ///< anybody can pretend to be an installed public client: never silent (RFC 8252, 8.6)
  always_asked,    ///< the client is set to be asked about every time
  never_given,     ///< nothing is remembered, or it has expired
  offline_access,  ///< access while the person is away was not consented to yet (OpenID Connect Core 1.0, 11)
  more_scope,      ///< other scopes than those remembered
  more_claims,     ///< the claims parameter asks for claims that were not shown before
};
std::string_view name_of(ConsentReason reason);

struct ConsentQuestion {
  const model::Client* client = nullptr;  ///< borrowed, never null
  model::ScopeSet scope;            ///< what would be granted: already filtered to what the client may have
  std::vector<std::string> claims;  ///< names that the claims parameter asks for beyond the scopes
  PromptSet prompt;
  const model::Consent* remembered = nullptr;  ///< borrowed; null: none
};

/// Whether to ask, and about what.
struct ConsentState {
  std::vector<ConsentReason> reasons;
  model::ScopeSet shown;  ///< everything that would be granted; a page shows all of it, not the difference
  std::vector<std::string> claims;  ///< likewise
  bool may_remember = true;         ///< whether the answer is kept for the next time
  bool is_settled() const { return reasons.empty(); }
  bool has(ConsentReason reason) const;
};

/// The decision, as a table of named checks; pure.
ConsentState consent_state(const ConsentQuestion& question, TimePoint now);

/// With prompt=none: consent_required when a reason stands (OpenID Connect Core 1.0, 3.1.2.6).
Verdict check_silent_consent(const ConsentState& state);

/// What the person let stand: never more than was shown, and always what cannot be unticked (`openid`).
model::ScopeSet narrowed_scope(const model::ScopeSet& shown, const model::ScopeSet& ticked);

/// Whether a scope on the consent page may be unticked.
bool is_optional_scope(std::string_view scope);

struct ConsentAnswer {
  model::UserId user;
  ConsentState asked;
  model::ScopeSet granted;  ///< by narrowed_scope
  TimePoint now{};
  Seconds lifetime{};  ///< the client's consent_lifetime, else the configured one
};

/// What to remember of an answer: what was granted, together with what had been remembered and was not on the
/// page. What was shown and unticked is forgotten. Nothing when the answer must not be remembered.
std::optional<model::Consent> consent_to_remember(const ConsentAnswer& answer,
                                                  const ConsentQuestion& question);

}  // namespace oidcop::session
