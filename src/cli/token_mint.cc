// oidcop token mint

#include "base/file.h"
#include "base/system_random.h"
#include "claims/release.h"
#include "claims/subject.h"
#include "cli/output.h"
#include "cli/site.h"
#include "cli/token_commands.h"
#include "jose/jwt.h"
#include "provider/offline_minting.h"
#include "provider/policies.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>

namespace oidcop::cli {
namespace {

struct MintOptions {
  std::filesystem::path key;
  std::string issuer, subject, alg, type = "JWT";
  std::vector<std::string> audience, claims;
  std::string user, client, scope = "openid", nonce;
  std::int64_t lifetime = 0;
  bool refresh_token = false;
};

/// The claims of a token that is signed with a key file alone; nobody keeps a record of it.
Result<Message> standalone_claims(const MintOptions& options, TimePoint now, Random& random) {
  Message claims;
  for (const auto& assignment : options.claims) {
    const auto equals = assignment.find('=');
    if (equals == 0 || equals == std::string::npos) return fail(Errc::malformed, "--claim: takes NAME=VALUE");
    auto parsed = parse_json(assignment.substr(equals + 1));
    claims.set(assignment.substr(0, equals),
               parsed ? std::move(*parsed) : Json(assignment.substr(equals + 1)));
  }
  auto jti = random_id(random);
  if (!jti) return fail(std::move(jti).error());
  claims.set("iss", options.issuer);
  claims.set("sub", options.subject);
  if (options.audience.size() == 1) claims.set("aud", options.audience.front());
  if (options.audience.size() > 1) claims.set("aud", Json(options.audience));
  if (!options.client.empty()) claims.set("client_id", options.client);
  if (options.type == "at+jwt") claims.set("scope", options.scope);
  if (!options.nonce.empty()) claims.set("nonce", options.nonce);
  claims.set_number("iat", to_unix(now));
  claims.set_number("exp", to_unix(now + Seconds(options.lifetime > 0 ? options.lifetime : 3600)));
  claims.set("jti", *jti);
  return claims;
}

Result<jose::Algorithm> algorithm_for(const MintOptions& options, const jose::SigningKeys& keys) {
  if (!options.alg.empty()) return jose::parse_algorithm(options.alg);
  const auto algorithms = keys.algorithms();
  if (algorithms.empty()) return fail(Errc::refused, options.key.string() + ": has no active signing key");
  return algorithms.front();
}

Result<void> mint_standalone(const MintOptions& options, Streams& streams) {
  auto keys = jose::KeyFile(options.key).load();
  if (!keys) return fail(std::move(keys).error());
  auto algorithm = algorithm_for(options, *keys);
  if (!algorithm) return fail(std::move(algorithm).error());
  const jose::Jwk* key = keys->signing_key(*algorithm);
  if (key == nullptr)
    return fail(Errc::refused, options.key.string() + ": has no active key for this algorithm");
  SystemRandom random;
  auto claims = standalone_claims(options, SystemClock().now(), random);
  if (!claims) return fail(std::move(claims).error());
  jose::JwsHeader header;
  header.typ = options.type;
  auto token = jose::sign_jwt(*claims, *key, *algorithm, header);
  if (!token) return fail(std::move(token).error());
  if (streams.json) {
    print_json(streams, {{"token", *token}, {"claims", claims->json()}});
  } else {
    streams.out << *token << '\n';
  }
  return {};
}

Result<provider::MintingOrder> order_of(const MintOptions& options, store::Store& store) {
  auto user = store.find_user_by_name(options.user);
  if (!user) return fail(user.error().code, "user " + options.user + ": " + user.error().detail);
  auto client = store.find_client(model::ClientId(options.client));
  if (!client) return fail(client.error().code, "client " + options.client + ": " + client.error().detail);
  auto scope = model::ScopeSet::parse(options.scope);
  if (!scope) return fail(std::move(scope).error());
  provider::MintingOrder order{std::move(*user), **client, std::move(*scope), options.nonce, {}, false};
  if (options.lifetime > 0) order.lifetime = Seconds(options.lifetime);
  order.with_refresh_token = options.refresh_token;
  return order;
}

void show_minted(Streams& streams, const Message& answer) {
  if (streams.json) {
    print_json(streams, answer.json());
    return;
  }
  const auto text = [&](std::string_view name) { return answer.text(name).value_or(""); };
  print_fields(streams, {{"access_token", text("access_token")},
                         {"token_type", text("token_type")},
                         {"expires_in", std::to_string(answer.number("expires_in").value_or(0)) + " seconds"},
                         {"scope", text("scope")},
                         {"id_token", text("id_token")},
                         {"refresh_token", text("refresh_token")}});
}

Result<void> mint_with_state(const Globals& globals, const MintOptions& options, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto store = (*site)->store();
  auto keys = (*site)->keys();
  auto secrets = (*site)->secrets();
  auto client_secrets = (*site)->client_secrets();
  if (!store) return fail(std::move(store).error());
  if (!keys) return fail(std::move(keys).error());
  if (!secrets) return fail(std::move(secrets).error());
  if (!client_secrets) return fail(std::move(client_secrets).error());
  const auto& config = (*site)->config();
  auto access_policy = provider::access_token_policy(config, **keys);
  if (!access_policy) return fail(std::move(access_policy).error());
  auto id_policy = provider::id_token_policy(config, **keys);
  if (!id_policy) return fail(std::move(id_policy).error());

  const auto usage = provider::usage_policy(config);
  const token::AccessTokens access_tokens(std::move(*access_policy), usage);
  const token::IdTokens id_tokens(std::move(*id_policy), usage);
  const claims::ClaimRelease release(claims::ScopeClaims(provider::scope_policy(config)),
                                     provider::release_policy(config.claims));
  const claims::Subjects subjects(jose::PairwiseSalt(**secrets, config.issuer.text()));
  auto order = order_of(options, **store);
  if (!order) return fail(std::move(order).error());
  auto minted = provider::mint_offline(
      {**keys, access_tokens, id_tokens, usage, release, subjects, **client_secrets, (*site)->random()},
      *order, (*site)->now());
  if (!minted) return fail(std::move(minted).error());
  show_minted(streams, minted->answer);
  if (auto shown = deliver(streams, "no token was issued"); !shown) return shown;
  auto recorded = (*store)->record_minted(minted->session, minted->record);
  if (!recorded) recorded.error().detail += "; the tokens that were printed are worthless";
  return recorded;
}

}  // namespace

void setup_token_mint(CLI::App& parent, const Globals& globals, Chosen& chosen) {
  auto options = std::make_shared<MintOptions>();
  CLI::App* command = parent.add_subcommand(
      "mint", "Mint tokens: for a user and a client of the provider, or with a key file alone");
  auto* user = command->add_option("--user", options->user, "User name");
  auto* client = command->add_option("--client", options->client, "client_id");
  command->add_option("--scope", options->scope, "Scopes, space separated")->capture_default_str();
  command->add_option("--nonce", options->nonce, "Nonce of the ID Token");
  command
      ->add_option("--lifetime", options->lifetime, "Seconds; of the whole grant, or of the token with --key")
      ->check(CLI::PositiveNumber);
  command->add_flag("--refresh-token", options->refresh_token, "A refresh token, too");
  auto* key = command->add_option("--key", options->key,
                                  "Sign with this key file; the provider will not know the token");
  // RFC 9068, 2.2 and RFC 7519: what a token must at least say.
  key->needs(command->add_option("--issuer", options->issuer, "With --key: iss"));
  key->needs(command->add_option("--subject", options->subject, "With --key: sub"));
  key->needs(command->add_option("--audience", options->audience, "With --key: aud (repeat for more)")
                 ->allow_extra_args(false));
  command->add_option("--type", options->type, "With --key: typ, e.g. at+jwt")->capture_default_str();
  command->add_option("--alg", options->alg, "With --key: the algorithm");
  command->add_option("--claim", options->claims, "With --key: NAME=VALUE (repeat)")->allow_extra_args(false);
  command->callback([&globals, &chosen, options, key, user, client] {
    if (key->empty() && (user->empty() || client->empty())) {
      throw CLI::RequiredError("--user and --client (or --key, to sign without the provider)");
    }

    chosen.run = [&globals, options](Streams& streams) {
      return options->key.empty() ? mint_with_state(globals, *options, streams)
                                  : mint_standalone(*options, streams);
    };
  });
}

}  // namespace oidcop::cli
