// oidcop client register

#include "cli/client_commands.h"

#include "base/file.h"
#include "base/system_random.h"
#include "cli/client_policy.h"
#include "cli/output.h"
#include "cli/password_input.h"
#include "cli/site.h"
#include "client/registration.h"
#include "client/sector_document.h"
#include "provider/policies.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace oidcop::cli {
namespace {

struct RegisterOptions {
  std::string id, name, method, scope;
  std::vector<std::string> redirect_uris, post_logout_redirect_uris, grant_types, response_types;
  std::filesystem::path metadata, jwks;
  bool is_public = false, native = false, pairwise = false, replace = false;
  ClientPolicyOptions policy;
  bool secret_from_stdin = false, allow_loopback_http = false;
};

/// The metadata document: the file, if any, with what the options say on top.
Result<Message> metadata_of(const RegisterOptions& options) {
  Message metadata;
  if (!options.metadata.empty()) {
    auto text = read_file(options.metadata);
    if (!text) return fail(std::move(text).error());
    auto parsed = parse_json(*text);
    if (!parsed) return fail(Errc::malformed, options.metadata.string() + ": " + parsed.error().detail);
    if (!parsed->is_object()) return fail(Errc::malformed, options.metadata.string() + ": not a JSON object");
    metadata = Message(std::move(*parsed));
  }
  if (!options.name.empty()) metadata.set("client_name", options.name);
  if (!options.redirect_uris.empty()) metadata.set("redirect_uris", Json(options.redirect_uris));
  if (!options.post_logout_redirect_uris.empty()) {
    metadata.set("post_logout_redirect_uris", Json(options.post_logout_redirect_uris));
  }
  if (!options.grant_types.empty()) metadata.set("grant_types", Json(options.grant_types));
  if (!options.response_types.empty()) metadata.set("response_types", Json(options.response_types));
  if (!options.method.empty()) metadata.set("token_endpoint_auth_method", options.method);
  if (!options.scope.empty()) metadata.set("scope", options.scope);
  if (options.is_public) metadata.set("token_endpoint_auth_method", "none");
  if (options.native) metadata.set("application_type", "native");
  if (options.pairwise) metadata.set("subject_type", "pairwise");
  if (!options.jwks.empty()) {
    auto text = read_file(options.jwks);
    if (!text) return fail(std::move(text).error());
    auto parsed = parse_json(*text);
    if (!parsed) return fail(Errc::malformed, options.jwks.string() + ": " + parsed.error().detail);
    metadata.set("jwks", std::move(*parsed));
  }
  return metadata;
}

Error is_registered(const model::ClientId& id) {
  return {Errc::conflict, "client " + id.text() + ": is registered already (--replace changes it)"};
}

Error refusal(const ProtocolError& error) {
  const auto why = error.detail.empty() ? std::string() : " (" + error.detail + ")";
  return {Errc::refused, error.code + ": " + error.description + why};
}

Result<model::Client> client_of(Site& site, const RegisterOptions& options, store::Store& store) {
  auto metadata = metadata_of(options);
  if (!metadata) return fail(std::move(metadata).error());
  auto facts = site.facts();
  if (!facts) return fail(std::move(facts).error());
  auto policy = provider::registration_policy(site.config(), *facts);
  if (options.allow_loopback_http) policy.loopback_http = client::LoopbackHttp::allowed;

  std::string id = options.id;
  if (id.empty()) {
    auto made = random_id(site.random());
    if (!made) return fail(std::move(made).error());
    id = std::move(*made);
  }
  // A client that is registered again keeps its creation, its secrets and what hangs on it.
  auto known = store.find_client(model::ClientId(id));
  if (known && !options.replace) return fail(is_registered((*known)->id));
  auto checked = known && options.replace
                     ? client::update_client(**known, *metadata, policy, site.now())
                     : client::register_client(model::ClientId(id), *metadata, policy, site.now());
  if (!checked) return fail(refusal(checked.error()));
  if (auto listed = client::check_sector_document(*checked, site.fetcher(), checked->id.text()); !listed)
    return fail(refusal(listed.error()));
  if (auto applied = options.policy.apply(*checked); !applied) return fail(std::move(applied).error());
  return std::move(*checked);
}

/// The secret the client needs: the administrator's, or a new one, or none.
Result<std::optional<client::IssuedSecret>> secret_for(Site& site, const RegisterOptions& options,
                                                       const model::Client& client, Streams& streams) {
  using Issued = std::optional<client::IssuedSecret>;
  if (!client::needs_new_secret(client, site.now()) && !options.secret_from_stdin) return Issued();
  auto secrets = site.client_secrets();
  if (!secrets) return fail(std::move(secrets).error());
  if (!options.secret_from_stdin) {
    auto issued = (*secrets)->generate(client, site.now(), std::nullopt, site.random());
    if (!issued) return fail(std::move(issued).error());
    return Issued(std::move(*issued));
  }
  auto chosen = read_password(streams, PasswordSource::standard_input);
  if (!chosen) return fail(std::move(chosen).error());
  auto stored = (*secrets)->store(client, *chosen, site.now(), std::nullopt, site.random());
  if (!stored) return fail(std::move(stored).error());
  return Issued(client::IssuedSecret{std::move(*chosen), std::move(*stored)});
}

Result<void> run_register(const Globals& globals, const RegisterOptions& options, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto store = (*site)->store();
  if (!store) return fail(std::move(store).error());
  auto client = client_of(**site, options, **store);
  if (!client) return fail(std::move(client).error());
  auto issued = secret_for(**site, options, *client, streams);
  if (!issued) return fail(std::move(issued).error());
  if (*issued) client->secrets = {(*issued)->stored};
  show_client(streams, *client, *issued ? &**issued : nullptr);
  if (auto shown = deliver(streams, "nothing was registered"); !shown) return shown;
  auto put =
      (*store)->put_client(*client, options.replace ? store::IfExists::replace : store::IfExists::refuse);
  if (put) return {};
  Error error = put.error().code == Errc::conflict ? is_registered(client->id) : std::move(put).error();
  error.detail += "; nothing was registered, and what was printed is worthless";
  return fail(std::move(error));
}

}  // namespace

void setup_client_register(CLI::App& parent, const Globals& globals, Chosen& chosen) {
  auto options = std::make_shared<RegisterOptions>();
  CLI::App* command = parent.add_subcommand("register", "Register a client; prints its secret this once");
  command->add_option("--id", options->id, "client_id to use; made up when left out");
  command->add_option("--name", options->name, "Name that people see");
  command->add_option("--redirect-uri", options->redirect_uris, "Where answers may go (repeat for more)")
      ->allow_extra_args(false);
  command
      ->add_option("--post-logout-redirect-uri", options->post_logout_redirect_uris,
                   "Where people may go after signing out (repeat for more)")
      ->allow_extra_args(false);
  command->add_option(
      "--method", options->method,
      "client_secret_basic (default), client_secret_post, client_secret_jwt, private_key_jwt, none, or one "
      "that the configuration declares in add_on.client_authn_method");
  command->add_flag("--public", options->is_public, "A public client: no secret, PKCE instead");
  command->add_flag("--native", options->native, "An installed application (custom schemes, loopback)");
  command
      ->add_option("--grant-type", options->grant_types,
                   "authorization_code, implicit, refresh_token, client_credentials, "
                   "urn:ietf:params:oauth:grant-type:device_code (default: what the response types need)")
      ->allow_extra_args(false);
  command
      ->add_option("--response-type", options->response_types,
                   "code (default), \"code id_token\", id_token, none, ... (repeat for more)")
      ->allow_extra_args(false);
  command->add_option("--scope", options->scope, "The scopes it may ask for; all when left out");
  command->add_flag("--pairwise", options->pairwise, "Subject identifiers of its own");
  options->policy.add_to(*command);
  command->add_option("--jwks", options->jwks, "File with its public keys, for private_key_jwt");
  command->add_option("--metadata", options->metadata,
                      "File with client metadata (RFC 7591), under the options");
  command->add_flag("--secret-stdin", options->secret_from_stdin, "Take the secret from standard input");
  command->add_flag("--allow-loopback-http", options->allow_loopback_http,
                    "Let a web client use http://localhost");
  command->add_flag("--replace", options->replace, "Change the client if it is there already");
  command->callback([&globals, &chosen, options] {
    chosen.run = [&globals, options](Streams& streams) { return run_register(globals, *options, streams); };
  });
}

}  // namespace oidcop::cli
