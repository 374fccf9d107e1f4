// oidcop client list | show | update | vet | delete

#include "cli/client_commands.h"

#include "base/visible_text.h"
#include "cli/client_policy.h"
#include "cli/output.h"
#include "cli/site.h"
#include "client/client_information.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>

namespace oidcop::cli {
namespace {

Result<void> list_clients(const Globals& globals, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto store = (*site)->store();
  if (!store) return fail(std::move(store).error());
  auto clients = (*store)->list_clients();
  if (!clients) return fail(std::move(clients).error());
  if (streams.json) {
    Json list = Json::array();
    for (const auto& client : *clients) list.push_back(client::client_information(client).json());
    print_json(streams, list);
    return {};
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& client : *clients) {
    rows.push_back({client.id.text(), client.name, model::auth_method_name(client),
                    client.redirect_uris.empty() ? "-" : client.redirect_uris.front()});
  }
  print_table(streams, {"CLIENT_ID", "NAME", "METHOD", "REDIRECT_URI"}, rows, "There are no clients.");
  return {};
}

Result<void> show_one(const Globals& globals, const std::string& id, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto store = (*site)->store();
  if (!store) return fail(std::move(store).error());
  auto client = (*store)->find_client(model::ClientId(id));
  if (!client && client.error().code == Errc::not_found)
    return fail(Errc::not_found, "client " + id + ": is not registered (`oidcop client list`)");
  if (!client) return fail(std::move(client).error());
  show_client(streams, **client, nullptr);
  return {};
}

Result<void> delete_one(const Globals& globals, const std::string& id, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto store = (*site)->store();
  if (!store) return fail(std::move(store).error());
  auto deleted = (*store)->delete_client(model::ClientId(id));
  if (!deleted && deleted.error().code == Errc::not_found)
    return fail(Errc::not_found, "client " + id + ": is not registered (`oidcop client list`)");
  if (!deleted) return deleted;
  if (streams.json) {
    print_json(streams, {{"deleted", id}});
  } else {
    streams.out << "Deleted client " << visible_text(id) << " and everything issued to it.\n";
  }
  return deliver(streams, "the client was deleted");
}

/// Who may use it.
std::string groups_text(const model::Client& client) {
  if (client.allowed_groups.empty() && client.denied_groups.empty()) return "(all)";
  std::string text = client.allowed_groups.empty() ? "(all)" : joined(client.allowed_groups);
  if (!client.denied_groups.empty()) text += " but not " + joined(client.denied_groups);
  return text;
}

Result<void> update_one(const Globals& globals, const std::string& id, const ClientPolicyOptions& policy,
                        Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto store = (*site)->store();
  if (!store) return fail(std::move(store).error());
  auto known = (*store)->find_client(model::ClientId(id));
  if (!known && known.error().code == Errc::not_found)
    return fail(Errc::not_found, "client " + id + ": is not registered (`oidcop client list`)");
  if (!known) return fail(std::move(known).error());
  auto client = **known;
  if (auto applied = policy.apply(client); !applied) return applied;
  if (auto put = (*store)->put_client(client, store::IfExists::replace); !put) return put;
  show_client(streams, client, nullptr);
  return deliver(streams, "the client was updated");
}

/// Somebody has looked at a client that registered itself.
Result<void> vet_one(const Globals& globals, const std::string& id, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto store = (*site)->store();
  if (!store) return fail(std::move(store).error());
  auto known = (*store)->find_client(model::ClientId(id));
  if (!known && known.error().code == Errc::not_found)
    return fail(Errc::not_found, "client " + id + ": is not registered (`oidcop client list`)");
  if (!known) return fail(std::move(known).error());
  auto client = **known;
  client.vetted = true;
  if (auto put = (*store)->put_client(client, store::IfExists::replace); !put) return put;
  show_client(streams, client, nullptr);
  return deliver(streams, "the client was vetted");
}

}  // namespace

void show_client(Streams& streams, const model::Client& client, const client::IssuedSecret* issued) {
  Message information = client::client_information(client, issued);
  if (streams.json) {
    information.set("policy", policy_of(client).json());
    information.set("origin", std::string(model::name_of(client.origin)));
    information.set_bool("vetted", client.vetted);
    print_json(streams, information.json());
    return;
  }
  print_fields(streams,
               {{"client_id", client.id.text()},
                {"client_secret", issued != nullptr ? std::string(issued->plain.reveal()) : ""},
                {"name", client.name},
                {"authentication", model::auth_method_name(client)},
                {"redirect_uris", joined(client.redirect_uris)},
                {"grant_types", joined(client.grant_types)},
                {"scope", client.allowed_scopes ? client.allowed_scopes->text() : "(all)"},
                {"subject_type", client.subject_type == model::SubjectType::pairwise ? "pairwise" : "public"},
                {"consent", consent_name(client)},
                {"groups", groups_text(client)},
                {"access_token_format", access_token_format_name(client)},
                {"origin", std::string(model::name_of(client.origin))},
                {"vetted", client.vetted ? "yes" : "no (`oidcop client vet`)"},
                {"created", time_text(client.created_at)}});
  if (issued != nullptr) streams.out << "\nThe secret is not kept in readable form: note it now.\n";
}

void setup_client(CLI::App& app, const Globals& globals, Chosen& chosen) {
  CLI::App* client =
      app.add_subcommand("client", "Relying parties: register, list, show, update, vet, delete, token");
  client->require_subcommand(1);
  setup_client_register(*client, globals, chosen);
  setup_client_token(*client, globals, chosen);

  client->add_subcommand("list", "List all clients")->callback([&globals, &chosen] {
    chosen.run = [&globals](Streams& streams) { return list_clients(globals, streams); };
  });
  const auto with_id = [&](const char* name, const char* help, auto run) {
    auto id = std::make_shared<std::string>();
    CLI::App* command = client->add_subcommand(name, help);
    command->add_option("client_id", *id, "The client")->required();
    command->callback([&globals, &chosen, id, run] {
      chosen.run = [&globals, id, run](Streams& streams) { return run(globals, *id, streams); };
    });
  };
  auto policy = std::make_shared<ClientPolicyOptions>();
  auto updated = std::make_shared<std::string>();
  CLI::App* update = client->add_subcommand("update", "Change what was decided about a client");
  update->add_option("client_id", *updated, "The client")->required();
  policy->add_to(*update);
  update->callback([&globals, &chosen, policy, updated] {
    chosen.run = [&globals, policy, updated](Streams& streams) {
      return update_one(globals, *updated, *policy, streams);
    };
  });
  with_id("show", "Show one client, without its secret", show_one);
  with_id("vet", "Say that somebody here has checked a client that registered itself", vet_one);
  with_id("delete", "Delete a client and everything issued to it", delete_one);
}

}  // namespace oidcop::cli
