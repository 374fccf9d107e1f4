#pragma once

#include "base/json.h"
#include "jose/key_material.h"

#include <memory>
#include <optional>

namespace oidcop::jose {

// The members of a JWK that make the key itself, by "kty". Errors: malformed, refused.

Result<std::shared_ptr<const KeyMaterial>> read_rsa_key(const Json& jwk);  ///< RFC 7518, 6.3
Result<std::shared_ptr<const KeyMaterial>> read_ec_key(const Json& jwk);   ///< RFC 7518, 6.2; RFC 8812, 3.1
Result<std::shared_ptr<const KeyMaterial>> read_okp_key(const Json& jwk);  ///< RFC 8037, 2
Result<std::shared_ptr<const KeyMaterial>> read_octets(const Json& jwk);   ///< RFC 7518, 6.4

/// A member as octets; absent -> nothing. Errors: malformed.
Result<std::optional<Secret>> octets_member(const Json& jwk, std::string_view name);

/// A key of OpenSSL's type made of these parameters, checked. Errors: malformed, refused.
Result<std::shared_ptr<const KeyMaterial>> build_key(const char* type, ParamBuilder builder, KeyHalf half);

}  // namespace oidcop::jose
