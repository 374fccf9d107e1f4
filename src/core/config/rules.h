#pragma once

#include "config/config.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oidcop::config {

/// Values that are each fine and together are not.
struct Finding {
  std::vector<std::string> paths;  ///< the places it is about; the first is where it is reported
  std::string message;
  std::string nearest;  ///< what was perhaps meant; mostly empty
};

struct Findings {
  std::vector<Finding> contradictions;  ///< the provider must not start
  std::vector<Finding> doubts;          ///< worth a warning

  void contradiction(std::vector<std::string> paths, std::string message, std::string nearest = {}) {
    contradictions.push_back({std::move(paths), std::move(message), std::move(nearest)});
  }
  void doubt(std::string path, std::string message) {
    doubts.push_back({{std::move(path)}, std::move(message), {}});
  }
};

/// Looks at a filled configuration whole. Pure. Whether the provider can do what the capabilities claim is
/// the provider's to check.
Findings find_contradictions(const Config& config);

// The parts, by what they are about.
void find_issuer_and_endpoint_findings(const Config& config, Findings& findings);
void find_client_method_findings(const Config& config, Findings& findings);
void find_key_findings(const Config& config, Findings& findings);
void find_policy_findings(const Config& config, Findings& findings);
void find_service_findings(const Config& config, Findings& findings);

}  // namespace oidcop::config
