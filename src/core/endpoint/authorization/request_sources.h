#pragma once

#include "endpoint/authorization/request_object.h"
#include "endpoint/authorization/request_reference.h"
#include "endpoint/request_scope.h"
#include "store/client_store.h"
#include "store/pushed_request_store.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>

#include <string_view>

namespace oidcop::endpoint {

/// What a request_uri of a pushed request begins with (RFC 9126, 2.2).
inline constexpr std::string_view kPushedRequestUri = "urn:ietf:params:oauth:request_uri:";

/// The authorization requests whose parameters come otherwise than in URL or form: in a request object
/// (OpenID Connect Core 1.0, 6; RFC 9101), or pushed before (RFC 9126). Thread-safe.
class RequestSources {
 public:
  /// References outlive it.
  struct Parts {
    store::ClientStore& clients;
    store::PushedRequestStore& pushed;
    RequestObjectParts objects;
    bool objects_supported = true;
    const RequestReferences* references = nullptr;  ///< null: request_uri is for pushed requests alone
  };
  explicit RequestSources(Parts parts) : parts_(std::move(parts)) {}

  /// Puts the parameters that count in the place of those that were sent, and notes where they came from.
  /// Leaves a request of an unknown client as it is, for the checks to refuse. Errors: invalid_request,
  /// invalid_request_object, invalid_request_uri, request_not_supported, request_uri_not_supported.
  Verdict expand(Message& request, RequestScope& scope) const;

  /// The same where requests are pushed: the client is known, an object's parameters alone count (RFC 9126,
  /// 3), and a request_uri is refused (2.1).
  Verdict expand_at_push(Message& request, RequestScope& scope) const;

 private:
  Verdict open_object(std::string_view object, Message& request, RequestScope& scope,
                      const model::Client& client, RequestMerge merge) const;
  Verdict open_pushed(Message& request, RequestScope& scope, const model::Client& client) const;
  Parts parts_;
};

}  // namespace oidcop::endpoint
