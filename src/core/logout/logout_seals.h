#pragma once

#include "base/digest.h"
#include "jose/sealer.h"
#include "model/id.h"

#include <oidcop/message.h>
#include <oidcop/random.h>
#include <oidcop/result.h>
#include <oidcop/time.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace oidcop::logout {

/// Exactly what a confirmation page asked, and whom. Any difference at submit asks again and ends nothing.
struct ShownLogout {
  Digest session;  ///< of the session cookie
  model::UserId user;
  model::ClientId client;  ///< empty: the request named none
  std::int64_t client_version = 0;

  bool operator==(const ShownLogout& other) const;
};

/// A request to sign out that waits for a person's answer. It lives in the page, not in the store.
struct PendingLogout {
  Message request;  ///< as received; everything in it is verified anew when it comes back
  ShownLogout shown;
};

struct OpenedLogout {
  PendingLogout pending;
  bool expired = false;  ///< may ask again, never end anything
};

/// Seals pending logouts into pages, bound to issuer and browser. References outlive it; thread-safe.
class LogoutSeals {
 public:
  LogoutSeals(const jose::Sealer& sealer, Random& random, Seconds lifetime)
      : sealer_(sealer), random_(random), lifetime_(lifetime) {}

  /// \param browser  digest of the browser cookie; only a browser that sends it can bring the page back
  /// Errors: refused (the request is over 32 KiB), unavailable.
  Result<std::string> seal(const PendingLogout& pending, const Digest& browser, TimePoint now) const;
  /// Errors: bad_signature, one for every cause.
  Result<OpenedLogout> open(std::string_view text, const Digest& browser, TimePoint now) const;

 private:
  const jose::Sealer& sealer_;
  Random& random_;
  Seconds lifetime_;
};

}  // namespace oidcop::logout
