#include "config/fill.h"

#include "config/field_table.h"

#include <nlohmann/json.hpp>

namespace oidcop::config {

namespace {

using Match = std::pair<Place, const Json*>;

void extend(std::vector<Match>& to, const Match& match, const std::string& segment) {
  const auto add = [&](std::string name, const Json& value) {
    auto place = match.first;
    place.push_back(std::move(name));
    to.emplace_back(std::move(place), &value);
  };
  if (segment == "[]") {
    if (!match.second->is_array()) return;
    std::size_t index = 0;
    for (const auto& element : *match.second) add(std::to_string(index++), element);
    return;
  }
  if (!match.second->is_object()) return;
  if (segment == "*") {
    for (const auto& [name, value] : match.second->items()) add(name, value);
  } else if (const auto found = match.second->find(segment); found != match.second->end()) {
    add(segment, *found);
  }
}

const Field* row_named(std::string_view path) {
  for (const auto& row : field_table()) {
    if (row.path == path) return &row;
  }
  return nullptr;
}

class Filler {
 public:
  Filler(Config& config, const Merged& merged, const FillContext& context, ConfigProblems& problems)
      : config_(config), merged_(merged), context_(context), problems_(problems) {}

  /// Containers first, all of them: a row may fill what another section holds (keys.uri_path).
  void fill_all() {
    for (const auto& row : field_table()) {
      if (row.enter == nullptr) continue;
      for (const auto& [place, value] : matches(row, *merged_.tree)) {
        if (fits_container(row, *value)) row.enter(config_, place);
      }
    }
    for (const auto& row : field_table()) {
      if (row.slot == nullptr) continue;
      for (const auto& [place, value] : matches(row, *merged_.tree)) fill_value(row, place, *value);
    }
  }

 private:
  // A container of the wrong type was reported; its defaults stay, so that the rules have something to look
  // at. A list element is entered whatever it is, so that the indices of the others stay right.
  static bool fits_container(const Field& row, const Json& value) {
    if (segments_of(row).back() == "[]") return true;
    if (row.at_least_one && value.empty()) return false;
    return row.type == FieldType::list ? value.is_array() : value.is_object();
  }

  void fill_value(const Field& row, const Place& place, const Json& json) {
    const auto value = parse_value(row, json);
    if (!value) return;
    const auto slot = row.slot(config_, place);
    if (std::holds_alternative<std::monostate>(slot)) {
      return report(place, "does not apply: it is only for " + std::string(row.needs));
    }
    if (!row.alias_of.empty() && disagrees(row, *value, slot)) {
      return report(place, "contradicts " + std::string(row.alias_of) + ", which is the same setting");
    }
    if (const auto done = assign(slot, *value, context_); !done) {
      report(place, done.error().message, done.error().nearest);
    }
  }

  /// Whether the row that an alias stands for has another value. Both may be written differently (600,
  /// "10m").
  bool disagrees(const Field& alias, const Value& value, const Slot& slot) const {
    const auto* canonical = row_named(alias.alias_of);
    for (const auto& [place, json] : matches(*canonical, *merged_.tree)) {
      const auto other = parse_value(*canonical, *json);
      if (!other || !assign(slot, *other, context_)) continue;
      const auto theirs = read(*canonical, slot);
      if (assign(slot, value, context_) && read(alias, slot) != theirs) return true;
    }
    return false;
  }

  void report(const Place& place, std::string message, std::string nearest = {}) {
    const auto path = path_text(place);
    const auto origin = merged_.origins.find(path);
    // Members of a list came with the list.
    const auto list = merged_.origins.find(path.substr(0, path.find('[')));
    const auto file = origin != merged_.origins.end() ? origin->second
                      : list != merged_.origins.end() ? list->second
                                                      : std::string();
    problems_.push_back({file, path, std::move(message), std::move(nearest)});
  }

  Config& config_;
  const Merged& merged_;
  const FillContext& context_;
  ConfigProblems& problems_;
};

}  // namespace

std::vector<Match> matches(const Field& row, const Json& tree) {
  std::vector<Match> found = {{Place{}, &tree}};
  for (const auto& segment : segments_of(row)) {
    std::vector<Match> further;
    for (const auto& match : found) extend(further, match, segment);
    found = std::move(further);
  }
  return found;
}

std::vector<Place> places(const Field& row, const Config& config) {
  std::vector<Place> found = {Place{}};
  std::string prefix;
  for (const auto& segment : segments_of(row)) {
    std::vector<std::string> names = {segment};
    if (segment == "*" || segment == "[]") {
      const auto* container = row_named(prefix);
      names = container != nullptr && container->members != nullptr ? container->members(config)
                                                                    : std::vector<std::string>{};
    }
    std::vector<Place> further;
    for (const auto& place : found) {
      for (const auto& name : names) {
        further.push_back(place);
        further.back().push_back(name);
      }
    }
    found = std::move(further);
    prefix += (prefix.empty() ? "" : ".") + segment;
  }
  return found;
}

void fill(Config& config, const Merged& merged, const FillContext& context, ConfigProblems& problems) {
  Filler(config, merged, context, problems).fill_all();
}

void resolve_paths(Config& config, const std::filesystem::path& folder) {
  const auto resolve = [&](std::filesystem::path& path) { path = (folder / path).lexically_normal(); };
  for (const auto& row : field_table()) {
    if (row.type != FieldType::path) continue;
    for (const auto& place : places(row, config)) {
      const auto slot = row.slot(config, place);
      if (auto* const* path = std::get_if<std::filesystem::path*>(&slot)) resolve(**path);
      if (auto* const* path = std::get_if<std::optional<std::filesystem::path>*>(&slot); path && **path) {
        resolve(***path);
      }
    }
  }
  constexpr std::string_view unix_prefix = "unix:";
  if (auto& listen = config.responder.listen; listen && listen->rfind(unix_prefix, 0) == 0) {
    std::filesystem::path socket = listen->substr(unix_prefix.size());
    resolve(socket);
    listen = std::string(unix_prefix) + socket.string();
  }
}

}  // namespace oidcop::config
