#include "config/reference.h"

#include "config/duration.h"
#include "config/effective.h"
#include "config/field_table.h"
#include "config/fill.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::config {

namespace {

/// A configuration that has one of everything: an entry named "*" in each map, every endpoint on.
Config sample() {
  Config config(*Url::parse("https://op.example.org"));
  for (const auto& row : field_table()) {
    const auto segments = segments_of(row);
    const bool entry = segments.back() == "*" || row.path.rfind("endpoint.", 0) == 0;
    if (row.enter != nullptr && entry) row.enter(config, segments);
  }
  return config;
}

std::string joined(const std::vector<std::string_view>& values) {
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "`" : ", `") + std::string(value) + "`";
  return text;
}

std::string type_words(const Field& row) {
  switch (row.type) {
    case FieldType::boolean:
      return "`true` or `false`";
    case FieldType::integer:
      return "whole number" + (row.unit.empty() ? std::string() : " (" + std::string(row.unit) + ")");
    case FieldType::duration:
      return "duration";
    case FieldType::choice:
      return "one of " + joined(row.allowed);
    case FieldType::text:
      return row.allowed.empty() ? "text" : "one of " + joined(row.allowed);
    case FieldType::texts:
    case FieldType::choices:
      if (row.allowed.empty()) return "list of texts";
      return "list of " + joined(row.allowed) +
             (row.declared_in.empty() ? "" : ", and what `" + std::string(row.declared_in) + "` declares");
    case FieldType::path:
      return "path";
    case FieldType::url:
      return "https URL";
    case FieldType::secret:
      return "secret";
    case FieldType::claims:
      return "claims";
    case FieldType::section:
    case FieldType::map:
    case FieldType::list:
    case FieldType::unavailable:
      break;
  }
  return "object";
}

std::string range_words(const Field& row) {
  if (row.min == row.max) return "";
  if (row.type == FieldType::duration) {
    return duration_text(Seconds(static_cast<std::int64_t>(row.min))) + " to " +
           duration_text(Seconds(static_cast<std::int64_t>(row.max)));
  }
  return std::to_string(row.min) + " to " + std::to_string(row.max);
}

std::string default_words(const Field& row) {
  if (row.required) return "required";
  // The installation decides it, and the manual is the same for all.
  if (row.path == "data_dir") return "default: where the installation put them";
  const auto value = default_of(row);
  if (value.is_null()) return row.absent.empty() ? "" : "default: " + std::string(row.absent);
  return "default: `" + dump_json(value) + "`";
}

std::string value_row(const Field& row) {
  std::string text = "- **`" + pattern_text(row) + "`**: " + type_words(row);
  if (const auto range = range_words(row); !range.empty()) text += ", " + range;
  if (!row.alias_of.empty()) return text + ". Another name for `" + std::string(row.alias_of) + "`.\n";
  if (const auto words = default_words(row); !words.empty()) text += "; " + words;
  text += ".\n  " + std::string(row.doc);
  if (!row.needs.empty()) text += " Only for " + std::string(row.needs) + ".";
  if (!row.shape.words.empty() && row.declared_in.empty() && row.type != FieldType::map) {
    text += " Form: " + std::string(row.shape.words) + ".";
  }
  return text + "\n";
}

std::string_view parent_of(const Field& row) {
  const auto dot = row.path.rfind('.');
  return std::string_view(row.path).substr(0, dot == std::string::npos ? 0 : dot);
}

std::string container_row(const Field& row) {
  const auto depth = std::min<std::size_t>(segments_of(row).size() + 1, 5);
  std::string text =
      "\n" + std::string(depth, '#') + " `" + pattern_text(row) + "`\n\n" + std::string(row.doc) + "\n";
  if (row.type == FieldType::map) text += "\nEach name is " + std::string(row.shape.words) + ".\n";
  if (row.path == "keys.key_defs" || row.path == "scopes_to_claims") {
    // Written out, because what is in it stands in no row of its own.
    const auto value = default_of(row);
    text += "\nThe default:\n\n```json\n" + dump_json_pretty(value) + "\n```\n";
  }
  return text;
}

constexpr std::string_view kIntroduction = R"(# Configuration

<!-- Made from the table of fields (src/core/config/). Do not edit: change the table. -->

The configuration is one JSON file, by custom `oidcop.json`, in which `//` and `/* */` comments are allowed. A file that
holds nothing but

```json
{"issuer": "https://op.example.org"}
```

is a complete OpenID Provider: every other key has a default that a careful administrator could have chosen.

- **Fragments.** Files `*.json` in a folder of the same name with `.d` after it (`oidcop.json.d/`) are read after it, in
  the order of their names. Objects merge; lists and single values of a later file replace those of an earlier one. Two
  fragments that set the same single value contradict each other.
- **Mistakes** keep the provider from starting, all of them reported at once: unknown keys (with the nearest one that
  exists), values of a wrong type or out of range, values that contradict each other.
  `oidcop config check` says the same without starting anything; `oidcop config show` prints what is in effect.
- **Durations** are whole seconds (`90`) or texts with a unit: `"90s"`, `"10m"`, `"12h"`, `"30d"`, `"2w"`.
- **Paths** that are relative count from the folder of the configuration file.
- **Secrets** are texts, or better `{"file": "PATH"}` (a file that only the provider's user may read) or
  `{"env": "NAME"}` (an environment variable). One newline at the end does not count.
- **Claims** are a list of names, or an object of claim requests as in OpenID Connect Core 5.5.1.
- `null` is never a value; a key that is left out has its default.

`*` stands for a name of your choice, `[]` for each element of a list.
)";

}  // namespace

Json default_of(const Field& row) {
  auto config = sample();
  if (row.slot != nullptr) {
    auto segments = segments_of(row);
    std::replace(segments.begin(), segments.end(), std::string("[]"), std::string("0"));
    // Values that only some entries have are the entry's own matter.
    if (row.path.find('*') != std::string::npos && segments.back() == "*") return {};
    return read(row, row.slot(config, segments));
  }
  if (row.path == "scopes_to_claims") return Json(Config::standard_scopes());
  if (row.path != "keys.key_defs") return {};
  const Json effective = effective_json(config);
  const Json* keys = json_member(effective, "keys");
  const Json* definitions = keys == nullptr ? nullptr : json_member(*keys, "key_defs");
  return definitions == nullptr ? Json() : *definitions;
}

std::string config_reference_markdown() {
  std::string text(kIntroduction);
  text += "\n## At the top\n\n";
  // Keys that stand alone first; a heading would otherwise seem to own them.
  for (const auto& row : field_table()) {
    if (row.slot != nullptr && parent_of(row).empty()) text += value_row(row);
  }
  for (const auto& container : field_table()) {
    if (!container.is_container()) continue;
    text += container_row(container);
    std::string values;
    for (const auto& row : field_table()) {
      if (row.slot != nullptr && parent_of(row) == container.path) values += value_row(row);
    }
    if (!values.empty()) text += "\n" + values;
  }
  text += "\n## Names that are refused with an explanation\n\n";
  for (const auto& row : field_table()) {
    if (row.type == FieldType::unavailable) text += "- `" + row.path + "`: " + std::string(row.doc) + ".\n";
  }
  return text;
}

}  // namespace oidcop::config
