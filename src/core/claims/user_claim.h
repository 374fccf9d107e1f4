#pragma once

#include "base/json.h"
#include "model/user.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::claims {

/// Whether this is a member of ID Tokens, access tokens, userinfo or introspection answers that the protocol
/// itself fills (iss, sub, aud, exp, nonce, acr, scope, client_id, cnf, …), with or without a language tag.
bool is_protocol_member(std::string_view name);

/// The same claims without protocol members: the last line of defence where user claims meet a token.
Message without_protocol_members(const Message& claims);

/// A claim's name without its language tag: "family_name" of "family_name#ja-Kana-JP" (OpenID Connect
/// Core 1.0, 5.2).
std::string_view without_language_tag(std::string_view name);

/// One claim of a user in the type that the standard gives it (OpenID Connect Core 1.0, 5.1), or nothing when
/// there is none: text claims are non-empty text, *_verified are true only when the record says true (and
/// false beside an address or number without such a record), address is an object of texts, updated_at is a
/// number and comes from the record's own date when the claims have none, groups come from the record
/// likewise. Null, empty text and values of another type than the standard's are left out; own claims are
/// released as they are.
std::optional<Json> user_claim(const model::User& user, std::string_view name);

/// Language-tagged names under which the user has this claim as well: of these languages (RFC 4647, 3.3.1:
/// "de" stands for "de-AT", too) in their order, or of all when there are none.
std::vector<std::string> tagged_names(const model::User& user, std::string_view name,
                                      const std::vector<std::string>& locales = {});

}  // namespace oidcop::claims
