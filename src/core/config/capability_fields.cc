#include "config/field_table.h"
#include "config/shapes.h"
#include "config/signature_algorithms.h"

#include <iterator>

namespace oidcop::config {

namespace {

constexpr std::string_view kEverything = "everything the provider can do";

std::vector<std::string_view> with_none(std::vector<std::string_view> algorithms) {
  algorithms.emplace_back("none");
  return algorithms;
}

std::vector<Field> capabilities_section() {
  return {
      section("capabilities",
              "What the provider offers in its metadata. Each list can only narrow what the provider is able "
              "to do; "
              "asking for more is an error when it starts."),
      field("capabilities.response_types_supported", OIDCOP_AT(capabilities.response_types_supported),
            "The response types to offer.")
          .shaped(kWords)
          .never_empty()
          .if_absent(kEverything),
      field("capabilities.response_modes_supported", OIDCOP_AT(capabilities.response_modes_supported),
            "The response modes to offer.")
          .shaped(kWord)
          .never_empty()
          .if_absent(kEverything),
      field("capabilities.grant_types_supported", OIDCOP_AT(capabilities.grant_types_supported),
            "The grant types to offer. Without `refresh_token` no refresh tokens are issued.")
          .shaped(kWord)
          .never_empty()
          .if_absent(kEverything),
      field("capabilities.subject_types_supported", OIDCOP_AT(capabilities.subject_types_supported),
            "The subject types to offer.")
          .one_of({"public", "pairwise"})
          .never_empty()
          .if_absent(kEverything),
      field("capabilities.scopes_supported", OIDCOP_AT(capabilities.scopes_supported),
            "The scopes to offer, fewer than `allowed_scopes`, whose place it takes.")
          .shaped(kScope)
          .never_empty()
          .if_absent("the allowed scopes"),
      field("capabilities.claims_supported", OIDCOP_AT(capabilities.claims_supported),
            "The claims to show in the metadata.")
          .shaped(kClaim)
          .never_empty()
          .if_absent("the claims of the allowed scopes"),
      field("capabilities.claims_locales_supported", OIDCOP_AT(capabilities.claims_locales_supported),
            "The languages of claim values, to show in the metadata.")
          .shaped(kLocale)
          .if_absent("not shown"),
      field("capabilities.ui_locales_supported", OIDCOP_AT(capabilities.ui_locales_supported),
            "The languages of the pages to offer.")
          .shaped(kLocale)
          .never_empty()
          .if_absent("every language there is a translation for"),
      field("capabilities.acr_values_supported", OIDCOP_AT(capabilities.acr_values_supported),
            "The authentication context classes to show in the metadata.")
          .shaped(kWord)
          .never_empty()
          .if_absent("those of the authentication methods"),
      field("capabilities.id_token_signing_alg_values_supported",
            OIDCOP_AT(capabilities.id_token_signing_alg_values_supported),
            "The algorithms for ID tokens to offer. `none` lets clients that use nothing but the code flow "
            "register unsigned ones.")
          .one_of(with_none(signature_algorithms()))
          .never_empty()
          .if_absent(kEverything),
      field("capabilities.token_endpoint_auth_signing_alg_values_supported",
            OIDCOP_AT(capabilities.token_endpoint_auth_signing_alg_values_supported),
            "The algorithms of client assertions to accept.")
          .one_of(signature_algorithms())
          .never_empty()
          .if_absent(kEverything),
      field("capabilities.claims_parameter_supported", OIDCOP_AT(capabilities.claims_parameter_supported),
            "Whether the `claims` parameter is honoured (OpenID Connect Core 5.5)."),
      field("capabilities.request_parameter_supported", OIDCOP_AT(capabilities.request_parameter_supported),
            "Whether request objects are taken (OpenID Connect Core 6.1, RFC 9101)."),
      field("capabilities.request_uri_parameter_supported",
            OIDCOP_AT(capabilities.request_uri_parameter_supported),
            "Whether request objects are fetched from URLs that their client registered (OpenID Connect Core "
            "6.2). `request_uri` of pushed requests works in any case."),
      field("capabilities.request_object_signing_alg_values_supported",
            OIDCOP_AT(capabilities.request_object_signing_alg_values_supported),
            "The algorithms of request objects to take. `none` lets clients register unsigned ones.")
          .one_of(with_none(signature_algorithms()))
          .never_empty()
          .if_absent(kEverything),
      field("capabilities.require_signed_request_object",
            OIDCOP_AT(capabilities.require_signed_request_object),
            "Whether every client must send signed request objects (RFC 9101, 10.5)."),
      field("capabilities.require_pushed_authorization_requests",
            OIDCOP_AT(capabilities.require_pushed_authorization_requests),
            "Whether every client must push its requests (RFC 9126, 5)."),
      field("capabilities.deny_unknown_scopes", OIDCOP_AT(capabilities.deny_unknown_scopes),
            "`true` answers invalid_scope when a request names a scope that is not allowed; `false` leaves "
            "such scopes "
            "out, as OpenID Connect Core 3.1.2.1 advises."),
  };
}

std::vector<Field> scope_fields() {
  auto scopes =
      section("scopes_to_claims",
              "The claims each scope stands for. If it is there, it replaces the standard map wholly. Scopes "
              "without claims of their own (`offline_access`) stand with an empty list.");
  scopes.type = FieldType::map;
  scopes.shape = kScope;
  scopes.at_least_one = true;
  scopes.enter = [](Config& config, const Place&) { config.scopes_to_claims.clear(); };
  scopes.members = [](const Config& config) {
    std::vector<std::string> names;
    for (const auto& [name, claims] : config.scopes_to_claims) names.push_back(name);
    return names;
  };
  return {
      std::move(scopes),
      field(
          "scopes_to_claims.*", [](Config& c, const Place& p) { return &c.scopes_to_claims[p.at(1)]; },
          "The names of the claims.")
          .shaped(kClaim),
      field("allowed_scopes", OIDCOP_AT(allowed_scopes),
            "The scopes that clients may ask for. A client's own list takes its place.")
          .shaped(kScope)
          .never_empty()
          .if_absent("the keys of `scopes_to_claims`"),
  };
}

template <ReleasePoint Claims::*Point>
std::vector<Field> release_point(const std::string& name, std::string_view doc) {
  const auto path = "claims." + name;
  return {
      section(path, doc),
      field(
          path + ".base_claims", [](Config& c, const Place&) { return &(c.claims.*Point).base_claims; },
          "Claims that always go out here: a list of names, or an object of claim requests as in OpenID "
          "Connect Core "
          "5.5.1 (`{\"email\": {\"essential\": true}, \"hd\": {\"value\": \"example.org\"}}`)."),
      field(
          path + ".always_add_claims",
          [](Config& c, const Place&) { return &(c.claims.*Point).always_add_claims; },
          "Like base_claims, and applied after them; a client's own list takes its place where "
          "`enable_claims_per_client` is on."),
      field(
          path + ".add_claims_by_scope",
          [](Config& c, const Place&) { return &(c.claims.*Point).add_claims_by_scope; },
          "Whether the claims of the granted scopes go out here."),
      field(
          path + ".enable_claims_per_client",
          [](Config& c, const Place&) { return &(c.claims.*Point).enable_claims_per_client; },
          "Whether a client's own `add_claims` count here."),
  };
}

}  // namespace

std::vector<Field> capability_fields() {
  auto rows = capabilities_section();
  const auto add = [&rows](std::vector<Field> more) {
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  add(scope_fields());
  add({section("claims",
               "Which claims go out where, besides those a request asks for by its `claims` parameter.")});
  add(release_point<&Claims::userinfo>("userinfo", "Claims at the userinfo endpoint."));
  add(release_point<&Claims::id_token>(
      "id_token", "Claims in ID tokens. Keep it small: ID tokens travel through browsers and logs."));
  add(release_point<&Claims::access_token>("access_token", "Claims in access tokens of the format `jwt`."));
  add(release_point<&Claims::introspection>(
      "introspection", "Claims that resource servers get with the description of an access token."));
  return rows;
}

}  // namespace oidcop::config
