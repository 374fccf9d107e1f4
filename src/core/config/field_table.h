#pragma once

#include "config/field.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::config {

/// The one table of fields. The check, the filling of Config, the effective dump, the JSON Schema and the
/// manual are made from it, so that no key can exist which it lacks. Containers come before what they
/// contain. Immutable; thread-safe.
const std::vector<Field>& field_table();

/// The table as a tree of names, for walking a file.
struct FieldNode {
  const Field* field = nullptr;
  std::map<std::string, FieldNode, std::less<>> children;  ///< "*" and "[]" are names like others here

  /// The node of a member: the row of that very name, else the "*" row; null when there is neither.
  const FieldNode* child(std::string_view name) const;
  /// The node of a list's elements; null when this is no list of objects.
  const FieldNode* element() const;
};
const FieldNode& field_tree();

/// The row for a concrete place; null when the table has none.
const Field* field_at(const Place& place);

/// A place as messages show it: "endpoint.token.path", "keys.key_defs[0].type"; names that are not plain are
/// quoted and escaped, over-long ones cut.
std::string path_text(const Place& place);
/// A row's path as the manual shows it: "keys.key_defs[].type".
std::string pattern_text(const Field& row);
/// The segments of a row's path.
Place segments_of(const Field& row);

// The parts of the table, one per page of the manual.
std::vector<Field> provider_fields();    ///< issuer, profile, database, keys, endpoint
std::vector<Field> capability_fields();  ///< capabilities, scopes and claims
std::vector<Field> policy_fields();      ///< sessions, grants, tokens, add-ons
std::vector<Field> people_fields();      ///< authentication, cookies, pages
std::vector<Field> service_fields();     ///< log, responder, and names that are not available

}  // namespace oidcop::config
