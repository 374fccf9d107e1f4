#pragma once

#include "config/field.h"

#include <string>
#include <string_view>
#include <vector>

namespace oidcop::config {

/// The endpoint that a place below `endpoint` speaks of; null when it is off.
Endpoint* endpoint_of(Config& config, const Place& place);

// Rows that endpoints have in common.
Field endpoint_field(const std::string& name, std::string_view doc);
Field path_field(const std::string& endpoint_path);
Field cors_field(const std::string& endpoint_path);
Field methods_field(const std::string& endpoint_path, std::vector<std::string_view> methods,
                    std::string_view doc);

/// The endpoints `registration` and `registration_api`.
std::vector<Field> registration_fields();
/// The section `software_statement_issuers`.
std::vector<Field> statement_fields();

}  // namespace oidcop::config
