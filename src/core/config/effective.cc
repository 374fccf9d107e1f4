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
    if (const auto* element = node->element()) {
      // Elements come in order, hence one at most is new.
      const auto index = std::stoul(segment);
      if (at->is_null()) *at = Json::array();
      if (index == at->size()) at->push_back(Json());
      at = &(*at)[index];
      node = element;
    } else {
      at = &(*at)[segment];
      node = node->child(segment);
    }
  }
  *at = std::move(value);
}

void differences(const Json& before, const Json& now, const std::string& path,
                 std::vector<std::string>& found) {
  if (before == now) return;
  if (!before.is_object() || !now.is_object()) {
    found.push_back(path);
    return;
  }
  auto names = before;
  names.update(now);
  const auto member = [](const Json& object, const std::string& name) {
    return object.contains(name) ? object.at(name) : Json();
  };
  for (const auto& [name, value] : names.items()) {
    differences(member(before, name), member(now, name), path + "." + name, found);
  }
}

bool is_another(const std::optional<Secret>& before, const std::optional<Secret>& now) {
  return before && now && !equal_in_constant_time(*before, *now);
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

std::vector<std::string> waiting_for_restart(const Config& started_with, const Config& now) {
  const auto before = effective_json(started_with);
  const auto after = effective_json(now);
  std::vector<std::string> found;
  for (const std::string section : {"database", "responder"}) {
    differences(before.at(section), after.at(section), section, found);
  }
  // Secrets look alike in what is shown of them.
  const auto& old = started_with.responder;
  const auto& fresh = now.responder;
  if (is_another(old.shared_secret, fresh.shared_secret)) found.emplace_back("responder.shared_secret");
  if (is_another(old.remote_user.marker, fresh.remote_user.marker)) {
    found.emplace_back("responder.remote_user.marker");
  }
  return found;
}

}  // namespace oidcop::config
