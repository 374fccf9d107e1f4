#include "store/sqlite/backend.h"
#include "store/sqlite/rows.h"

namespace oidcop::store::sqlite {

Result<void> Backend::put_pushed_request(const PushedRequest& request) {
  return write([&](Connection& connection) -> Result<void> {
    auto query = connection.query(
        "INSERT INTO pushed_requests (uri, client_id, request, is_signed, created_at, expires_at, "
        "kept_until, "
        "used) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    return finish(query.bind(request.uri, request.client.text(), to_document(request.request),
                             request.is_signed, request.created_at, request.expires_at, request.kept_until,
                             request.used));
  });
}

Result<PushedRequest> Backend::find_pushed_request(const Digest& uri) {
  return read([&](Connection& connection) -> Result<PushedRequest> {
    auto query = connection.query(
        "SELECT client_id, request, is_signed, created_at, expires_at, kept_until, used "
        "FROM pushed_requests WHERE uri = ?");
    const auto row = query.bind(uri).next();
    if (!row) return fail(row.error());
    if (!*row) return fail(Errc::not_found, "no such pushed request");
    PushedRequest request;
    request.uri = uri;
    request.client = model::ClientId(query.text());
    auto document = message_from(query.text());
    if (!document) return fail(std::move(document).error());
    request.request = std::move(*document);
    request.is_signed = query.boolean();
    request.created_at = query.time();
    request.expires_at = query.time();
    request.kept_until = query.time();
    request.used = query.boolean();
    return request;
  });
}

}  // namespace oidcop::store::sqlite
