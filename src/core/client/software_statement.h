#pragma once

#include "jose/jwk_set.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>
#include <oidcop/time.h>

#include <map>
#include <string>

namespace oidcop::client {

/// Who may make statements about software (RFC 7591, 2.3), and what must be so.
struct SoftwareStatements {
  std::map<std::string, jose::JwkSet, std::less<>> issuers;  ///< by `iss`; empty: statements are ignored
  bool required = false;                                     ///< a document without one is refused
};

/// The document with what its software_statement says in the place of what it says itself (RFC 7591, 3.1.1).
/// A statement is a JWT that one of the issuers signed with an asymmetric key; it may expire. Where
/// statements are ignored, the member is left out. \param known  a statement that was accepted before, and
/// counts though it has expired since; or empty Errors: invalid_software_statement,
/// unapproved_software_statement (another issuer).
Result<Message, ProtocolError> with_statement(Message metadata, const SoftwareStatements& statements,
                                              const std::string& known, TimePoint now);

}  // namespace oidcop::client
