#pragma once

#include "base/json.h"

#include <string>

namespace oidcop::config {

struct Field;

/// The reference manual of the configuration (doc/configuration.md), made from the table of fields.
std::string config_reference_markdown();

/// The JSON Schema (draft 2020-12) of the configuration file, made from the table of fields, for editors.
Json config_schema_json();

/// A row's default as a file would give it; null when it has none. In rows of free names: that of a new
/// entry.
Json default_of(const Field& row);

}  // namespace oidcop::config
