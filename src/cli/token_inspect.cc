// oidcop token inspect

#include "base/digest.h"
#include "base/visible_text.h"
#include "cli/output.h"
#include "cli/site.h"
#include "cli/token_commands.h"
#include "jose/jwt.h"
#include "model/presented_token.h"
#include "token/access_token.h"

#include <CLI/CLI.hpp>
#include <istream>
#include <nlohmann/json.hpp>
#include <ostream>

namespace oidcop::cli {
namespace {

struct InspectOptions {
  std::string token;
  std::filesystem::path key;
  bool offline = false;
};

std::string state_name(model::TokenState state) {
  switch (state) {
    case model::TokenState::active:
      return "active";
    case model::TokenState::expired:
      return "expired";
    case model::TokenState::used_up:
      return "used";
    case model::TokenState::revoked:
      return "revoked";
  }
  return "unknown";
}

/// What the token says of itself, and whether a signature of ours stands under it.
Result<Json> inspect_jwt(const std::string& token, const jose::JwkSet* keys) {
  auto header = jose::peek_unverified_header(token);
  auto claims = jose::peek_unverified_claims(token);
  if (!header || !claims) return Json();
  Json told = {{"header", header->json()}, {"claims", claims->json()}};
  if (keys == nullptr) {
    told["signature"] = "not checked";
    return told;
  }
  const jose::JwsPolicy policy{jose::AlgorithmSet::asymmetric(), {}};
  const auto verified = jose::verify_jwt_signature(token, *keys, policy);
  told["signature"] = verified ? "good" : "bad: " + verified.error().detail;
  return told;
}

/// What the provider's state knows of it.
Result<Json> inspect_state(Site& site, const std::string& token) {
  auto store = site.store();
  if (!store) return fail(std::move(store).error());
  auto found = (*store)->find_token(sha256(token));
  if (!found && found.error().code == Errc::not_found) {
    return Json{{"state", "not recorded here (only access and refresh tokens are)"}};
  }
  if (!found) return fail(std::move(found).error());
  auto keys = site.keys();
  if (!keys) return fail(std::move(keys).error());
  const bool signature_counts = token::check_still_signed(token, **keys).has_value();
  const auto state = signature_counts ? model::state_of(*found, site.now()) : model::TokenState::revoked;
  return Json{{"state", state_name(state)},
              {"class", std::string(name_of(found->token.token_class))},
              {"client_id", found->client_session.client.text()},
              {"username", found->user.username},
              {"sub", found->client_session.subject},
              {"scope", found->token.scope.text()},
              {"issued_at", to_unix(found->token.issued_at)},
              {"expires_at", to_unix(found->token.expires_at)}};
}

void print_inspected(const Json& told, Streams& streams) {
  if (streams.json) {
    print_json(streams, told);
    return;
  }
  for (const char* part : {"header", "claims"}) {
    if (const Json* object = json_member(told, part))
      streams.out << part << ": " << visible_lines(dump_json_pretty(*object)) << '\n';
  }
  std::vector<std::pair<std::string, std::string>> fields;
  for (const auto& [name, value] : told.items()) {
    if (name == "header" || name == "claims") continue;
    fields.emplace_back(name, value.is_string() ? value.get_ref<const std::string&>()
                              : name.size() > 3 && name.substr(name.size() - 3) == "_at"
                                  ? time_text(from_unix(json_as_integer(value).value_or(0)))
                                  : dump_json(value));
  }
  print_fields(streams, fields);
}

Result<void> inspect(const Globals& globals, InspectOptions options, Streams& streams) {
  if (options.token.empty() || options.token == "-") streams.in >> options.token;
  if (options.token.empty())
    return fail(Errc::malformed, "token: there is none, neither as an argument nor on standard input");
  Json told = Json::object();
  if (options.offline || !options.key.empty()) {
    std::optional<jose::SigningKeys> keys;
    if (!options.key.empty()) {
      auto loaded = jose::KeyFile(options.key).load();
      if (!loaded) return fail(std::move(loaded).error());
      keys = std::move(*loaded);
    }
    auto jwt = inspect_jwt(options.token, keys ? &keys->verification() : nullptr);
    if (!jwt) return fail(std::move(jwt).error());
    if (jwt->is_null())
      return fail(Errc::malformed, "token: is no JWT, and without the provider nothing else can be told");
    told = std::move(*jwt);
  } else {
    auto site = Site::open(globals);
    if (!site) return fail(std::move(site).error());
    auto keys = (*site)->keys();
    if (!keys) return fail(std::move(keys).error());
    auto jwt = inspect_jwt(options.token, &(*keys)->verification());
    auto state = inspect_state(**site, options.token);
    if (!state) return fail(std::move(state).error());
    if (jwt && jwt->is_object()) told = std::move(*jwt);
    told.update(*state);
  }
  print_inspected(told, streams);
  return {};
}

}  // namespace

void setup_token_inspect(CLI::App& parent, const Globals& globals, Chosen& chosen) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App* command =
      parent.add_subcommand("inspect", "Tell what a token is, whether it is ours and still good");
  command->add_option("token", options->token, "The token; from standard input when left out");
  command->add_option("--key", options->key, "Verify with this key file, without the provider");
  command->add_flag("--offline", options->offline, "Only decode");
  command->callback([&globals, &chosen, options] {
    chosen.run = [&globals, options](Streams& streams) { return inspect(globals, *options, streams); };
  });
}

void setup_token(CLI::App& app, const Globals& globals, Chosen& chosen) {
  CLI::App* token = app.add_subcommand("token", "Tokens: mint, inspect");
  token->require_subcommand(1);
  setup_token_mint(*token, globals, chosen);
  setup_token_inspect(*token, globals, chosen);
}

}  // namespace oidcop::cli
