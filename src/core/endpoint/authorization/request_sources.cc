#include "endpoint/authorization/request_sources.h"

#include "base/digest.h"
#include "client/request_protection.h"

namespace oidcop::endpoint {
namespace {

ProtocolError with_code(std::string code, std::string description, std::string parameter) {
  ProtocolError error = invalid_request(std::move(description), std::move(parameter));
  error.code = std::move(code);
  return error;
}

/// One text for every way in which a reference can be worthless, so that nothing can be learnt by trying.
ProtocolError worthless_uri(std::string detail) {
  auto error =
      with_code("invalid_request_uri",
                "The request_uri is unknown, expired, used, or was issued to another client.", "request_uri");
  error.detail = std::move(detail);
  return error;
}

}  // namespace

Verdict RequestSources::expand(Message& request, RequestScope& scope) const {
  const auto reference = request.text("request_uri");
  if (!request.has("request") && !reference) return {};
  if (request.has("request") && reference) {  // Core, 6.1 and 6.2
    return fail(invalid_request("request and request_uri must not be used together.", "request_uri"));
  }
  auto client = parts_.clients.find_client(model::ClientId(request.text("client_id").value_or("")));
  if (!client && client.error().code != Errc::not_found) return fail(from_error(client.error()));
  if (!client || !(*client)->enabled) return {};
  if (reference && reference->starts_with(kPushedRequestUri)) return open_pushed(request, scope, **client);
  const bool object_alone = client::request_protection(**client).must_be_signed;
  const auto merge = object_alone ? RequestMerge::object_only : RequestMerge::supplemented;
  if (!reference) return open_object(request.text("request").value_or(""), request, scope, **client, merge);
  if (parts_.references == nullptr) {
    return fail(with_code("request_uri_not_supported", "request_uri is not supported.", "request_uri"));
  }
  const auto object = parts_.references->fetch(*reference, **client);
  if (!object) return fail(object.error());
  return open_object(*object, request, scope, **client, merge);
}

Verdict RequestSources::expand_at_push(Message& request, RequestScope& scope) const {
  if (request.has("request_uri")) {
    return fail(invalid_request("request_uri must not be pushed.", "request_uri"));
  }
  if (!request.has("request")) return {};
  return open_object(request.text("request").value_or(""), request, scope, *scope.client,
                     RequestMerge::object_only);
}

Verdict RequestSources::open_object(std::string_view object, Message& request, RequestScope& scope,
                                    const model::Client& client, RequestMerge merge) const {
  if (!parts_.objects_supported) {
    return fail(with_code("request_not_supported", "request is not supported.", "request"));
  }
  auto read = read_request_object(object, client, parts_.objects, scope.now);
  if (!read) return fail(std::move(read).error());
  auto merged = merged_request(request, read->request, client, merge);
  if (!merged) return fail(std::move(merged).error());
  request = std::move(*merged);
  scope.origin.is_signed = read->is_signed;
  return {};
}

/// RFC 9126, 4: of the outer parameters client_id alone counts. It may be opened several times, as a page is
/// that is loaded again, until something was issued for it.
Verdict RequestSources::open_pushed(Message& request, RequestScope& scope,
                                    const model::Client& client) const {
  const auto handle = request.text("request_uri")->substr(kPushedRequestUri.size());
  auto found = parts_.pushed.find_pushed_request(sha256(handle));
  if (!found) {
    if (found.error().code == Errc::not_found) return fail(worthless_uri("unknown"));
    return fail(from_error(found.error()));
  }
  if (found->client != client.id) return fail(worthless_uri("of another client"));
  if (found->used) return fail(worthless_uri("used"));
  if (found->expires_at <= scope.now) return fail(worthless_uri("expired"));
  request = std::move(found->request);
  scope.origin.is_signed = found->is_signed;
  scope.origin.pushed = found->uri;
  return {};
}

}  // namespace oidcop::endpoint
