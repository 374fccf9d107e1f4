#include "endpoint/provider_info_endpoint.h"

namespace oidcop::endpoint {

EndpointSettings provider_info_settings(std::string issuer) {
  EndpointSettings settings;
  settings.name = "provider_info";
  settings.issuer = std::move(issuer);
  settings.methods = {"GET"};
  settings.cross_origin = CrossOrigin::allowed;
  settings.rules.formats = {RequestFormat::query, RequestFormat::message};
  return settings;
}

Result<Message, ProtocolError> ProviderInfoEndpoint::check_request(const Message& request,
                                                                   RequestScope&) const {
  return request;  // nothing to ask for, nothing to refuse
}

Result<ResponseArgs, ProtocolError> ProviderInfoEndpoint::process_request(const Message&,
                                                                          RequestScope&) const {
  ResponseArgs response;
  response.args = metadata_;
  return response;
}

}  // namespace oidcop::endpoint
