#include "store/sqlite/client_rows.h"

#include "store/sqlite/backend.h"
#include "store/sqlite/rows.h"

namespace oidcop::store::sqlite {
namespace {

/// version, enabled, document. Valid until the next step.
ClientCache::Record read_record(Query& row) {
  const auto version = row.integer();
  const bool enabled = row.boolean();
  return {version, enabled, row.text_view()};
}

/// The columns win over the document: they are what is updated and joined.
Result<model::Client> client_of(const std::string& id, const ClientCache::Record& record) {
  auto document = message_from(record.document);
  if (!document) return fail(std::move(document).error());
  auto client = model::client_from_message(*document);
  if (!client) {
    return fail(Errc::internal, "the record of client " + id + " is damaged: " + client.error().detail);
  }
  client->version = record.version;
  client->enabled = record.enabled;
  return client;
}

}  // namespace

Result<std::string> client_document(const model::Client& client) {
  const auto message = model::to_message(client);
  if (auto readable = model::client_from_message(message); !readable)
    return fail(std::move(readable).error());
  return to_document(message);
}

Result<void> insert_client(Connection& connection, const model::Client& client, const std::string& document) {
  auto insert =
      connection.query("INSERT INTO clients (id, version, enabled, document) VALUES (?1, ?2, ?3, ?4)");
  auto done = finish(insert.bind(client.id.text(), client.version, client.enabled, document));
  if (!done && done.error().code == Errc::conflict) {
    return fail(Errc::conflict, "there is a client " + client.id.text() + " already");
  }
  return done;
}

Result<void> note_vetting(Connection& connection, const model::Client& client) {
  if (client.origin == model::ClientOrigin::administrator) return {};
  auto query = connection.query(
      "UPDATE registrations SET vetted = ?2, unused_until = CASE ?2 WHEN 1 THEN NULL ELSE unused_until END "
      "WHERE client_id = ?1");
  return finish(query.bind(client.id.text(), client.vetted));
}

Result<void> keep_used_client(Connection& connection, const model::ClientId& id) {
  auto query = connection.query(
      "UPDATE registrations SET unused_until = NULL WHERE client_id = ? AND unused_until IS NOT NULL");
  return finish(query.bind(id.text()));
}

Result<model::SharedClient> Backend::find_client(const model::ClientId& id) {
  return read([&](Connection& connection) -> Result<model::SharedClient> {
    auto query = connection.query("SELECT version, enabled, document FROM clients WHERE id = ?");
    const auto row = query.bind(id.text()).next();
    if (!row) return fail(row.error());
    if (!*row) return fail(Errc::not_found, "no such client");
    const auto record = read_record(query);
    if (auto known = clients_.find(id.text(), record)) return known;
    auto client = client_of(id.text(), record);
    if (!client) return fail(std::move(client).error());
    return clients_.keep(record, std::move(*client));
  });
}

Result<std::vector<model::Client>> Backend::list_clients() {
  return read([&](Connection& connection) -> Result<std::vector<model::Client>> {
    auto query = connection.query("SELECT id, version, enabled, document FROM clients ORDER BY id");
    std::vector<model::Client> clients;
    while (true) {
      const auto row = query.next();
      if (!row) return fail(row.error());
      if (!*row) return clients;
      const auto id = query.text();
      auto client = client_of(id, read_record(query));
      if (!client) return fail(std::move(client).error());
      clients.push_back(std::move(*client));
    }
  });
}

Result<void> Backend::put_client(const model::Client& client, IfExists if_exists) {
  const auto document = client_document(client);
  if (!document) return fail(document.error());
  return write([&](Connection& connection) -> Result<void> {
    if (if_exists == IfExists::replace) {
      auto update = connection.query(
          "UPDATE clients SET version = version + 1, enabled = ?2, document = ?3 WHERE id = ?1");
      const auto changed = update.bind(client.id.text(), client.enabled, *document).run();
      if (!changed) return fail(changed.error());
      if (*changed != 0) return note_vetting(connection, client);
    }
    return insert_client(connection, client, *document);
  });
}

Result<void> Backend::delete_client(const model::ClientId& id) {
  return write([&](Connection& connection) -> Result<void> {
    auto remove = connection.query("DELETE FROM clients WHERE id = ?");
    const auto changed = remove.bind(id.text()).run();
    if (!changed) return fail(changed.error());
    if (*changed == 0) return fail(Errc::not_found, "no such client");
    return {};
  });
}

}  // namespace oidcop::store::sqlite
