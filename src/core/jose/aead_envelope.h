#pragma once

#include "base/secret.h"

#include <oidcop/random.h>
#include <oidcop/result.h>

#include <string>
#include <string_view>

namespace oidcop::jose {

/// What an encrypted text is bound to. `prefix` stands before it in the clear.
struct EnvelopeBinding {
  std::string_view prefix;      ///< format, master id, …; authenticated
  std::string_view key_info;    ///< goes into the message's own key
  std::string_view associated;  ///< authenticated, not stored
};

/// AES-256-GCM under a key and nonce that HKDF-SHA-256 makes for this one message from the master, 192 random
/// bits of salt and `key_info`: no key ever encrypts twice, so that no nonce can repeat. Thread-safe. \return
/// prefix, salt, ciphertext, tag. Errors: unavailable (no randomness), refused (over 1 MiB), internal.
Result<std::string> close_envelope(const Secret& master, const EnvelopeBinding& binding,
                                   std::string_view plaintext, Random& random);

/// \param text  all that close_envelope returned. Errors: bad_signature, alike for every cause.
Result<Secret> open_envelope(const Secret& master, const EnvelopeBinding& binding, std::string_view text);

/// The one answer to everything that does not open.
Error does_not_open();

}  // namespace oidcop::jose
