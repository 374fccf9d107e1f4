#include "config/duration.h"
#include "config/field_table.h"
#include "config/reference.h"
#include "config/shapes.h"

#include <nlohmann/json.hpp>

namespace oidcop::config {

namespace {

Json text_schema(const Field& row) {
  Json schema = {{"type", "string"}};
  if (!row.declared_in.empty()) {  // editors still offer the names they can know
    schema["anyOf"] = {{{"enum", row.allowed}}, {{"pattern", row.shape.pattern}}};
    return schema;
  }
  if (!row.allowed.empty()) schema["enum"] = row.allowed;
  if (!row.shape.pattern.empty()) schema["pattern"] = row.shape.pattern;
  return schema;
}

Json list_schema(const Field& row) {
  Json schema = {{"type", "array"}, {"items", text_schema(row)}, {"uniqueItems", true}};
  if (row.at_least_one) schema["minItems"] = 1;
  return schema;
}

Json secret_schema() {
  const auto source = [](const char* name) {
    return Json{{"type", "object"},
                {"properties", {{name, {{"type", "string"}, {"minLength", 1}}}}},
                {"required", {name}},
                {"additionalProperties", false}};
  };
  return {{"anyOf", {{{"type", "string"}, {"minLength", 1}}, source("file"), source("env")}}};
}

Json claims_schema() {
  const Json text = {{"type", "string"}};
  const Json texts = {{"type", "array"}, {"items", text}};
  const Json request = {
      {"type", {"object", "null"}},
      {"properties", {{"essential", {{"type", "boolean"}}}, {"value", text}, {"values", texts}}},
      {"additionalProperties", false}};
  const Json name = {{"type", "string"}, {"pattern", kClaim.pattern}};
  return {{"anyOf",
           {{{"type", "array"}, {"items", name}, {"uniqueItems", true}},
            {{"type", "object"}, {"propertyNames", name}, {"additionalProperties", request}}}}};
}

Json value_schema(const Field& row) {
  switch (row.type) {
    case FieldType::boolean:
      return {{"type", "boolean"}};
    case FieldType::integer:
      return {{"type", "integer"}, {"minimum", row.min}, {"maximum", row.max}};
    case FieldType::duration:
      return {{"anyOf",
               {{{"type", "integer"}, {"minimum", row.min}, {"maximum", row.max}},
                {{"type", "string"}, {"pattern", kDurationPattern}}}}};
    case FieldType::path:
      return {{"type", "string"}, {"minLength", 1}};
    case FieldType::url:
      return {{"type", "string"}, {"format", "uri"}, {"pattern", "^[Hh][Tt][Tt][Pp][Ss]://"}};
    case FieldType::texts:
    case FieldType::choices:
      return list_schema(row);
    case FieldType::secret:
      return secret_schema();
    case FieldType::claims:
      return claims_schema();
    default:
      return text_schema(row);
  }
}

Json with_words(Json schema, const Field& row) {
  schema["description"] =
      row.alias_of.empty() ? std::string(row.doc) : "Another name for " + std::string(row.alias_of) + ".";
  if (row.slot != nullptr && row.alias_of.empty() && row.path != "data_dir" && !row.required) {
    if (auto value = default_of(row); !value.is_null()) schema["default"] = std::move(value);
  }
  return schema;
}

Json node_schema(const FieldNode& node);

Json object_schema(const FieldNode& node) {
  Json schema = {{"type", "object"}, {"additionalProperties", false}};
  auto properties = Json::object();
  for (const auto& [name, child] : node.children) {
    if (child.field == nullptr || child.field->type == FieldType::unavailable) continue;
    if (name == "*") {
      schema["additionalProperties"] = node_schema(child);
      schema["propertyNames"] = {{"pattern", node.field->shape.pattern}};
    } else {
      properties[name] = node_schema(child);
    }
  }
  if (!properties.empty()) schema["properties"] = std::move(properties);
  if (node.field != nullptr && node.field->at_least_one) schema["minProperties"] = 1;
  return schema;
}

Json node_schema(const FieldNode& node) {
  const auto& row = *node.field;
  if (!row.is_container()) return with_words(value_schema(row), row);
  if (row.type != FieldType::list) return with_words(object_schema(node), row);
  Json schema = {{"type", "array"}, {"items", node_schema(*node.element())}};
  if (row.at_least_one) schema["minItems"] = 1;
  return with_words(std::move(schema), row);
}

}  // namespace

Json config_schema_json() {
  auto schema = object_schema(field_tree());
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = "Configuration of oidcop";
  schema["description"] = "Made from the table of fields; see doc/configuration.md.";
  schema["required"] = {"issuer"};
  return schema;
}

}  // namespace oidcop::config
