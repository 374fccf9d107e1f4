#pragma once

#include "jose/algorithm.h"

#include <oidcop/time.h>

#include <cstdint>
#include <string>

namespace oidcop::client {

/// What a client assertion must say in "aud".
enum class AssertionAudience : std::uint8_t {
  any_of_ours,  ///< the issuer, the token endpoint, or the endpoint called; in an array every member must be
                ///< one
  issuer_string,  ///< the issuer as a plain string and nothing else (FAPI 2.0 Security Profile, 5.3.2.1)
};

struct ClientAuthenticationPolicy {
  std::string issuer;
  std::string token_endpoint;  ///< URL; empty when there is none
  AssertionAudience audience = AssertionAudience::any_of_ours;
  jose::AlgorithmSet assertion_algorithms;  ///< empty: every signature algorithm that fits the method
  Seconds assertion_lifetime{300};  ///< "exp" lies at most this far ahead, other people's clocks included
  int slow_attempts = 20;           ///< wrong short secrets per client and network within the window
  int network_attempts = 200;       ///< wrong short secrets per network, whatever the client
  Seconds attempt_window{900};
};

}  // namespace oidcop::client
