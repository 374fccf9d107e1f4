#include "endpoint/document_endpoint.h"

namespace oidcop::endpoint {

EndpointSettings document_settings(std::string name, std::string issuer) {
  EndpointSettings settings;
  settings.name = std::move(name);
  settings.issuer = std::move(issuer);
  settings.methods = {"GET"};
  settings.cross_origin = CrossOrigin::allowed;
  settings.rules.formats = {RequestFormat::query, RequestFormat::message};
  return settings;
}

DocumentEndpoint::DocumentEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, Message document)
    : TypedEndpoint(std::move(settings), hooks, log, nullptr),
      document_(std::move(document)),
      names_(document_.names()),
      frozen_(names_.begin(), names_.end()) {}

Result<Message, ProtocolError> DocumentEndpoint::check_request(const Message& request, RequestScope&) const {
  return request;  // nothing to ask for, nothing to refuse
}

Result<ResponseArgs, ProtocolError> DocumentEndpoint::process_request(const Message&, RequestScope&) const {
  ResponseArgs response;
  response.args = document_;
  return response;
}

}  // namespace oidcop::endpoint
