#pragma once

#include "base/digest.h"
#include "endpoint/request_origin.h"
#include "jose/sealer.h"
#include "model/id.h"
#include "model/scope.h"

#include <oidcop/message.h>
#include <oidcop/random.h>
#include <oidcop/result.h>
#include <oidcop/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::endpoint {

/// The page that carries an interaction.
enum class InteractionStep : std::uint8_t {
  login,
  consent,
  resume,
  device_code,
  device_login,
  device_confirm
};

/// Exactly what a consent page showed, and to whom. Any difference at submit renders the page again.
struct ShownConsent {
  Digest session;  ///< of the session cookie
  model::UserId user;
  std::int64_t client_version = 0;
  model::ScopeSet scope;
  std::vector<std::string> claims;
  Digest data;  ///< of what the page said of the person: their subject, and each claim with its value

  bool operator==(const ShownConsent& other) const;
};

/// An authorization request that waits for a person. It lives in the page, not in the store: it says what was
/// asked, never who is logged in.
struct Interaction {
  model::InteractionId id;
  Message request;                    ///< as received; everything in it is verified anew when it comes back
  std::optional<ShownConsent> shown;  ///< step consent only
  RequestOrigin origin;               ///< a signature and a reference are not there any more to be looked at
};

struct OpenedInteraction {
  Interaction interaction;
  bool expired = false;  ///< may start the request again, never finish it
};

/// Seals interactions into pages, bound to issuer, step and browser. References outlive it; thread-safe.
class InteractionSeals {
 public:
  InteractionSeals(const jose::Sealer& sealer, Random& random, Seconds lifetime)
      : sealer_(sealer), random_(random), lifetime_(lifetime) {}

  /// \param browser  digest of the browser cookie; only a browser that sends it can bring the page back
  /// Errors: refused (the request is over 16 KiB), unavailable.
  Result<std::string> seal(InteractionStep step, const Interaction& interaction, const Digest& browser,
                           TimePoint now) const;
  /// Errors: bad_signature, one for every cause.
  Result<OpenedInteraction> open(std::string_view text, InteractionStep step, const Digest& browser,
                                 TimePoint now) const;

 private:
  const jose::Sealer& sealer_;
  Random& random_;
  Seconds lifetime_;
};

}  // namespace oidcop::endpoint
