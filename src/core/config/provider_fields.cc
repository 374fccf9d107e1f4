#include "config/endpoint_fields.h"
#include "config/field_table.h"
#include "config/shapes.h"
#include "config/signature_algorithms.h"

#include <iterator>

namespace oidcop::config {

namespace {

KeyDefinition* definition_at(Config& config, const Place& place) {
  return &config.keys.key_defs.at(std::stoul(place.at(2)));
}

std::vector<std::string_view> all_curves() {
  auto curves = signature_curves(KeyType::ec);
  const auto edwards = signature_curves(KeyType::okp);
  curves.insert(curves.end(), edwards.begin(), edwards.end());
  return curves;
}

std::vector<Field> first_fields() {
  auto issuer =
      field("issuer", OIDCOP_AT(issuer),
            "The issuer identifier: the https URL that relying parties know this provider by. Every URL the "
            "provider gives out begins with it, whatever the request says. No query, no fragment, no '/' at "
            "the end; a path is possible, but a host name of its own keeps cookies apart from other "
            "applications. Never change it once clients use it.");
  issuer.required = true;
  return {
      issuer,
      field("version", OIDCOP_AT(version),
            "The version of this file's format. A later release that changes the meaning of a key counts it "
            "up and "
            "says how to convert.")
          .within(1, 1),
      field("profile", OIDCOP_AT(profile),
            "A set of rules that neither the rest of this file nor a client's own record may go below. "
            "`oidc`: OpenID "
            "Connect Core with the advice of RFC 9700. `oauth21`: OAuth 2.1 besides, that is, PKCE for every "
            "client "
            "and no unrotated refresh tokens for public ones."),
  };
}

std::vector<Field> database_fields() {
  return {
      section("database", "Where clients, users, sessions and tokens are kept (SQLite)."),
      field("database.path", OIDCOP_AT(database.path),
            "The database file, on a local disk; its folder must be writable by the provider and by nobody "
            "else."),
      field("database.synchronous", OIDCOP_AT(database.synchronous),
            "`full` survives a power failure with every answered request on disk. `normal` is faster but may "
            "forget "
            "the last moments, so that a used code becomes usable again."),
      field("database.busy_timeout", OIDCOP_AT(database.busy_timeout),
            "How long a request waits for another writer before it is answered 503.")
          .within(1, 60),
  };
}

std::vector<Field> key_fields() {
  auto defs = section(
      "keys.key_defs",
      "The keys to have. Missing ones are generated; keys that no definition asks for are "
      "retired. RS256 is what every relying party must understand, hence the RSA key of the default.");
  defs.type = FieldType::list;
  defs.at_least_one = true;
  defs.enter = [](Config& config, const Place&) { config.keys.key_defs.clear(); };
  defs.members = [](const Config& config) {
    std::vector<std::string> indices;
    for (std::size_t i = 0; i < config.keys.key_defs.size(); ++i) indices.push_back(std::to_string(i));
    return indices;
  };
  auto element = section("keys.key_defs.[]", "One key.");
  element.enter = [](Config& config, const Place&) { config.keys.key_defs.emplace_back(); };
  return {
      section("keys", "The keys that sign ID tokens, and where they are published."),
      std::move(defs),
      std::move(element),
      field(
          "keys.key_defs.[].type", [](Config& c, const Place& p) { return &definition_at(c, p)->type; },
          "The kind of key."),
      field(
          "keys.key_defs.[].crv",
          [](Config& c, const Place& p) {
            auto* key = definition_at(c, p);
            return key->type == KeyType::rsa ? nullptr : &key->crv;
          },
          "The curve: P-256, P-384, P-521 or secp256k1 for EC, Ed25519 or Ed448 for OKP. None for RSA.")
          .one_of(all_curves())
          .only("keys of the type EC or OKP"),
      field(
          "keys.key_defs.[].bits",
          [](Config& c, const Place& p) {
            auto* key = definition_at(c, p);
            return key->type == KeyType::rsa ? &key->bits : nullptr;
          },
          "The size of an RSA key.")
          .within(2048, 8192, "bits")
          .only("keys of the type RSA"),
      field(
          "keys.key_defs.[].alg", [](Config& c, const Place& p) { return &definition_at(c, p)->alg; },
          "Use the key under this name only, which is then published with it. `EdDSA` is the older name of "
          "`Ed25519` and `Ed448` (RFC 9864): a key without `alg` signs under either, as clients registered, "
          "but "
          "libraries refuse a signature whose name is not the key's `alg`.")
          .one_of(own_signature_algorithms())
          .if_absent("every algorithm that fits the key"),
      field(
          "keys.key_defs.[].use", [](Config& c, const Place& p) { return &definition_at(c, p)->use; },
          "What the key is for: `sig` signs, `enc` decrypts request objects that clients encrypt for the "
          "provider.")
          .one_of({"sig", "enc"})
          .never_empty(),
      field("keys.private_path", OIDCOP_AT(keys.private_path),
            "The file of the private keys (a JWKS, mode 0600). Written by `oidcop keys`."),
      field("keys.public_path", OIDCOP_AT(keys.public_path),
            "A copy of the public keys to write whenever the keys change, for programs that read files.")
          .if_absent("no copy is written"),
      field(
          "keys.uri_path",
          [](Config& config, const Place&) -> std::string* {
            const auto jwks = config.endpoint.find("jwks");
            return jwks == config.endpoint.end() ? nullptr : &jwks->second.path;
          },
          "Where the public keys are published, below the issuer.")
          .shaped(kUrlPath)
          .same_as("endpoint.jwks.path")
          .only("a provider whose endpoint `jwks` is on"),
      field("keys.secrets_path", OIDCOP_AT(keys.secrets_path),
            "The file of the provider's own secrets (sealing, data encryption, pepper, pairwise salt; mode "
            "0600). "
            "Without it client secrets and pairwise subject identifiers are lost, login pages that are open "
            "must be "
            "opened anew; sessions and tokens stay good. Back it up apart from the database."),
      field("keys.read_only", OIDCOP_AT(keys.read_only),
            "Never write the key files: someone else provides them, and missing keys are an error."),
      field("keys.max_age", OIDCOP_AT(keys.max_age),
            "How long others may keep the published keys before asking again (Cache-Control). A new key is "
            "published "
            "at least this long before it signs, so that nobody meets a signature by a key they cannot know.")
          .within(60, 7 * 86400),
      field("keys.reload_interval", OIDCOP_AT(keys.reload_interval),
            "How much longer than `keys.max_age` a new key is published before it signs, and a retired one "
            "after "
            "the last token it signed has expired: the time within which every responder has read the key "
            "file. "
            "A responder looks each second whether the file changed; set more where a file takes longer to "
            "arrive.")
          .within(1, 3600),
  };
}

/// An endpoint where clients authenticate.
std::vector<Field> client_endpoint(const std::string& name, std::string_view doc,
                                   std::vector<std::string_view> methods = built_in_client_methods()) {
  const auto path = "endpoint." + name;
  return {endpoint_field(name, doc), path_field(path), cors_field(path),
          methods_field(path, std::move(methods),
                        "How clients may authenticate; each client only by the method it is registered for. "
                        "`none` is for public clients.")
              .shaped(kWord)
              .or_declared_in("add_on.client_authn_method")};
}

std::vector<Field> end_session_fields() {
  // No `cors`, as for authorization: people go there with their cookies.
  return {
      endpoint_field("end_session",
                     "Where relying parties send people to sign out (OpenID Connect "
                     "RP-Initiated Logout)."),
      path_field("endpoint.end_session"),
      field(
          "endpoint.end_session.confirmation",
          [](Config& c, const Place& p) {
            return endpoint_of(c, p) == nullptr ? nullptr : &c.end_session.confirmation;
          },
          "When a person is asked whether they want to sign out. `always`: each time, as the "
          "specification advises. `unproven`: not when an ID Token in the request (`id_token_hint`) shows "
          "that the relying party speaks of this very session; without one they are always asked."),
      field(
          "endpoint.end_session.frontchannel_logout_supported",
          [](Config& c, const Place& p) {
            return endpoint_of(c, p) == nullptr ? nullptr : &c.end_session.frontchannel_logout_supported;
          },
          "Whether relying parties are told of the end of a session in frames of the page that says so "
          "(OpenID Connect Front-Channel Logout)."),
      field(
          "endpoint.end_session.backchannel_logout_supported",
          [](Config& c, const Place& p) {
            return endpoint_of(c, p) == nullptr ? nullptr : &c.end_session.backchannel_logout_supported;
          },
          "Whether relying parties are told of the end of a session by a message from this machine to them "
          "(OpenID Connect Back-Channel Logout). What cannot be delivered is tried again for a day: by the "
          "responder, and for CGI by `oidcop maintain` from a timer.")};
}

std::vector<Field> device_fields() {
  auto rows =
      client_endpoint("device_authorization",
                      "Where devices without a browser, or on which typing is hard, ask for codes, with "
                      "which a person then signs in elsewhere (RFC 8628).");
  rows.push_back(field(
                     "endpoint.device_authorization.verification_path",
                     [](Config& c, const Place& p) {
                       return endpoint_of(c, p) == nullptr ? nullptr
                                                           : &c.device_authorization.verification_path;
                     },
                     "Where the page is on which people enter the code, below the issuer. They type this, so "
                     "keep it short.")
                     .shaped(kUrlPath));
  rows.push_back(
      field(
          "endpoint.device_authorization.expires_in",
          [](Config& c, const Place& p) {
            return endpoint_of(c, p) == nullptr ? nullptr : &c.device_authorization.expires_in;
          },
          "How long a device's codes count. The person has to find the page and sign in within that time; a "
          "longer one gives whoever guesses codes or sends them to others more of it.")
          .within(60, 3600));
  rows.push_back(
      field(
          "endpoint.device_authorization.interval",
          [](Config& c, const Place& p) {
            return endpoint_of(c, p) == nullptr ? nullptr : &c.device_authorization.interval;
          },
          "How long a device waits between two questions whether somebody has decided. Who asks sooner is "
          "told to slow down, and then has to wait five seconds longer.")
          .within(1, 60));
  return rows;
}

std::vector<Field> webfinger_fields() {
  return {
      endpoint_field("webfinger",
                     "Where relying parties ask who is responsible for what a person typed (WebFinger, RFC "
                     "7033; OpenID Connect Discovery 2). Always at the root of the host, whatever the "
                     "issuer's path."),
      path_field("endpoint.webfinger"), cors_field("endpoint.webfinger"),
      field(
          "endpoint.webfinger.hosts",
          [](Config& c, const Place& p) {
            return endpoint_of(c, p) == nullptr ? nullptr : &c.webfinger.hosts;
          },
          "The hosts whose accounts (`alice@example.org`) and https URLs belong to this provider, in lower "
          "case, with `:PORT` where they are written with one.")
          .shaped(kHost)
          .never_empty()
          .if_absent("the issuer's host")};
}

std::vector<Field> endpoint_fields() {
  auto endpoints =
      section("endpoint",
              "The endpoints that are on. **If this section is there, an endpoint that it does not name is "
              "off**: absent from the metadata and answered 404. Name one as `{}` to have it with its "
              "defaults. Without `refresh_token`, that grant is served at the token endpoint.");
  endpoints.enter = [](Config& config, const Place&) { config.endpoint.clear(); };
  std::vector<Field> rows = {std::move(endpoints)};
  const auto add = [&rows](std::vector<Field> more) {
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  add({endpoint_field("provider_info", "The metadata document (OpenID Connect Discovery 4)."),
       path_field("endpoint.provider_info"), cors_field("endpoint.provider_info"),
       field(
           "endpoint.provider_info.signed_metadata",
           [](Config& c, const Place& p) {
             return endpoint_of(c, p) == nullptr ? nullptr : &c.provider_info.signed_metadata;
           },
           "Whether the document holds itself once more in a JWT, signed with the provider's key (RFC 8414, "
           "2.1).")});
  add({endpoint_field("jwks", "The public keys."), path_field("endpoint.jwks"), cors_field("endpoint.jwks")});
  // No `cors` for authorization: people go there with their cookies, scripts of other sites must not.
  add({endpoint_field("authorization", "Where people are sent to log in."),
       path_field("endpoint.authorization"),
       field("endpoint.authorization.response_types_supported",
             OIDCOP_AT(capabilities.response_types_supported), "The response types to offer.")
           .shaped(kWords)
           .never_empty()
           .same_as("capabilities.response_types_supported"),
       field("endpoint.authorization.response_modes_supported",
             OIDCOP_AT(capabilities.response_modes_supported), "The response modes to offer.")
           .shaped(kWord)
           .never_empty()
           .same_as("capabilities.response_modes_supported"),
       field("endpoint.authorization.claims_parameter_supported",
             OIDCOP_AT(capabilities.claims_parameter_supported),
             "Whether the `claims` parameter is honoured.")
           .same_as("capabilities.claims_parameter_supported")});
  add(client_endpoint("token", "Where clients exchange codes (and refresh tokens) for tokens."));
  add({field("endpoint.token.grant_types_supported", OIDCOP_AT(capabilities.grant_types_supported),
             "The grant types to offer.")
           .shaped(kWord)
           .never_empty()
           .same_as("capabilities.grant_types_supported"),
       field("endpoint.token.token_endpoint_auth_signing_alg_values_supported",
             OIDCOP_AT(capabilities.token_endpoint_auth_signing_alg_values_supported),
             "The algorithms of client assertions to accept.")
           .one_of(signature_algorithms())
           .never_empty()
           .same_as("capabilities.token_endpoint_auth_signing_alg_values_supported")});
  add(client_endpoint("refresh_token", "An endpoint of its own for the refresh token grant."));
  add({endpoint_field("userinfo", "Where clients read a user's claims with an access token."),
       path_field("endpoint.userinfo"), cors_field("endpoint.userinfo"),
       methods_field("endpoint.userinfo", {"bearer_header", "bearer_body"},
                     "How the access token may be presented (RFC 6750, 2).")});
  add(client_endpoint("pushed_authorization",
                      "Where clients leave authorization requests before they send the person (RFC 9126)."));
  add({field(
           "endpoint.pushed_authorization.expires_in",
           [](Config& c, const Place& p) {
             auto* endpoint = endpoint_of(c, p);
             return endpoint == nullptr ? nullptr : &endpoint->request_lifetime;
           },
           "How long a pushed request may be opened. Whoever opened it in time may take as long for the "
           "login "
           "as with any other request.")
           .within(10, 600)});
  add(device_fields());
  add(client_endpoint("revocation", "Where clients give up tokens of their own (RFC 7009)."));
  add(client_endpoint(
      "introspection",
      "Where resource servers ask what an access token is worth (RFC 7662, RFC 9701). They are "
      "clients, too, and learn about tokens that are meant for them.",
      proving_client_methods()));
  add({field(
           "endpoint.introspection.resource_servers",
           [](Config& c, const Place& p) {
             auto* endpoint = endpoint_of(c, p);
             return endpoint == nullptr ? nullptr : &endpoint->resource_servers;
           },
           "The client_ids of resource servers that may look into every access token, whoever it is meant "
           "for. Everybody else is told of foreign tokens that they are not active.")
           .shaped(kWord)});
  add(end_session_fields());
  add(registration_fields());
  add(webfinger_fields());
  add({endpoint_field(
           "check_session",
           "The document that relying parties keep in a frame and ask whether a person's session still is "
           "what it was (OpenID Connect Session Management). Browsers that keep cookies from frames of "
           "other sites make it tell of a change that was none."),
       path_field("endpoint.check_session")});
  return rows;
}

}  // namespace

std::vector<Field> provider_fields() {
  auto rows = first_fields();
  for (auto part : {database_fields, key_fields, endpoint_fields, statement_fields}) {
    auto more = part();
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return rows;
}

}  // namespace oidcop::config
