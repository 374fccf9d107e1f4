#include "cli/client_policy.h"

#include <CLI/CLI.hpp>

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
  command.add_flag("--id-token-claims", id_token_claims, "Scope claims in the ID Token, too");
  command
      .add_option("--access-token-format", access_token_format,
                  "opaque, jwt; as the configuration says when left out (default)")
      ->check(CLI::IsMember({"opaque", "jwt", "default"}));
}

Result<void> ClientPolicyOptions::apply(model::Client& client) const {
  if (!consent.empty()) {
    auto mode = consent_named(consent);
    if (!mode) return fail(std::move(mode).error());
    client.consent = *mode;
  }
  if (id_token_claims) client.id_token_claims = true;
  if (access_token_format == "opaque") client.access_token_format = model::AccessTokenFormat::opaque;
  if (access_token_format == "jwt") client.access_token_format = model::AccessTokenFormat::jwt;
  if (access_token_format == "default") client.access_token_format.reset();
  return {};
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
