#include "endpoint/request_decoder.h"

#include "base/form.h"
#include "base/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::endpoint {
namespace {

using Decoded = Result<Message, ProtocolError>;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The name is shown only when it looks like a parameter's: input never comes back otherwise.
std::string shown(const std::string& name) {
  const bool plain = !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return plain ? name : std::string();
}

Decoded from_fields(const std::string& text, const RequestRules& rules) {
  FormLimits limits;
  limits.fields = rules.max_fields;
  limits.value_octets = rules.max_value_octets;
  auto fields = decode_form(text, limits);
  if (!fields) {
    auto error =
        invalid_request("The parameters are not well-formed application/x-www-form-urlencoded text.");
    error.detail = fields.error().detail;
    return fail(std::move(error));
  }
  Message message;
  std::vector<std::string> seen;
  for (const auto& [name, value] : *fields) {
    if (contains(rules.repeatable, name)) {
      Json values = message.find(name) != nullptr ? *message.find(name) : Json::array();
      if (!value.empty()) values.push_back(value);
      message.set(name, std::move(values));
      continue;
    }
    if (contains(seen, name)) {
      return fail(invalid_request("A parameter is repeated: " + shown(name), shown(name)));
    }
    seen.push_back(name);
    if (!value.empty()) message.set(name, value);
  }
  return message;
}

Decoded from_json(const std::string& text) {
  auto value = parse_json(text);
  if (!value || !value->is_object()) {
    auto error = invalid_request("The request body is not a JSON object.");
    if (!value) error.detail = value.error().detail;
    return fail(std::move(error));
  }
  return Message(std::move(*value));
}

Decoded from_jwt(const std::string& text, const RequestRules& rules, TimePoint now) {
  if (!rules.jwt) {
    ProtocolError error = invalid_request("Requests in a JWT are not supported here.");
    error.code = "request_not_supported";
    return fail(std::move(error));
  }
  const auto refuse = [](std::string detail) {
    ProtocolError error = invalid_request("The request object is not valid.", "request");
    error.code = "invalid_request_object";
    error.detail = std::move(detail);
    return fail(std::move(error));
  };
  auto unverified = jose::peek_unverified_claims(text);
  if (!unverified) return refuse(unverified.error().detail);
  auto keys = rules.jwt->keys(*unverified);
  if (!keys) return refuse(keys.error().detail);
  auto verified = jose::verify_jwt(text, *keys, rules.jwt->signature, rules.jwt->claims, now);
  if (!verified) return refuse(verified.error().detail);
  return std::move(verified->claims);
}

}  // namespace

Decoded decode_request(const RawRequest& raw, const RequestRules& rules, TimePoint now) {
  if (std::find(rules.formats.begin(), rules.formats.end(), raw.format) == rules.formats.end()) {
    return fail(invalid_request("The request is in a format that this endpoint does not accept."));
  }
  switch (raw.format) {
    case RequestFormat::query:
    case RequestFormat::form:
      return from_fields(raw.text, rules);
    case RequestFormat::json:
      return from_json(raw.text);
    case RequestFormat::jwt:
      return from_jwt(raw.text, rules, now);
    case RequestFormat::message:
      return raw.message;
  }
  return fail(server_error("unknown request format"));
}

}  // namespace oidcop::endpoint
