#include "fcgi/answerer.h"

#include "base/log.h"
#include "base/system_random.h"
#include "http/cgi_response.h"

#include <exception>
#include <utility>

namespace oidcop::fcgi {
namespace {

http::Response server_failure(const std::string& request_id) {
  return http::plain_response(500, "Something went wrong on our side. It has been logged.", request_id);
}

}  // namespace

std::string new_request_id(Random& random) {
  return random_id(random).value_or(std::string("unavailable"));
}

std::string Answerer::answer(const http::CgiParameters& parameters, std::string body,
                             http::Channel channel) const {
  const auto request_id = new_request_id(*random_);
  const bool head = http::find_parameter(parameters, "REQUEST_METHOD") == "HEAD";
  if (is_exposed(parameters, request_id)) return format(server_failure(request_id), request_id, head);
  const auto request = http::request_from_cgi(parameters, std::move(body), channel, *policy_, request_id);
  return format(request ? handle(*request) : refuse(request.error(), request_id), request_id, head);
}

std::string Answerer::refuse(const http::Refusal& refusal) const {
  const auto request_id = new_request_id(*random_);
  return format(refuse(refusal, request_id), request_id, false);
}

bool Answerer::is_exposed(const http::CgiParameters& parameters, const std::string& request_id) const {
  const auto root = http::find_parameter(parameters, "DOCUMENT_ROOT");
  const auto why = root ? handler_->why_exposed_below(*root) : std::nullopt;
  if (why) log_->error("files.exposed", {{"request_id", request_id}, {"detail", *why}});
  return why.has_value();
}

http::Response Answerer::handle(const http::Request& request) const {
  std::string what;
  try {
    return handler_->handle(request);
  } catch (const std::exception& error) {
    what = error.what();
  } catch (...) {
    what = "unknown exception";
  }
  log_->error("request.failed", {{"request_id", request.request_id}, {"detail", what}});
  return server_failure(request.request_id);
}

http::Response Answerer::refuse(const http::Refusal& refusal, const std::string& request_id) const {
  const auto detail = refusal.detail.empty() ? refusal.reason : refusal.reason + " " + refusal.detail;
  log_->warning("request.refused",
                {{"request_id", request_id}, {"status", std::to_string(refusal.status)}, {"detail", detail}});
  auto response = http::plain_response(refusal.status, refusal.reason, request_id);
  if (refusal.status == 503) response.set_header("Retry-After", "5");
  return response;
}

std::string Answerer::format(http::Response response, const std::string& request_id, bool head) const {
  const auto body = head ? http::BodyPart::omitted : http::BodyPart::sent;
  response.set_header("X-Request-Id", request_id);
  auto text = http::format_cgi_response(response, body);
  if (text) return std::move(*text);
  log_->error("response.refused", {{"request_id", request_id}, {"detail", text.error().detail}});
  auto failure = server_failure(request_id);
  failure.set_header("X-Request-Id", request_id);
  return http::format_cgi_response(failure, body).value_or(std::string("Status: 500\r\n\r\n"));
}

}  // namespace oidcop::fcgi
