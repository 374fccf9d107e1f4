#include "endpoint/resource_indicators.h"

#include "base/json.h"
#include "base/url.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::endpoint {
namespace {

using Resources = std::vector<std::string>;

constexpr std::size_t kMostResources = 16;

ProtocolError invalid_target(std::string description) {
  ProtocolError error = invalid_request(std::move(description), kResourceParameter);
  error.code = "invalid_target";
  return error;
}

bool contains(const Resources& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// One text, or several in an array. Errors: invalid_target for anything else.
Result<Resources, ProtocolError> named(const Message& request) {
  const auto* member = request.find(kResourceParameter);
  if (member == nullptr) return Resources();
  if (member->is_string()) return Resources{member->get_ref<const std::string&>()};
  if (!member->is_array()) return fail(invalid_target("resource must be a URI."));
  Resources resources;
  for (const auto& item : *member) {
    if (!item.is_string()) return fail(invalid_target("resource must be a URI."));
    const auto& text = item.get_ref<const std::string&>();
    if (!contains(resources, text)) resources.push_back(text);
  }
  return resources;
}

Verdict check_resource(const std::string& resource, const token::ResourcePolicies& known) {
  if (known.find(resource) != known.end()) return {};
  if (resource.find('#') != std::string::npos)
    return fail(invalid_target("resource must not have a fragment."));
  if (!Url::parse(resource)) return fail(invalid_target("resource must be an absolute URI."));
  return fail(invalid_target("resource names one that this provider issues no access tokens for."));
}

}  // namespace

Result<Resources, ProtocolError> requested_resources(const Message& request,
                                                     const token::ResourcePolicies& known) {
  auto resources = named(request);
  if (!resources) return resources;
  if (resources->size() > kMostResources) return fail(invalid_target("resource occurs too often."));
  for (const auto& resource : *resources) {
    if (auto verdict = check_resource(resource, known); !verdict) return fail(std::move(verdict).error());
  }
  return resources;
}

Result<Resources, ProtocolError> resources_to_issue_for(const Message& token_request,
                                                        const Message& authorization_request,
                                                        const token::ResourcePolicies& known) {
  auto granted = named(authorization_request);
  if (!granted) return granted;
  auto requested = requested_resources(token_request, known);
  if (!requested) return requested;
  for (const auto& resource : *requested) {
    if (!contains(*granted, resource))
      return fail(invalid_target("resource names one that was not part of the authorization request."));
  }
  if (!requested->empty() || granted->empty()) return requested;
  Resources left;
  std::copy_if(granted->begin(), granted->end(), std::back_inserter(left),
               [&](const std::string& resource) { return known.find(resource) != known.end(); });
  // Without any of them the token would be good everywhere, which nobody asked for.
  if (left.empty()) return fail(invalid_target("None of the resources that were granted is there any more."));
  return left;
}

ProtocolError formats_differ() {
  return invalid_target("The resources take access tokens of different formats; ask for them one by one.");
}

}  // namespace oidcop::endpoint
