#include "config/endpoint_fields.h"
#include "config/shapes.h"

namespace oidcop::config {
namespace {

/// A row that has its place where the endpoint is on.
#define OIDCOP_OF_ENDPOINT(member) \
  [](Config& c, const Place& p) { return endpoint_of(c, p) == nullptr ? nullptr : &c.member; }

}  // namespace

std::vector<Field> registration_fields() {
  const std::string registration = "endpoint.registration";
  const std::string api = "endpoint.registration_api";
  return {
      endpoint_field("registration",
                     "Where clients register themselves (OpenID Connect Dynamic Client Registration, RFC "
                     "7591). Off unless it is named."),
      path_field(registration),
      cors_field(registration),
      field(
          registration + ".policy", OIDCOP_OF_ENDPOINT(registration.policy),
          "Who may register a client. `initial_access_token`: whoever has a token that `oidcop client token "
          "issue` made; such a client counts as vetted. `open`: besides them everybody. People are told of "
          "a client that came without a token that nobody here has checked it, until `oidcop client vet`; "
          "it gets no tokens without a person."),
      field(registration + ".client_secret_expires", OIDCOP_OF_ENDPOINT(registration.client_secret_expires),
            "Whether the secrets of clients that register themselves expire. Such a client must get itself a "
            "new one in time, by an update at `registration_api`."),
      field(registration + ".client_secret_expires_in",
            OIDCOP_OF_ENDPOINT(registration.client_secret_expires_in),
            "How long such a secret is good, if it expires.")
          .within(3600, 10ULL * 365 * 86400),
      field(
          registration + ".network_registrations", OIDCOP_OF_ENDPOINT(registration.network_registrations),
          "How many clients may be registered without a token from one network (/24 or /48) within an hour. "
          "Their updates that name other URLs to fetch count as well.")
          .within(1, 100000, "registrations"),
      field(registration + ".most_unvetted", OIDCOP_OF_ENDPOINT(registration.most_unvetted),
            "How many unvetted clients there may be. Beyond it only who has a token can register one.")
          .within(1, 1000000, "clients"),
      field(registration + ".unused_lifetime", OIDCOP_OF_ENDPOINT(registration.unused_lifetime),
            "When an unvetted client is removed that nobody has signed in to.")
          .within(3600, 365 * 86400),
      field(
          registration + ".redirect_errors", OIDCOP_OF_ENDPOINT(registration.redirect_errors),
          "Whether browsers are sent to an unvetted client with the error of a request that showed nobody a "
          "page. Anybody could then send people to wherever they like by a link that begins with the "
          "issuer; without it they see a page with the error and the way back. For tests of "
          "interoperability."),
      field(registration + ".require_software_statement",
            OIDCOP_OF_ENDPOINT(registration.require_software_statement),
            "Whether a client must bring a software statement by one of `software_statement_issuers`."),
      endpoint_field("registration_api",
                     "Where clients that registered themselves read, update and delete their registration "
                     "(RFC 7592), with the registration access token that they got. Off unless it is named."),
      path_field(api),
      cors_field(api),
      methods_field(api, {"bearer_header"}, "How the registration access token is presented (RFC 6750, 2)."),
      field(api + ".rotate_registration_access_token",
            OIDCOP_OF_ENDPOINT(registration_api.rotate_registration_access_token),
            "Whether each update brings a new registration access token in the place of the one it was made "
            "with."),
      field(api + ".rotate_client_secret", OIDCOP_OF_ENDPOINT(registration_api.rotate_client_secret),
            "Whether each update brings a new client secret. Without it an update brings one when the "
            "client's expires within a week or does not fit how the client authenticates from then on."),
  };
}

std::vector<Field> statement_fields() {
  auto issuers = section(
      "software_statement_issuers",
      "Who may vouch for software that registers itself, by the `iss` of their software statements (RFC "
      "7591, "
      "2.3): signed JWTs whose members count before what a client says itself. With nobody here they are "
      "ignored.");
  issuers.type = FieldType::map;
  issuers.shape = kWord;
  issuers.enter = [](Config& config, const Place&) { config.software_statement_issuers.clear(); };
  issuers.members = [](const Config& config) {
    std::vector<std::string> names;
    for (const auto& [name, issuer] : config.software_statement_issuers) names.push_back(name);
    return names;
  };
  auto issuer = section("software_statement_issuers.*", "One of them.");
  issuer.enter = [](Config& config, const Place& place) {
    config.software_statement_issuers[place.at(1)] = {};
  };
  auto keys = field(
                  "software_statement_issuers.*.jwks_path",
                  [](Config& c, const Place& p) -> std::optional<std::filesystem::path>* {
                    const auto found = c.software_statement_issuers.find(p.at(1));
                    return found == c.software_statement_issuers.end() ? nullptr : &found->second.jwks_path;
                  },
                  "The file of its public keys (a JWKS).")
                  .if_absent("none; it must be given");
  return {std::move(issuers), std::move(issuer), std::move(keys)};
}

}  // namespace oidcop::config
