#include "client/request_protection.h"

#include "base/url.h"
#include "client/metadata.h"

#include <algorithm>

namespace oidcop::client {
namespace {

constexpr std::string_view kSigning = "request_object_signing_alg";
constexpr std::string_view kManagement = "request_object_encryption_alg";
constexpr std::string_view kEncryption = "request_object_encryption_enc";
constexpr std::string_view kSigned = "require_signed_request_object";
constexpr std::string_view kPushed = "require_pushed_authorization_requests";
constexpr std::string_view kUris = "request_uris";
constexpr std::size_t kMostUris = 100;

bool flag(const Message& metadata, std::string_view name) {
  const auto value = bool_member(metadata, name);
  return value && value->value_or(false);
}

Verdict check_signing(const Message& metadata, const RequestOffer& offer, const model::Client& client) {
  const auto name = text_member(metadata, kSigning);
  if (!name) return fail(name.error());
  if (!*name) return {};
  const auto algorithm = jose::parse_algorithm(**name);
  const auto& offered = offer.signing;
  if (!algorithm || std::find(offered.begin(), offered.end(), *algorithm) == offered.end()) {
    return fail(invalid_metadata(kSigning, "is not supported by this provider."));
  }
  if (jose::is_symmetric(*algorithm) && client.is_public()) {
    return fail(invalid_metadata(kSigning, "a public client has no secret to sign with."));
  }
  const bool needs_keys = *algorithm != jose::Algorithm::none && !jose::is_symmetric(*algorithm);
  if (needs_keys && !metadata.has("jwks") && !metadata.has("jwks_uri")) {
    return fail(invalid_metadata(kSigning, "needs the client's public keys."));
  }
  if (*algorithm == jose::Algorithm::none && flag(metadata, kSigned)) {
    return fail(invalid_metadata(kSigning, "none contradicts require_signed_request_object."));
  }
  return {};
}

Verdict check_encryption(const Message& metadata, const RequestOffer& offer) {
  const auto alg = text_member(metadata, kManagement);
  if (!alg) return fail(alg.error());
  const auto enc = text_member(metadata, kEncryption);
  if (!enc) return fail(enc.error());
  if (!*alg) {
    if (!*enc) return {};
    return fail(invalid_metadata(kEncryption, "must come with request_object_encryption_alg."));
  }
  const auto management = jose::parse_key_management(**alg);
  if (!management || !offer.management.contains(*management)) {
    return fail(invalid_metadata(kManagement, "is not supported by this provider."));
  }
  const auto encryption = jose::parse_content_encryption(enc->value_or("A128CBC-HS256"));
  if (!encryption || !offer.encryption.contains(*encryption)) {
    return fail(invalid_metadata(kEncryption, "is not supported by this provider."));
  }
  return {};
}

Verdict check_flags(const Message& metadata, const RequestOffer& offer) {
  const std::pair<std::string_view, bool> kFlags[] = {{kSigned, !offer.signing.empty()},
                                                      {kPushed, offer.pushed}};
  for (const auto& [name, is_offered] : kFlags) {
    const auto value = bool_member(metadata, name);
    if (!value) return fail(value.error());
    if (value->value_or(false) && !is_offered) {
      return fail(invalid_metadata(name, "is not supported by this provider."));
    }
  }
  return {};
}

/// OpenID Connect Core 1.0, 6.2: https; the fragment, if any, is the hash of what is there.
Verdict check_uris(const Message& metadata) {
  const auto uris = texts_member(metadata, kUris);
  if (!uris) return fail(uris.error());
  if (!*uris) return {};
  if ((*uris)->size() > kMostUris) return fail(invalid_metadata(kUris, "has more than 100 values."));
  for (const auto& uri : **uris) {
    const auto url = Url::parse(uri);
    if (!url || !url->is_https() || uri.size() > 512) {
      return fail(invalid_metadata(kUris, "must be https URLs of at most 512 characters."));
    }
  }
  return {};
}

}  // namespace

RequestProtection request_protection(const model::Client& client) {
  RequestProtection protection;
  const auto& metadata = client.metadata;
  if (const auto name = metadata.text(kSigning)) {
    if (const auto algorithm = jose::parse_algorithm(*name)) protection.signing = *algorithm;
  }
  protection.must_be_signed = flag(metadata, kSigned);
  protection.must_be_pushed = flag(metadata, kPushed);
  if (const auto uris = texts_member(metadata, kUris); uris && *uris) protection.request_uris = **uris;
  return protection;
}

bool signs_requests_with_secret(const model::Client& client) {
  const auto signing = request_protection(client).signing;
  return signing && jose::is_symmetric(*signing);
}

Verdict check_request_protection(const Message& metadata, const RequestOffer& offer,
                                 const model::Client& client) {
  if (auto checked = check_signing(metadata, offer, client); !checked) return checked;
  if (auto checked = check_encryption(metadata, offer); !checked) return checked;
  if (auto checked = check_flags(metadata, offer); !checked) return checked;
  return check_uris(metadata);
}

}  // namespace oidcop::client
