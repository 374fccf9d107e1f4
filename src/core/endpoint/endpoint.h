#pragma once

#include "base/log.h"
#include "endpoint/cross_origin.h"
#include "endpoint/hook_runner.h"
#include "endpoint/request_decoder.h"
#include "endpoint/request_scope.h"
#include "endpoint/response_args.h"

#include <oidcop/endpoint_response.h>
#include <oidcop/hooks.h>
#include <oidcop/http.h>
#include <oidcop/protocol_error.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::endpoint {

class ClientGate;

/// What a HEAD request is where GET is allowed (RFC 9110, 9.3.2).
enum class HeadRequests : std::uint8_t {
  as_get,   ///< answered like a GET; the responder leaves out the body
  refused,  ///< where a GET may change something, which HEAD never may (RFC 9110, 9.2.1)
};

struct EndpointSettings {
  std::string name;  ///< as in the configuration: "token"
  std::string issuer;
  std::vector<std::string> methods{"GET", "POST"};
  HeadRequests head = HeadRequests::as_get;
  CrossOrigin cross_origin = CrossOrigin::refused;
  RequestRules rules;
};

/// One endpoint: the pipeline that all of them run.
///
///     parse_request    decode, client_authentication*, expand, look_up, post_parse_request*, check_request
///     process_request
///     do_response      response_info: construct (pre_construct*, parse_args, post_construct*);
///     update_http_args
///
/// Steps marked * are the hooks' (oidcop/hooks.h). An error at any step still goes through do_response.
/// Endpoints derive from TypedEndpoint and say what is theirs. Immutable after construction; thread-safe.
class Endpoint {
 public:
  /// `hooks` and `log` outlive the endpoint. `gate` authenticates clients; null where the endpoint does not.
  Endpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const ClientGate* gate);
  virtual ~Endpoint() = default;
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  /// The whole way of a request that came over HTTP.
  http::Response handle(const http::Request& request, TimePoint now) const;
  /// The same for a request in any format the endpoint accepts, by an embedding program or a test.
  virtual EndpointResponse handle_raw(const RawRequest& raw, RequestScope& scope) const = 0;

  const std::string& name() const { return settings_.name; }
  const std::string& issuer() const { return settings_.issuer; }

 protected:
  /// The steps of parse_request that are the same for every endpoint; leaves the request in scope.request.
  Verdict parse_message(const RawRequest& raw, RequestScope& scope) const;
  EndpointResponse do_response(Result<ResponseArgs, ProtocolError> outcome, RequestScope& scope) const;

  /// Before anything looks at the request: parameters that travel in another shape (in a request object, or
  /// pushed before) take their place. Default: none do.
  virtual Verdict expand(Message& request, RequestScope& scope) const;
  /// After client authentication and before the hooks: find what the request speaks of, so that hooks and
  /// checks can know it (the client at the authorization endpoint, the code at the token endpoint). Refuses
  /// only what no check could be reached with.
  virtual Verdict look_up(const Message& request, RequestScope& scope) const;
  /// Request members that hooks may not touch.
  virtual std::span<const std::string_view> frozen_members() const;
  /// Members of the answer that hooks may not touch, besides those that the protocol relies on everywhere.
  virtual std::span<const std::string_view> frozen_answer() const;
  /// How this endpoint's errors travel. Default: a JSON body (RFC 6749, 5.2).
  virtual ResponseArgs error_args(const ProtocolError& error, const RequestScope& scope) const;
  /// From arguments to the members that are sent. Default: as they are.
  virtual Message parse_args(Message args, const RequestScope& scope) const;
  /// From the finished members of a success to the body that is sent, where that is no JSON object (a JWT).
  /// Default: leaves them as they are. A refusal is answered as an error instead.
  virtual Verdict package(EndpointResponse& response, const RequestScope& scope) const;
  /// The last word on status and headers. Default: Cache-Control: no-store (RFC 6749, 5.1) and nosniff.
  virtual void update_http_args(EndpointResponse& response, const RequestScope& scope) const;

  HookContext hook_context(const RequestScope& scope) const;
  Log& log() const { return log_; }

 private:
  Result<EndpointResponse, ProtocolError> response_info(ResponseArgs args, RequestScope& scope) const;
  EndpointResponse to_response(ResponseArgs args, Message members) const;
  Result<RawRequest, ProtocolError> raw_request(const http::Request& request) const;
  void log_refusal(const ProtocolError& error, const RequestScope& scope) const;

  EndpointSettings settings_;
  HookRunner hooks_;
  Log& log_;
  const ClientGate* gate_;
};

/// An endpoint whose request, once checked, is an immutable value of its own type.
template <class TypedRequest>
class TypedEndpoint : public Endpoint {
 public:
  using Endpoint::Endpoint;

  Result<TypedRequest, ProtocolError> parse_request(const RawRequest& raw, RequestScope& scope) const {
    if (auto parsed = parse_message(raw, scope); !parsed) return fail(std::move(parsed).error());
    return check_request(scope.request, scope);
  }

  EndpointResponse handle_raw(const RawRequest& raw, RequestScope& scope) const final {
    auto request = parse_request(raw, scope);
    if (!request) return do_response(fail(std::move(request).error()), scope);
    return do_response(process_request(*request, scope), scope);
  }

 protected:
  /// The endpoint's table of checks. Everything that process_request relies on is proven here.
  virtual Result<TypedRequest, ProtocolError> check_request(const Message& request,
                                                            RequestScope& scope) const = 0;
  virtual Result<ResponseArgs, ProtocolError> process_request(const TypedRequest& request,
                                                              RequestScope& scope) const = 0;
};

}  // namespace oidcop::endpoint
