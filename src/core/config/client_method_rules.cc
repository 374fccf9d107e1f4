#include "config/nearest.h"
#include "config/rules.h"

#include <algorithm>

namespace oidcop::config {

namespace {

constexpr const char* kDeclared = "add_on.client_authn_method";
constexpr const char* kClientEndpoints[] = {"token",         "refresh_token",        "revocation",
                                            "introspection", "pushed_authorization", "device_authorization"};

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::vector<std::string> built_in() {
  const auto names = built_in_client_methods();
  return {names.begin(), names.end()};
}

void find_declaration_findings(const Config& config, Findings& findings) {
  for (const auto& name : config.add_on.client_authn_method) {
    if (contains(built_in(), name) || name == "extension") {
      findings.contradiction({kDeclared}, "names \"" + name + "\", which is the provider's own");
      continue;
    }
    const auto accepts = [&](const auto& entry) { return contains(entry.second.client_authn_method, name); };
    if (std::none_of(config.endpoint.begin(), config.endpoint.end(), accepts)) {
      findings.doubt(kDeclared, "names \"" + name + "\", which no endpoint's client_authn_method lists");
    }
  }
}

}  // namespace

void find_client_method_findings(const Config& config, Findings& findings) {
  find_declaration_findings(config, findings);
  auto known = built_in();
  const auto& declared = config.add_on.client_authn_method;
  known.insert(known.end(), declared.begin(), declared.end());
  for (const auto* name : kClientEndpoints) {
    const auto endpoint = config.endpoint.find(name);
    if (endpoint == config.endpoint.end()) continue;
    for (const auto& method : endpoint->second.client_authn_method) {
      if (contains(known, method)) continue;
      findings.contradiction(
          {"endpoint." + std::string(name) + ".client_authn_method", kDeclared},
          "names \"" + method + "\", which is neither built in nor declared in " + kDeclared,
          nearest(method, known));
    }
  }
}

}  // namespace oidcop::config
