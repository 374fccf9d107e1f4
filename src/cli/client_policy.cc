#include "cli/client_policy.h"

#include "base/json.h"
#include "config/duration.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace oidcop::cli {
namespace {

Result<model::ConsentMode> consent_named(const std::string& name) {
  if (name == "remember") return model::ConsentMode::remember;
  if (name == "always" || name == "explicit") return model::ConsentMode::always;
  if (name == "implicit") return model::ConsentMode::implicit;
  return fail(Errc::malformed, "--consent: is not remember, always or implicit");
}

}  // namespace

void ClientPolicyOptions::add_to(CLI::App& command) {
  command.add_option("--consent", consent, "remember (default), always, implicit")
      ->check(CLI::IsMember({"remember", "always", "explicit", "implicit"}));
  command.add_option(
      "--consent-lifetime", consent_lifetime,
      "How long it is remembered: 90d, 12h; as the configuration says when left out (default)");
  command.add_flag("--id-token-claims", id_token_claims, "Scope claims in the ID Token, too");
  command.add_flag("--no-id-token-claims", no_id_token_claims, "Scope claims at userinfo only, as usual");
  command
      .add_option("--access-token-format", access_token_format,
                  "opaque, jwt; as the configuration says when left out (default)")
      ->check(CLI::IsMember({"opaque", "jwt", "default"}));
  command.add_option("--allow-group", allow_groups, "People of this group may use it (repeat for more)")
      ->allow_extra_args(false);
  command.add_option("--deny-group", deny_groups, "People of this group may not (repeat for more)")
      ->allow_extra_args(false);
  command.add_flag("--any-group", any_group, "Everybody may use it, as usual");
}

Result<void> ClientPolicyOptions::apply(model::Client& client) const {
  if (!consent.empty()) {
    auto mode = consent_named(consent);
    if (!mode) return fail(std::move(mode).error());
    client.consent = *mode;
  }
  if (consent_lifetime == "default") {
    client.consent_lifetime.reset();
  } else if (!consent_lifetime.empty()) {
    auto lifetime = config::parse_duration(consent_lifetime);
    if (!lifetime) return fail(Errc::malformed, "--consent-lifetime: is no duration such as 90d");
    client.consent_lifetime = *lifetime;
  }
  if (id_token_claims) client.id_token_claims = true;
  if (no_id_token_claims) client.id_token_claims = false;
  if (any_group) {
    client.allowed_groups.clear();
    client.denied_groups.clear();
  }
  if (!allow_groups.empty()) client.allowed_groups = allow_groups;
  if (!deny_groups.empty()) client.denied_groups = deny_groups;
  if (access_token_format == "opaque") client.access_token_format = model::AccessTokenFormat::opaque;
  if (access_token_format == "jwt") client.access_token_format = model::AccessTokenFormat::jwt;
  if (access_token_format == "default") client.access_token_format.reset();
  return {};
}

Message policy_of(const model::Client& client) {
  Message policy;
  policy.set("consent", consent_name(client));
  if (client.consent_lifetime) policy.set_number("consent_lifetime", client.consent_lifetime->count());
  policy.set("access_token_format", access_token_format_name(client));
  policy.set_bool("id_token_claims", client.id_token_claims);
  policy.set("allowed_groups", Json(client.allowed_groups));
  policy.set("denied_groups", Json(client.denied_groups));
  return policy;
}

std::string consent_name(const model::Client& client) {
  switch (client.consent) {
    case model::ConsentMode::remember:
      return "remember";
    case model::ConsentMode::always:
      return "always";
    case model::ConsentMode::implicit:
      return "implicit";
  }
  return {};
}

std::string access_token_format_name(const model::Client& client) {
  if (!client.access_token_format) return "default";
  return *client.access_token_format == model::AccessTokenFormat::jwt ? "jwt" : "opaque";
}

}  // namespace oidcop::cli
