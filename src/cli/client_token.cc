// oidcop client token issue | list | revoke

#include "base/digest.h"
#include "base/system_random.h"
#include "base/visible_text.h"
#include "cli/client_commands.h"
#include "cli/output.h"
#include "cli/site.h"
#include "config/duration.h"
#include "model/initial_access_token.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>

namespace oidcop::cli {
namespace {

constexpr int kMostUses = 1'000'000;
constexpr std::size_t kLongestNote = 200;

struct IssueOptions {
  int uses = 1;
  std::string lifetime = "7d", note;
};

Json token_json(const model::InitialAccessToken& token) {
  Json object{{"id", token.id},
              {"note", token.note},
              {"created_at", to_unix(token.created_at)},
              {"expires_at", to_unix(token.expires_at)},
              {"max_uses", token.max_uses},
              {"uses", token.uses}};
  if (token.revoked_at) object["revoked_at"] = to_unix(*token.revoked_at);
  return object;
}

std::string_view state_of(const model::InitialAccessToken& token, TimePoint now) {
  if (token.revoked_at) return "revoked";
  if (token.expires_at <= now) return "expired";
  return token.uses < token.max_uses ? "usable" : "used up";
}

Result<model::InitialAccessToken> token_of(const IssueOptions& options, TimePoint now, Random& random) {
  const auto lifetime = config::parse_duration(options.lifetime);
  if (!lifetime || lifetime->count() == 0)
    return fail(Errc::malformed, "--lifetime: is no duration such as 7d or 12h");
  if (options.note.size() > kLongestNote)
    return fail(Errc::malformed, "--note: has more than " + std::to_string(kLongestNote) + " octets");
  auto id = random_id(random);
  if (!id) return fail(std::move(id).error());
  model::InitialAccessToken token;
  token.id = std::move(*id);
  token.note = options.note;
  token.created_at = now;
  token.expires_at = now + *lifetime;
  token.max_uses = options.uses;
  return token;
}

void show_issued(Streams& streams, const model::InitialAccessToken& token, const std::string& plain,
                 const std::string& where) {
  if (streams.json) {
    auto object = token_json(token);
    object["initial_access_token"] = plain;
    if (!where.empty()) object["registration_endpoint"] = where;
    print_json(streams, object);
    return;
  }
  print_fields(streams, {{"initial_access_token", plain},
                         {"id", token.id},
                         {"clients", std::to_string(token.max_uses)},
                         {"expires", time_text(token.expires_at)},
                         {"registration_endpoint", where}});
  streams.out << "\nThe token is not kept in readable form: note it now.\n";
}

Result<void> issue(const Globals& globals, const IssueOptions& options, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto store = (*site)->store();
  if (!store) return fail(std::move(store).error());
  auto token = token_of(options, (*site)->now(), (*site)->random());
  if (!token) return fail(std::move(token).error());
  auto plain = random_handle((*site)->random());
  if (!plain) return fail(std::move(plain).error());
  token->digest = sha256(*plain);
  const auto where = (*site)->config().endpoint_url("registration");
  show_issued(streams, *token, *plain, where.value_or(""));
  if (!where)
    streams.err << "oidcop: client token issue: endpoint.registration is off in the configuration\n";
  if (auto shown = deliver(streams, "no token was issued"); !shown) return shown;
  auto put = (*store)->put_initial_token(*token);
  if (!put) put.error().detail += "; the token that was printed is worthless";
  return put;
}

Result<void> list(const Globals& globals, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto store = (*site)->store();
  if (!store) return fail(std::move(store).error());
  auto tokens = (*store)->list_initial_tokens();
  if (!tokens) return fail(std::move(tokens).error());
  if (streams.json) {
    Json array = Json::array();
    for (const auto& token : *tokens) array.push_back(token_json(token));
    print_json(streams, array);
    return {};
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& token : *tokens) {
    rows.push_back({token.id, std::string(state_of(token, (*site)->now())),
                    std::to_string(token.uses) + "/" + std::to_string(token.max_uses),
                    time_text(token.expires_at), token.note.empty() ? "-" : token.note});
  }
  print_table(streams, {"ID", "STATE", "USES", "EXPIRES", "NOTE"}, rows,
              "There are no initial access tokens.");
  return {};
}

Result<void> revoke(const Globals& globals, const std::string& id, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto store = (*site)->store();
  if (!store) return fail(std::move(store).error());
  auto revoked = (*store)->revoke_initial_token(id, (*site)->now());
  if (!revoked && revoked.error().code == Errc::not_found)
    return fail(Errc::not_found,
                "initial access token " + id + ": there is none (`oidcop client token list`)");
  if (!revoked) return revoked;
  if (streams.json) {
    print_json(streams, {{"revoked", id}});
  } else {
    streams.out << "Revoked initial access token " << visible_text(id)
                << "; clients that were registered with it stay.\n";
  }
  return deliver(streams, "the token was revoked");
}

}  // namespace

void setup_client_token(CLI::App& parent, const Globals& globals, Chosen& chosen) {
  CLI::App* token = parent.add_subcommand(
      "token", "Initial access tokens, with which clients register themselves: issue, list, revoke");
  token->require_subcommand(1);

  auto options = std::make_shared<IssueOptions>();
  CLI::App* issuing = token->add_subcommand("issue", "Make a token; prints it this once");
  issuing->add_option("--uses", options->uses, "How many clients may be registered with it")
      ->check(CLI::Range(1, kMostUses))
      ->capture_default_str();
  issuing->add_option("--lifetime", options->lifetime, "How long it is good: 7d, 12h")->capture_default_str();
  issuing->add_option("--note", options->note, "What it is for, shown by `client token list`");
  issuing->callback([&globals, &chosen, options] {
    chosen.run = [&globals, options](Streams& streams) { return issue(globals, *options, streams); };
  });

  token->add_subcommand("list", "List the tokens that were issued")->callback([&globals, &chosen] {
    chosen.run = [&globals](Streams& streams) { return list(globals, streams); };
  });

  auto id = std::make_shared<std::string>();
  CLI::App* revoking = token->add_subcommand("revoke", "Let no more clients be registered with a token");
  revoking->add_option("id", *id, "The token's id, as `client token list` shows it")->required();
  revoking->callback([&globals, &chosen, id] {
    chosen.run = [&globals, id](Streams& streams) { return revoke(globals, *id, streams); };
  });
}

}  // namespace oidcop::cli
