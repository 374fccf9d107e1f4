#include <oidcop/protocol_error.h>

#include <utility>

namespace oidcop {
namespace {

ProtocolError make(const char* code, std::string description) {
  ProtocolError error;
  error.code = code;
  error.description = std::move(description);
  return error;
}

}  // namespace

ProtocolError invalid_request(std::string description, std::string parameter) {
  auto error = make("invalid_request", std::move(description));
  error.parameter = std::move(parameter);
  return error;
}

ProtocolError invalid_grant(std::string description, std::string detail) {
  auto error = make("invalid_grant", std::move(description));
  error.detail = std::move(detail);
  return error;
}

ProtocolError invalid_client(std::string detail) {
  auto error = make("invalid_client", "Client authentication failed.");
  error.detail = std::move(detail);
  error.http_status = 401;
  error.www_authenticate = "Basic realm=\"oidcop\"";  // a 401 must name a scheme (RFC 9110, 15.5.2)
  return error;
}

ProtocolError invalid_scope(std::string description) {
  return make("invalid_scope", std::move(description));
}

ProtocolError unauthorized_client(std::string description) {
  return make("unauthorized_client", std::move(description));
}

ProtocolError access_denied(std::string description) {
  return make("access_denied", std::move(description));
}

ProtocolError server_error(std::string detail) {
  auto error = make("server_error", "The server could not process the request.");
  error.detail = std::move(detail);
  error.http_status = 500;
  return error;
}

ProtocolError temporarily_unavailable(std::string detail) {
  auto error = make("temporarily_unavailable", "The server cannot process the request now. Try again.");
  error.detail = std::move(detail);
  error.http_status = 503;
  error.retry_after = 5;
  return error;
}

ProtocolError from_error(const Error& error) {
  return error.code == Errc::unavailable ? temporarily_unavailable(error.detail) : server_error(error.detail);
}

}  // namespace oidcop
