#include "endpoint/webfinger_endpoint.h"

#include "base/json.h"
#include "base/url.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

namespace oidcop::endpoint {
namespace {

constexpr std::string_view kIssuerRelation = "http://openid.net/specs/connect/1.0/issuer";
constexpr std::array<std::string_view, 1> kFrozen{"subject"};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return text;
}

/// A resource is a URI (RFC 7033, 4.1). What people type, user@host, is an account (Discovery 2.1.2).
std::optional<Url> parse_resource(const std::string& text) {
  if (auto url = Url::parse(text)) return std::move(*url);
  const bool is_typed = text.find('@') != std::string::npos && text.find_first_of(":/") == std::string::npos;
  if (!is_typed) return std::nullopt;
  auto url = Url::parse("acct:" + text);
  return url ? std::optional<Url>(std::move(*url)) : std::nullopt;
}

/// Who is responsible for it; empty when that cannot be said.
std::string host_of(const Url& resource) {
  if (resource.is_https()) {
    const auto port = resource.port();
    return port && *port != 443 ? resource.host() + ':' + std::to_string(*port) : resource.host();
  }
  const bool is_account = resource.scheme() == "acct" || resource.scheme() == "mailto";
  const auto at = resource.path().rfind('@');
  if (!is_account || at == std::string::npos || at == 0) return {};
  return lower(resource.path().substr(at + 1));
}

ProtocolError no_such_resource() {
  ProtocolError error = invalid_request("Nothing is known here about this resource.", "resource");
  error.code = "not_found";
  error.http_status = 404;  // RFC 7033, 4.2
  return error;
}

std::vector<std::string> relations_of(const Message& request) {
  if (auto one = request.text("rel")) return {std::move(*one)};
  const auto several = json_texts(request.json(), "rel");
  return several && *several ? **several : std::vector<std::string>();
}

}  // namespace

EndpointSettings webfinger_settings(std::string issuer) {
  EndpointSettings settings;
  settings.name = "webfinger";
  settings.issuer = std::move(issuer);
  settings.methods = {"GET"};
  settings.rules.formats = {RequestFormat::query, RequestFormat::message};
  settings.rules.repeatable = {"rel"};
  settings.rules.max_value_octets = 2048;
  return settings;
}

WebfingerEndpoint::WebfingerEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log,
                                     std::set<std::string> hosts)
    : TypedEndpoint(std::move(settings), hooks, log, nullptr), hosts_(std::move(hosts)) {}

std::span<const std::string_view> WebfingerEndpoint::frozen_answer() const {
  return kFrozen;
}

Result<WebfingerRequest, ProtocolError> WebfingerEndpoint::check_request(const Message& request,
                                                                         RequestScope&) const {
  const auto text = request.text("resource");
  if (!text) return fail(invalid_request("resource is required.", "resource"));
  const auto resource = parse_resource(*text);
  if (!resource) return fail(invalid_request("resource must be a URI.", "resource"));
  if (hosts_.count(host_of(*resource)) == 0) return fail(no_such_resource());
  return WebfingerRequest{*text, relations_of(request)};
}

Result<ResponseArgs, ProtocolError> WebfingerEndpoint::process_request(const WebfingerRequest& request,
                                                                       RequestScope&) const {
  auto links = Json::array();
  const auto& wanted = request.relations;
  if (wanted.empty() || std::find(wanted.begin(), wanted.end(), kIssuerRelation) != wanted.end())
    links.push_back({{"rel", kIssuerRelation}, {"href", issuer()}});
  ResponseArgs response;
  response.args.set("subject", request.resource);
  response.args.set("links", std::move(links));
  return response;
}

Verdict WebfingerEndpoint::package(EndpointResponse& response, const RequestScope&) const {
  response.content_type = "application/jrd+json";  // RFC 7033, 10.2
  return {};
}

}  // namespace oidcop::endpoint
