#include "endpoint/logout/check_session_endpoint.h"

#include "endpoint/authorization/authorization_pages.h"
#include "page/views.h"

namespace oidcop::endpoint {

EndpointSettings check_session_settings(std::string issuer) {
  EndpointSettings settings;
  settings.name = "check_session";
  settings.issuer = std::move(issuer);
  settings.methods = {"GET"};
  settings.rules.formats = {RequestFormat::query, RequestFormat::message};
  return settings;
}

CheckSessionEndpoint::CheckSessionEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log,
                                           const page::Pages& pages, const session::Cookies& cookies)
    : TypedEndpoint(std::move(settings), hooks, log, nullptr), pages_(pages), cookies_(cookies) {}

Result<Message, ProtocolError> CheckSessionEndpoint::check_request(const Message& request,
                                                                   RequestScope&) const {
  return request;  // nothing to ask for, nothing to refuse
}

Result<ResponseArgs, ProtocolError> CheckSessionEndpoint::process_request(const Message&,
                                                                          RequestScope& scope) const {
  return page_answer(pages_, page::CheckSessionPage{cookies_.state_name()}, locale_of(pages_, {}, scope));
}

}  // namespace oidcop::endpoint
