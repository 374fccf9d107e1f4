#include "jose/nested_jwt.h"

#include <algorithm>

namespace oidcop::jose {

namespace {

bool looks_signed(std::string_view text) {
  return std::count(text.begin(), text.end(), '.') == 2;
}

/// "JWT" or "application/jwt" (RFC 7515, 4.1.10), in any case of letters.
bool is_jwt_type(std::string type) {
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return type == "jwt" || type == "application/jwt";
}

}  // namespace

Result<std::string> encrypt_jwt(std::string_view jwt, const EncryptionOrder& order, Random& random,
                                JweHeader header) {
  if (!looks_signed(jwt)) return fail(Errc::refused, "only a signed JWT is nested");
  header.cty = "JWT";
  return encrypt_compact(jwt, order.key, order.algorithms, random, header);
}

Result<VerifiedNestedJwt> verify_nested_jwt(std::string_view compact, const NestedJwtKeys& keys,
                                            const NestedJwtPolicy& policy, TimePoint now, Random& random) {
  auto decrypted = decrypt_jwt(compact, keys.decryption, policy.encryption, random);
  if (!decrypted) return fail(std::move(decrypted).error());
  auto verified =
      verify_jwt(decrypted->plaintext.reveal(), keys.verification, policy.signature, policy.claims, now);
  if (!verified) return fail(std::move(verified).error());
  return VerifiedNestedJwt{decrypted->algorithms, std::move(decrypted->header), std::move(*verified)};
}

Result<DecryptedJwe> decrypt_jwt(std::string_view compact, const JwkSet& keys, const JwePolicy& policy,
                                 Random& random) {
  auto decrypted = decrypt_compact(compact, keys, policy, random);
  if (!decrypted) return decrypted;
  if (!is_jwt_type(decrypted->header.text("cty").value_or(""))) {
    return fail(Errc::malformed, "the content type (cty) of the JWE is not JWT");
  }
  if (!looks_signed(decrypted->plaintext.reveal())) {
    return fail(Errc::malformed, "the content of the JWE is not a signed JWT");
  }
  return decrypted;
}

}  // namespace oidcop::jose
