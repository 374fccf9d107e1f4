#include "config/field_table.h"
#include "config/shapes.h"
#include "config/signature_algorithms.h"

#include <iterator>

namespace oidcop::config {

namespace {

constexpr std::size_t kMinute = 60, kHour = 3600, kDay = 86400, kYear = 365 * kDay;

std::vector<Field> session_fields() {
  return {
      section("session_params", "How long logins last, and who a user is to a client."),
      field(
          "session_params.sso_idle_lifetime", OIDCOP_AT(session_params.sso_idle_lifetime),
          "A login that was not used for this long ends: a working day, so that nobody logs in twice in one.")
          .within(kMinute, kYear),
      field("session_params.sso_lifetime", OIDCOP_AT(session_params.sso_lifetime),
            "A login ends after this time whatever happens.")
          .within(kMinute, kYear),
      field("session_params.interaction_lifetime", OIDCOP_AT(session_params.interaction_lifetime),
            "How long a login or consent page that stays open can still be submitted. The request is "
            "verified anew "
            "then, so this may be long. A day at most: older seals do not open, since their keys change "
            "daily.")
          .within(5 * kMinute, kDay),
      field("session_params.consent_lifetime", OIDCOP_AT(session_params.consent_lifetime),
            "How long a consent is remembered for a client and what it asked for.")
          .within(kHour, 10 * kYear),
      field("session_params.known_device_lifetime", OIDCOP_AT(session_params.known_device_lifetime),
            "How long a browser that logged in counts as known to that account, so that attempts of "
            "strangers cannot "
            "lock its owner out.")
          .within(kDay, 2 * kYear),
      field("session_params.default_subject_type", OIDCOP_AT(session_params.default_subject_type),
            "The subject type of clients that registered none. `public`: every client sees the same `sub`; "
            "`pairwise`: "
            "each sector its own."),
  };
}

std::string rule_path(const char* token_class) {
  return std::string("authz.grant_config.usage_rules.") + token_class;
}

template <UsageRule UsageRules::*Rule>
Field expiry_field(const char* token_class, std::string_view doc, std::size_t longest) {
  return field(
             rule_path(token_class) + ".expires_in",
             [](Config& c, const Place&) { return &(c.authz.grant_config.usage_rules.*Rule).expires_in; },
             doc)
      .within(1, longest);
}

template <UsageRule UsageRules::*Rule>
Field minting_field(const char* token_class) {
  return field(
             rule_path(token_class) + ".supports_minting",
             [](Config& c, const Place&) {
               return &(c.authz.grant_config.usage_rules.*Rule).supports_minting;
             },
             "What may be minted from it.")
      .one_of({"access_token", "refresh_token", "id_token"});
}

std::vector<Field> usage_rule_fields() {
  std::vector<Field> rows = {section(rule_path("authorization_code"), "Authorization codes.")};
  const auto add = [&rows](std::vector<Field> more) {
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  add({minting_field<&UsageRules::authorization_code>("authorization_code"),
       field("authz.grant_config.usage_rules.authorization_code.max_usage",
             OIDCOP_AT(authz.grant_config.usage_rules.authorization_code.max_usage),
             "How often a code may be exchanged. RFC 6749, 4.1.2 leaves no choice.")
           .within(1, 1, "uses"),
       expiry_field<&UsageRules::authorization_code>(
           "authorization_code",
           "How long a code is valid: time for one redirect and one request. RFC 6749, 4.1.2 allows at most "
           "10 minutes.",
           10 * kMinute),
       section(rule_path("access_token"), "Access tokens."),
       expiry_field<&UsageRules::access_token>("access_token",
                                               "How long an access token is valid. Opaque ones end at once "
                                               "when they are revoked; those of the format `jwt` "
                                               "are believed by resource servers until they expire.",
                                               kDay),
       section(rule_path("refresh_token"), "Refresh tokens."),
       minting_field<&UsageRules::refresh_token>("refresh_token"),
       expiry_field<&UsageRules::refresh_token>(
           "refresh_token",
           "A refresh token that was not used for this long ends; each rotation starts anew.", kYear),
       section(rule_path("id_token"), "ID tokens."),
       expiry_field<&UsageRules::id_token>("id_token",
                                           "How long an ID token is valid. It is read once, on arrival; the "
                                           "minutes are for clocks that differ.",
                                           kDay)});
  rows.push_back(unavailable(rule_path("refresh_token") + ".max_usage",
                             "how often a refresh token may be used is decided by `authz.refresh.rotation`"));
  for (const auto* token_class : {"access_token", "id_token"}) {
    for (const auto* member : {".supports_minting", ".max_usage"}) {
      rows.push_back(unavailable(rule_path(token_class) + member,
                                 "nothing is minted from such a token in this version"));
    }
  }
  return rows;
}

std::vector<Field> grant_fields() {
  std::vector<Field> rows = {
      section("authz", "What a grant is worth."),
      section("authz.grant_config", "The grant: what one consent and one code exchange give a client."),
      field("authz.grant_config.expires_in", OIDCOP_AT(authz.grant_config.expires_in),
            "The absolute end of a grant and of all its tokens, refresh tokens included, however often they "
            "were "
            "refreshed.")
          .within(kHour, 10 * kYear),
      section("authz.grant_config.usage_rules",
              "What tokens of each class may do. A client's own `token_usage_rules` come after these."),
  };
  const auto add = [&rows](std::vector<Field> more) {
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  add(usage_rule_fields());
  add({
      section("authz.refresh", "How refresh tokens are renewed (RFC 9700, 4.14.2)."),
      field("authz.refresh.rotation", OIDCOP_AT(authz.refresh.rotation),
            "Which clients get a new refresh token at each use, the old one ending. A used one that turns up "
            "again ends "
            "the whole grant. With `never`, a stolen refresh token of a public client works until someone "
            "notices."),
      field("authz.refresh.grace", OIDCOP_AT(authz.refresh.grace),
            "For how long the refresh token just replaced is answered once more, for a client that lost the "
            "answer. "
            "0: not at all.")
          .within(0, 5 * kMinute),
      field("authz.refresh.max_families", OIDCOP_AT(authz.refresh.max_families),
            "How many families of refresh tokens (authorizations that have some: a person's devices and "
            "browsers) one person may have at one client. For one more the oldest ends.")
          .within(1, 1000, "families"),
      field("authz.refresh.require_offline_access", OIDCOP_AT(authz.refresh.require_offline_access),
            "Issue refresh tokens only when the scope `offline_access` was granted (OpenID Connect Core 11). "
            "`false`: to "
            "every client that is registered for the grant type `refresh_token`."),
  });
  return rows;
}

Resource* resource_at(Config& config, const Place& place) {
  const auto found = config.resources.find(place.at(1));
  return found == config.resources.end() ? nullptr : &found->second;
}

std::vector<Field> resource_fields() {
  auto resources = section(
      "resources",
      "The protected resources that clients may ask access tokens for, by their resource indicators "
      "(RFC 8707: the parameter `resource`). A token that was asked for one is good there and nowhere else, "
      "the userinfo endpoint included; that one is named by the issuer, which is always among them. What is "
      "not among them is refused (`invalid_target`).");
  resources.type = FieldType::map;
  resources.shape = kResource;
  resources.enter = [](Config& config, const Place&) { config.resources.clear(); };
  resources.members = [](const Config& config) {
    std::vector<std::string> names;
    for (const auto& [name, resource] : config.resources) names.push_back(name);
    return names;
  };
  auto resource = section("resources.*", "One protected resource.");
  resource.enter = [](Config& config, const Place& place) { config.resources[place.at(1)] = {}; };
  return {
      std::move(resources), std::move(resource),
      field(
          "resources.*.access_token_format",
          [](Config& c, const Place& p) {
            auto* found = resource_at(c, p);
            return found == nullptr ? nullptr : &found->access_token_format;
          },
          "The format of access tokens for it: `opaque`, `jwt`, or `inherited`: as the client is set, else "
          "as `token_handler_args.token.format` says."),
      field(
          "resources.*.resource_servers",
          [](Config& c, const Place& p) {
            auto* found = resource_at(c, p);
            return found == nullptr ? nullptr : &found->resource_servers;
          },
          "The client_ids under which it may ask the introspection endpoint about its access tokens.")
          .shaped(kWord)};
}

std::vector<Field> token_fields() {
  constexpr auto lifetime_doc = std::string_view("The lifetime.");
  return {
      section("token_handler_args", "How tokens are made."),
      section("token_handler_args.code", "Authorization codes."),
      field("token_handler_args.code.lifetime",
            OIDCOP_AT(authz.grant_config.usage_rules.authorization_code.expires_in), lifetime_doc)
          .within(1, 10 * kMinute)
          .same_as("authz.grant_config.usage_rules.authorization_code.expires_in"),
      section("token_handler_args.token", "Access tokens."),
      field("token_handler_args.token.lifetime",
            OIDCOP_AT(authz.grant_config.usage_rules.access_token.expires_in), lifetime_doc)
          .within(1, kDay)
          .same_as("authz.grant_config.usage_rules.access_token.expires_in"),
      field("token_handler_args.token.format", OIDCOP_AT(token_handler_args.access_token_format),
            "`opaque`: a random handle, which only this provider can look up and end at once. `jwt`: signed "
            "(RFC 9068), "
            "for resource servers that decide without asking."),
      field("token_handler_args.token.aud", OIDCOP_AT(token_handler_args.access_token_audience),
            "Who is to accept access tokens of the format `jwt`: the identifiers of resource servers. Empty: "
            "the issuer, "
            "for its own userinfo endpoint.")
          .shaped(kWord),
      field("token_handler_args.token.alg", OIDCOP_AT(token_handler_args.access_token_alg),
            "The algorithm that signs access tokens of the format `jwt`.")
          .one_of(own_signature_algorithms()),
      section("token_handler_args.refresh", "Refresh tokens."),
      field("token_handler_args.refresh.lifetime",
            OIDCOP_AT(authz.grant_config.usage_rules.refresh_token.expires_in), lifetime_doc)
          .within(1, kYear)
          .same_as("authz.grant_config.usage_rules.refresh_token.expires_in"),
      section("token_handler_args.id_token", "ID tokens."),
      field("token_handler_args.id_token.lifetime",
            OIDCOP_AT(authz.grant_config.usage_rules.id_token.expires_in), lifetime_doc)
          .within(1, kDay)
          .same_as("authz.grant_config.usage_rules.id_token.expires_in"),
      field("token_handler_args.id_token.alg", OIDCOP_AT(token_handler_args.id_token_alg),
            "The algorithm for clients that registered none. OpenID Connect Registration 2 makes RS256 what "
            "they expect.")
          .one_of(own_signature_algorithms()),
  };
}

std::vector<Field> add_on_fields() {
  return {
      section("add_on", "Extensions of the protocol."),
      section("add_on.pkce", "Proof Key for Code Exchange (RFC 7636)."),
      field("add_on.pkce.essential", OIDCOP_AT(add_on.pkce.essential),
            "Whether confidential clients must use PKCE; a client's own `pkce_essential` comes after this. "
            "Public "
            "clients must in any case."),
      field("add_on.pkce.code_challenge_methods", OIDCOP_AT(add_on.pkce.code_challenge_methods),
            "The methods to accept. `plain` protects nothing and is not among them.")
          .one_of({"S256"})
          .never_empty(),
      field("add_on.authorization_response_iss", OIDCOP_AT(add_on.authorization_response_iss),
            "Put `iss` into authorization responses, so that clients of several providers notice an answer "
            "of the wrong "
            "one (RFC 9207)."),
      field("add_on.client_authn_method", OIDCOP_AT(add_on.client_authn_method),
            "Names of client authentication methods that the hooks of the embedding program bring along. An "
            "endpoint accepts one when its own `client_authn_method` lists it, too; clients are registered "
            "for it by that name. The program does not start when it has no hook for a method that an "
            "endpoint lists; `oidcop.fcgi` has none at all. The shell's commands need none.")
          .shaped(kWord),
      field("add_on.grant_types", OIDCOP_AT(add_on.grant_types),
            "Grant types that the hooks of the embedding program bring along, each named by a URI (RFC 6749, "
            "4.5). A client must be registered for one to use it. The program does not start when it has no "
            "hook for one that stands here; `oidcop.fcgi` has none at all.")
          .shaped(kResource),
  };
}

}  // namespace

std::vector<Field> policy_fields() {
  std::vector<Field> rows;
  for (auto part : {session_fields, grant_fields, token_fields, resource_fields, add_on_fields}) {
    auto more = part();
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return rows;
}

}  // namespace oidcop::config
