#include "config/effective.h"

#include "config/field_table.h"
#include "config/fill.h"

#include <nlohmann/json.hpp>

namespace oidcop::config {

namespace {

void insert(Json& root, const Place& place, Json value) {
  auto* at = &root;
  const auto* node = &field_tree();
  for (const auto& segment : place) {
    const auto element = node->children.find("[]");
    if (element != node->children.end()) {
      // Elements come in order, hence one at most is new.
      const auto index = std::stoul(segment);
      if (at->is_null()) *at = Json::array();
      if (index == at->size()) at->push_back(Json());
      at = &(*at)[index];
      node = &element->second;
    } else {
      at = &(*at)[segment];
      node = node->child(segment);
    }
  }
  *at = std::move(value);
}

}  // namespace

Json effective_json(const Config& config) {
  auto copy = config;  // slots point to members that can be written; nothing is
  auto dump = Json::object();
  for (const auto& row : field_table()) {
    if (row.slot == nullptr || !row.alias_of.empty()) continue;
    for (const auto& place : places(row, copy)) {
      auto value = read(row, row.slot(copy, place));
      if (!value.is_null()) insert(dump, place, std::move(value));
    }
  }
  return dump;
}

}  // namespace oidcop::config
