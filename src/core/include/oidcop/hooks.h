#pragma once

#include <oidcop/http.h>
#include <oidcop/message.h>
#include <oidcop/protocol_error.h>
#include <oidcop/time.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop {

/// What a hook may know of the client.
struct ClientView {
  std::string client_id;
  bool is_public = false;
  Message metadata;  ///< as registered and as its administrator set it; never a secret
};

/// What a hook is told about the request it runs in. Valid during the call only.
struct HookContext {
  std::string_view endpoint;  ///< name as in the configuration: "authorization", "token", …
  std::string_view issuer;
  std::string_view request_id;
  TimePoint now{};
  const ClientView* client = nullptr;  ///< null until the client is known
  /// In response steps: the request after post_parse_request. Null when it could not be decoded.
  const Message* request = nullptr;
  /// The authorization request behind it: at the token endpoint the one that the presented code or refresh
  /// token came from, once the credential was found to be this client's. Null elsewhere.
  const Message* authorization_request = nullptr;
  bool is_error = false;  ///< response steps: the response is an error response
};

/// A client that a hook authenticated by one of the methods it was added with. Only a client that is
/// registered for exactly this method (token_endpoint_auth_method) gets in.
struct HookAuthentication {
  std::string client_id;
  std::string method;
};

/// Step client_authentication: nothing when the request does not use a method of this hook, else who it is,
/// or a refusal. To find something and to refuse it both mean that the request uses the method: a second one
/// beside it, built in or another hook's, ends in 400 (RFC 6749, 2.3). The request's client_id, if it has
/// one, must be the client's.
using ClientAuthenticationHook = std::function<Result<std::optional<HookAuthentication>, ProtocolError>(
    const Message& request, const http::Request& http, const HookContext& context)>;
/// Step post_parse_request: may edit the request, since every check of the endpoint still stands after it;
/// may not change who the request is from.
using PostParseRequestHook = std::function<Verdict(Message& request, const HookContext& context)>;
/// Steps pre_construct and post_construct: may refuse, and add to the response; may not change or remove a
/// member that the protocol relies on, and may make scope only narrower.
using PreConstructHook = std::function<Verdict(Message& args, const HookContext& context)>;
using PostConstructHook = std::function<Verdict(Message& response, const HookContext& context)>;

/// What a grant type of an embedding program gives: an access token, and nothing else.
struct GrantDecision {
  /// User name of the person that the token speaks of; empty: the client itself, which must then be one that
  /// authenticates.
  std::string username;
  std::string scope;  ///< space-separated; of it the client gets what it may have
};

/// A grant type (RFC 6749, 4.5; RFC 8693, RFC 7523): judges the request and says what it is worth, or refuses
/// (invalid_grant and the like). The client has authenticated and is registered for the grant type.
using GrantHook =
    std::function<Result<GrantDecision, ProtocolError>(const Message& request, const HookContext& context)>;

struct OwnedGrant {
  std::string owner;
  std::string grant_type;  ///< the value of grant_type: a URI
  GrantHook hook;
};

template <class Hook>
struct OwnedHook {
  std::string owner;  ///< who registered it; appears in log lines
  Hook hook;
};

/// A hook that authenticates clients, and the names of its methods.
struct OwnedClientAuthentication {
  std::string owner;
  std::vector<std::string> methods;
  ClientAuthenticationHook hook;
};

/// The hooks of one endpoint, each list in the order of registration.
struct EndpointHooks {
  std::vector<OwnedClientAuthentication> client_authentication;
  std::vector<OwnedHook<PostParseRequestHook>> post_parse_request;
  std::vector<OwnedHook<PreConstructHook>> pre_construct;
  std::vector<OwnedHook<PostConstructHook>> post_construct;
};

/// The extension points of all endpoints. Filled while the provider is set up, constant afterwards.
///
/// A hook runs in the request's thread and must be thread-safe. One that throws or misbehaves fails its
/// request with server_error and a log line naming the owner; it never lets a request through. Hooks are
/// fully trusted code in this process: nothing can interrupt one that hangs; slow ones are logged.
///
/// Endpoints and their steps: authorization, token, refresh_token, userinfo, revocation, introspection,
/// pushed_authorization, device_authorization, end_session, registration and registration_api have all of
/// them, but clients authenticate only at token, refresh_token, revocation, introspection,
/// pushed_authorization and device_authorization.
/// provider_info and jwks run theirs once per change of configuration or keys, and a failure there keeps the
/// old state (at the start: the provider from starting); what the provider itself puts into these documents
/// cannot be changed, only added to. login and consent, the forms of the authorization endpoint, have
/// post_parse_request; their answers are authorization's. So has logout, the form of the end_session
/// endpoint; the response steps of end_session run for its redirects. device, the page for the people of
/// device_authorization, has post_parse_request, too.
class Hooks {
 public:
  // Errors of all: not_found for an endpoint, or a step of one, that does not exist, naming the nearest;
  // malformed for an empty hook; conflict when the owner has a hook at this step of this endpoint already.

  /// \param methods  names of the methods it provides, as a client registers them
  ///     (token_endpoint_auth_method): printable ASCII without spaces, none of them built in. The hook is
  ///     asked only where the configuration lists one of them, in the endpoint's client_authn_method (having
  ///     declared it in add_on.client_authn_method); discovery then names it, too. A name that is listed and
  ///     that no hook provides keeps the provider from starting.
  /// Errors besides: malformed or refused for such a name; conflict when another hook provides it here.
  Result<void> add_client_authentication(std::string endpoint, std::string owner,
                                         std::vector<std::string> methods, ClientAuthenticationHook hook);
  Result<void> add_post_parse_request(std::string endpoint, std::string owner, PostParseRequestHook hook);
  Result<void> add_pre_construct(std::string endpoint, std::string owner, PreConstructHook hook);
  Result<void> add_post_construct(std::string endpoint, std::string owner, PostConstructHook hook);

  /// A grant type at the token endpoint. It is offered where the configuration declares it in
  /// add_on.grant_types; one that is declared and that no hook provides keeps the provider from starting.
  /// Errors besides: malformed for a name that is no URI (or a built-in one); conflict when it is there.
  Result<void> add_grant(std::string owner, std::string grant_type, GrantHook hook);
  /// The grant types that were added, in their order.
  const std::vector<OwnedGrant>& grants() const { return grants_; }

  /// The endpoint's lists; empty ones when nobody registered. Valid as long as this object is and is not
  /// added to.
  const EndpointHooks& of(std::string_view endpoint) const;

 private:
  std::map<std::string, EndpointHooks, std::less<>> by_endpoint_;
  std::vector<OwnedGrant> grants_;
};

}  // namespace oidcop
