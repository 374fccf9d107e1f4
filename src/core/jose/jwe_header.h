#pragma once

#include "jose/key_management.h"

#include <oidcop/message.h>

#include <string>
#include <vector>

namespace oidcop::jose {

/// What the place that accepts a JWE demands of it.
struct JwePolicy {
  KeyManagementSet algorithms = {};               ///< allowed "alg" values
  ContentEncryptionSet encryptions = {};          ///< allowed "enc" values
  std::vector<std::string> understood_crit = {};  ///< header extensions that the caller handles itself
  std::size_t max_octets = 256U << 10U;           ///< of the whole message
  std::size_t max_recipients = 16;
  IterationBounds iterations = {};
};

/// The parts of a JOSE header (RFC 7516, 7.2.1); each an object, or null where the message has none.
struct HeaderParts {
  const Json* integrity_protected = nullptr;
  const Json* unprotected = nullptr;
  const Json* of_recipient = nullptr;
};

/// A JOSE header that was read for one recipient.
struct RecipientHeader {
  JweAlgorithms algorithms;
  KeyParameters parameters;
  Message joined;
};

/// Decodes a protected header. Errors: malformed.
Result<Json> decode_protected_header(std::string_view encoded);

/// Joins and checks. Errors: malformed (no object, a name in two parts, "crit" outside the protected part or
/// with names it must not have, a member of another type), refused (RSA1_5, "alg", "enc" or "crit" that is
/// not allowed or understood, "zip", bounds).
Result<RecipientHeader> read_recipient_header(const HeaderParts& parts, const JwePolicy& policy);

/// Whether the parameter is one that this library writes itself, so that no caller may give it.
bool is_own_parameter(std::string_view name);

}  // namespace oidcop::jose
