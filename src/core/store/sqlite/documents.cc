#include "store/sqlite/backend.h"
#include "store/sqlite/rows.h"

namespace oidcop::store::sqlite {

Result<FetchedDocument> Backend::find_document(const model::ClientId& client, std::string_view url) {
  return read([&](Connection& connection) -> Result<FetchedDocument> {
    auto query = connection.query(
        "SELECT body, fetched_at, failed_at FROM fetched_documents WHERE client_id = ?1 AND url = ?2");
    const auto row = query.bind(client.text(), url).next();
    if (!row) return fail(row.error());
    if (!*row) return fail(Errc::not_found, "no document was fetched from there");
    FetchedDocument document;
    document.body = query.text();
    document.fetched_at = query.optional_time();
    document.failed_at = query.optional_time();
    return document;
  });
}

Result<void> Backend::keep_document(const model::ClientId& client, std::string_view url,
                                    const FetchedDocument& document, TimePoint kept_until) {
  return write([&](Connection& connection) -> Result<void> {
    auto query = connection.query(
        "INSERT OR REPLACE INTO fetched_documents (client_id, url, body, fetched_at, failed_at, kept_until) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    query.bind(client.text(), url, document.body);
    return finish(query.bind(document.fetched_at, document.failed_at, kept_until));
  });
}

}  // namespace oidcop::store::sqlite
