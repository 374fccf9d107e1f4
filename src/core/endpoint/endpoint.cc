#include "endpoint/endpoint.h"

#include "endpoint/client_gate.h"
#include "endpoint/error_text.h"

#include <algorithm>
#include <array>
#include <exception>

namespace oidcop::endpoint {
namespace {

constexpr std::array<std::string_view, 1> kFrozen{"client_id"};

/// Media type without parameters, in lower case (RFC 9110, 8.3.1).
std::string media_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return type;
}

std::string allowed_methods(const EndpointSettings& settings) {
  std::string text;
  for (const auto& method : settings.methods) {
    const bool with_head = method == "GET" && settings.head == HeadRequests::as_get;
    text += (text.empty() ? "" : ", ") + method + (with_head ? ", HEAD" : "");
  }
  return text;
}

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// Also what hooks wrote into the response itself.
void confine_error_text(Message& members) {
  for (const char* name : {"error", "error_description"}) {
    if (auto text = members.text(name)) members.set(name, error_text(std::move(*text)));
  }
}

http::Response preflight_answer(const EndpointSettings& settings) {
  http::Response response;
  response.status = 204;
  response.headers = {{"Access-Control-Allow-Origin", "*"},
                      {"Access-Control-Allow-Methods", allowed_methods(settings)},
                      {"Access-Control-Allow-Headers", "Authorization, Content-Type, DPoP"},
                      {"Access-Control-Max-Age", "3600"}};
  return response;
}

}  // namespace

Endpoint::Endpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const ClientGate* gate)
    : settings_(std::move(settings)), hooks_(hooks.of(settings_.name), log), log_(log), gate_(gate) {}

http::Response Endpoint::handle(const http::Request& request, TimePoint now) const {
  const bool cross_origin = settings_.cross_origin == CrossOrigin::allowed;
  if (request.method == "OPTIONS" && cross_origin) return preflight_answer(settings_);

  const bool as_get = request.method == "HEAD" && settings_.head == HeadRequests::as_get;
  const std::string_view method = as_get ? std::string_view("GET") : request.method;
  http::Response response;
  if (!contains(settings_.methods, method)) {
    response.status = 405;
    response.headers = {{"Allow", allowed_methods(settings_)}, {"Cache-Control", "no-store"}};
    return response;
  }
  RequestScope scope(request, now);
  try {
    auto raw = raw_request(request);
    response = to_http(raw ? handle_raw(*raw, scope) : do_response(fail(std::move(raw).error()), scope));
  } catch (const std::exception& e) {
    // Nothing below throws on purpose; what arrives here (out of memory, a library's surprise) fails this
    // request.
    response = to_http(do_response(fail(server_error(std::string("exception: ") + e.what())), scope));
  }
  if (cross_origin) {
    response.set_header("Access-Control-Allow-Origin", "*");
    response.set_header("Access-Control-Expose-Headers", "WWW-Authenticate, DPoP-Nonce");
  }
  return response;
}

Result<RawRequest, ProtocolError> Endpoint::raw_request(const http::Request& request) const {
  if (request.method == "GET" || request.method == "HEAD" || request.method == "DELETE")
    return RawRequest{RequestFormat::query, request.query, {}};
  const std::string type = media_type(request.content_type);
  if (type == "application/x-www-form-urlencoded" || (type.empty() && request.body.empty())) {
    return RawRequest{RequestFormat::form, request.body, {}};
  }
  if (type == "application/json") return RawRequest{RequestFormat::json, request.body, {}};
  if (type == "application/jwt" || type == "application/oauth-authz-req+jwt") {
    return RawRequest{RequestFormat::jwt, request.body, {}};
  }
  return fail(invalid_request("The Content-Type is not one that this endpoint accepts."));
}

Verdict Endpoint::parse_message(const RawRequest& raw, RequestScope& scope) const {
  auto decoded = decode_request(raw, settings_.rules, scope.now);
  if (!decoded) return fail(std::move(decoded).error());
  scope.request = std::move(*decoded);
  if (gate_ != nullptr) {
    auto passed = gate_->authenticate(scope.request, scope, hooks_, hook_context(scope));
    if (!passed) return passed;
  }
  if (auto expanded = expand(scope.request, scope); !expanded) return expanded;
  scope.received = scope.request;
  if (auto found = look_up(scope.request, scope); !found) return found;
  return hooks_.post_parse_request(scope.request, frozen_members(), hook_context(scope));
}

EndpointResponse Endpoint::do_response(Result<ResponseArgs, ProtocolError> outcome,
                                       RequestScope& scope) const {
  if (gate_ != nullptr) gate_->keep_promises(scope);
  if (!outcome) log_refusal(outcome.error(), scope);
  auto response = response_info(outcome ? std::move(*outcome) : error_args(outcome.error(), scope), scope);
  if (!response) {
    // A hook broke the answer; in the error that follows no hook can break anything, so that this ends here.
    log_refusal(response.error(), scope);
    ResponseArgs args = error_args(response.error(), scope);
    Message members = parse_args(args.args, scope);
    HookContext context = hook_context(scope);
    context.request = &scope.request;
    context.is_error = true;
    if (!args.page) hooks_.post_construct_where_possible(members, frozen_answer(), context);
    response = to_response(std::move(args), std::move(members));
  }
  response->cookies.insert(response->cookies.end(), scope.cookies.begin(), scope.cookies.end());
  update_http_args(*response, scope);
  return std::move(*response);
}

Result<EndpointResponse, ProtocolError> Endpoint::response_info(ResponseArgs args,
                                                                RequestScope& scope) const {
  if (args.page || !args.redirect_location.empty()) return to_response(std::move(args), Message());
  HookContext context = hook_context(scope);
  context.request = &scope.request;
  context.is_error = args.is_error;
  if (auto verdict = hooks_.pre_construct(args.args, frozen_answer(), context); !verdict)
    return fail(std::move(verdict).error());
  Message members = parse_args(std::move(args.args), scope);
  if (auto verdict = hooks_.post_construct(members, frozen_answer(), context); !verdict)
    return fail(std::move(verdict).error());
  const bool is_error = args.is_error;
  auto response = to_response(std::move(args), std::move(members));
  if (is_error) return response;
  if (auto verdict = package(response, scope); !verdict) return fail(std::move(verdict).error());
  return response;
}

EndpointResponse Endpoint::to_response(ResponseArgs args, Message members) const {
  if (args.is_error) confine_error_text(members);
  EndpointResponse response;
  response.status = args.status;
  response.response = std::move(members);
  response.http_headers = std::move(args.headers);
  response.cookies = std::move(args.cookies);
  response.response_placement = args.placement;
  response.response_mode = args.response_mode;
  response.return_uri = std::move(args.return_uri);
  response.redirect_location = std::move(args.redirect_location);
  response.http_response = std::move(args.page);
  return response;
}

Verdict Endpoint::expand(Message&, RequestScope&) const {
  return {};
}

Verdict Endpoint::look_up(const Message&, RequestScope&) const {
  return {};
}

std::span<const std::string_view> Endpoint::frozen_members() const {
  return kFrozen;
}

std::span<const std::string_view> Endpoint::frozen_answer() const {
  return {};
}

ResponseArgs Endpoint::error_args(const ProtocolError& error, const RequestScope&) const {
  ResponseArgs args;
  args.is_error = true;
  args.status = error.http_status;
  args.args.set("error", error.code);
  if (!error.description.empty()) args.args.set("error_description", error.description);
  if (!error.www_authenticate.empty()) args.headers.push_back({"WWW-Authenticate", error.www_authenticate});
  if (error.retry_after > 0) args.headers.push_back({"Retry-After", std::to_string(error.retry_after)});
  return args;
}

Message Endpoint::parse_args(Message args, const RequestScope&) const {
  return args;
}

Verdict Endpoint::package(EndpointResponse&, const RequestScope&) const {
  return {};
}

void Endpoint::update_http_args(EndpointResponse& response, const RequestScope&) const {
  if (response.http_response) return;  // pages bring their own
  response.http_headers.push_back({"Cache-Control", "no-store"});
  response.http_headers.push_back({"Pragma", "no-cache"});
  response.http_headers.push_back({"X-Content-Type-Options", "nosniff"});
}

HookContext Endpoint::hook_context(const RequestScope& scope) const {
  HookContext context;
  context.endpoint = settings_.name;
  context.issuer = settings_.issuer;
  context.request_id = scope.http.request_id;
  context.now = scope.now;
  context.client = scope.client_view ? &*scope.client_view : nullptr;
  context.authorization_request = scope.presented ? &scope.presented->grant.authorization_request : nullptr;
  return context;
}

void Endpoint::log_refusal(const ProtocolError& error, const RequestScope& scope) const {
  log_.write(error.http_status >= 500 ? LogLevel::error : LogLevel::info, "request.refused",
             {{"endpoint", settings_.name},
              {"request_id", scope.http.request_id},
              {"client_id", scope.client ? scope.client->id.text() : std::string()},
              {"address", scope.http.remote_address},
              {"error", error.code},
              {"parameter", error.parameter},
              {"description", error.description},
              {"detail", error.detail}});
}

}  // namespace oidcop::endpoint
