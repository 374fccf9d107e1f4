#include "config/claim_specs.h"

#include "config/nearest.h"
#include "config/shapes.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::config {

namespace {

tl::unexpected<Complaint> complain(std::string where, std::string message, std::string nearest_value = {}) {
  return fail(Complaint{std::move(where), std::move(message), std::move(nearest_value)});
}

Result<std::string, Complaint> parse_claim_value(const std::string& where, const Json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  if (text == nullptr) return complain(where, "expected a text, found " + std::string(kind_of(value)));
  return *text;
}

Result<void, Complaint> parse_member(ClaimSpec& spec, const std::string& name, const Json& value) {
  const auto where = "." + spec.name + "." + name;
  if (name == "essential") {
    if (!value.is_boolean())
      return complain(where, "expected true or false, found " + std::string(kind_of(value)));
    spec.essential = value == Json(true);
    return {};
  }
  if (name == "value") {
    auto text = parse_claim_value(where, value);
    if (!text) return fail(std::move(text).error());
    spec.values.push_back(std::move(*text));
    return {};
  }
  if (name != "values")
    return complain(where, "unknown key", nearest(name, {"essential", "value", "values"}));
  if (!value.is_array())
    return complain(where, "expected a list of texts, found " + std::string(kind_of(value)));
  for (const auto& element : value) {
    auto text = parse_claim_value(where, element);
    if (!text) return fail(std::move(text).error());
    spec.values.push_back(std::move(*text));
  }
  return {};
}

Result<ClaimSpec, Complaint> parse_spec(const std::string& name, const Json& value) {
  ClaimSpec spec;
  spec.name = name;
  if (!fits(kClaim, name)) return complain("", "has a name that is not " + std::string(kClaim.words));
  if (value.is_null()) return spec;
  if (!value.is_object())
    return complain("." + name, "expected null or an object, found " + std::string(kind_of(value)));
  if (value.contains("value") && value.contains("values")) {
    return complain("." + name, "has both \"value\" and \"values\"");
  }
  for (const auto& [member, content] : value.items()) {
    if (auto done = parse_member(spec, member, content); !done) return fail(std::move(done).error());
  }
  return spec;
}

Result<std::vector<ClaimSpec>, Complaint> parse_names(const Json& list) {
  std::vector<ClaimSpec> specs;
  for (const auto& element : list) {
    const auto where = "[" + std::to_string(specs.size()) + "]";
    const auto* name = element.get_ptr<const std::string*>();
    if (name == nullptr) return complain(where, "expected a text, found " + std::string(kind_of(element)));
    if (!fits(kClaim, *name)) return complain(where, "is not " + std::string(kClaim.words));
    const auto same = [&](const ClaimSpec& spec) { return spec.name == *name; };
    if (std::any_of(specs.begin(), specs.end(), same)) return complain(where, "is there twice");
    specs.push_back({*name, false, {}});
  }
  return specs;
}

}  // namespace

Result<std::vector<ClaimSpec>, Complaint> parse_claim_specs(const Json& value) {
  if (value.is_array()) return parse_names(value);
  if (!value.is_object()) {
    return complain(
        "", "expected " + std::string(kind_of(FieldType::claims)) + ", found " + std::string(kind_of(value)));
  }
  std::vector<ClaimSpec> specs;
  for (const auto& [name, content] : value.items()) {
    auto spec = parse_spec(name, content);
    if (!spec) return fail(std::move(spec).error());
    specs.push_back(std::move(*spec));
  }
  return specs;
}

Json claim_specs_json(const std::vector<ClaimSpec>& specs) {
  const auto plain = [](const ClaimSpec& spec) { return !spec.essential && spec.values.empty(); };
  if (std::all_of(specs.begin(), specs.end(), plain)) {
    auto list = Json::array();
    for (const auto& spec : specs) list.push_back(spec.name);
    return list;
  }
  auto object = Json::object();
  for (const auto& spec : specs) {
    auto& member = object[spec.name];
    if (plain(spec)) continue;
    member = Json::object();
    if (spec.essential) member["essential"] = true;
    if (!spec.values.empty()) member["values"] = spec.values;
  }
  return object;
}

}  // namespace oidcop::config
