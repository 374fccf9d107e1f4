#include "config/value.h"

#include "base/json.h"
#include "config/claim_specs.h"
#include "config/duration.h"
#include "config/nearest.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace oidcop::config {

namespace {

using Parsed = Result<Value, Complaint>;

// No setting needs more, and what is longer was not meant.
constexpr std::size_t kLongestText = 4096;

tl::unexpected<Complaint> complain(std::string message, std::string nearest_value = {}) {
  return fail(Complaint{{}, std::move(message), std::move(nearest_value)});
}

tl::unexpected<Complaint> wrong_type(const Field& row, const Json& value) {
  return complain("expected " + std::string(kind_of(row.type)) + ", found " + std::string(kind_of(value)));
}

std::string list_text(const std::vector<std::string_view>& values) {
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "\"" : ", \"") + std::string(value) + "\"";
  return text;
}

std::vector<std::string> strings(const std::vector<std::string_view>& values) {
  return {values.begin(), values.end()};
}

Result<std::string, Complaint> parse_one_text(const Field& row, const Json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  if (text == nullptr) return complain("expected a text, found " + std::string(kind_of(value)));
  if (text->size() > kLongestText)
    return complain("is longer than " + std::to_string(kLongestText) + " octets");
  if (text->find('\0') != std::string::npos) return complain("contains a NUL character");
  // What another row declares is known when the files are merged, hence checked by the rules.
  const bool closed = !row.allowed.empty() && row.declared_in.empty();
  if (closed && std::find(row.allowed.begin(), row.allowed.end(), *text) == row.allowed.end()) {
    return complain("is not one of " + list_text(row.allowed), nearest(*text, strings(row.allowed)));
  }
  if (!fits(row.shape, *text)) return complain("is not " + std::string(row.shape.words));
  return *text;
}

std::string range_text(const Field& row) {
  if (row.type == FieldType::duration) {
    return duration_text(Seconds(static_cast<std::int64_t>(row.min))) + " to " +
           duration_text(Seconds(static_cast<std::int64_t>(row.max)));
  }
  return std::to_string(row.min) + (row.min == row.max ? "" : " to " + std::to_string(row.max)) +
         (row.unit.empty() ? "" : " " + std::string(row.unit));
}

Result<std::size_t, Complaint> in_range(const Field& row, std::int64_t number) {
  const auto value = static_cast<std::size_t>(number);
  if (number < 0 || value < row.min || value > row.max)
    return complain("is out of range: " + range_text(row));
  return value;
}

Parsed parse_integer(const Field& row, const Json& value) {
  if (!value.is_number()) return wrong_type(row, value);
  if (!value.is_number_integer()) return complain("is not a whole number");
  const auto number = json_as_integer(value);
  if (!number) return complain("is out of range: " + range_text(row));
  auto checked = in_range(row, *number);
  if (!checked) return fail(std::move(checked).error());
  return *checked;
}

Parsed parse_duration_value(const Field& row, const Json& value) {
  std::int64_t seconds = 0;
  if (value.is_number()) {
    if (!value.is_number_integer()) return complain("is not a whole number of seconds");
    const auto number = json_as_integer(value);
    if (!number) return complain("is out of range: " + range_text(row));
    seconds = *number;
  } else if (const auto* text = value.get_ptr<const std::string*>()) {
    const auto duration = parse_duration(*text);
    if (!duration)
      return complain(
          "is not a duration: whole seconds, or a text such as \"90s\", \"10m\", \"12h\", \"30d\"");
    seconds = duration->count();
  } else {
    return wrong_type(row, value);
  }
  auto checked = in_range(row, seconds);
  if (!checked) return fail(std::move(checked).error());
  return Seconds(seconds);
}

Parsed parse_choice(const Field& row, const Json& value) {
  auto text = parse_one_text(row, value);
  if (!text) return fail(std::move(text).error());
  const auto found = std::find(row.allowed.begin(), row.allowed.end(), *text);
  return ChoiceIndex{static_cast<std::uint8_t>(found - row.allowed.begin())};
}

Parsed parse_url(const Field& row, const Json& value) {
  auto text = parse_one_text(row, value);
  if (!text) return fail(std::move(text).error());
  auto url = Url::parse(*text);
  if (!url) return complain("is not an https URL (" + url.error().detail + ")");
  if (!url->is_https() || url->host().empty()) return complain("is not an https URL");
  return std::move(*url);
}

Result<std::vector<std::string>, Complaint> parse_list(const Field& row, const Json& value) {
  if (!value.is_array()) return fail(wrong_type(row, value).value());
  if (value.empty() && row.at_least_one) return complain("is empty");
  std::vector<std::string> list;
  std::set<std::string> seen;
  for (const auto& element : value) {
    auto text = parse_one_text(row, element);
    if (text && !seen.insert(*text).second) text = complain("is there twice");
    if (!text) {
      text.error().where = "[" + std::to_string(list.size()) + "]" + text.error().where;
      return fail(std::move(text).error());
    }
    list.push_back(std::move(*text));
  }
  return list;
}

Parsed parse_choices(const Field& row, const Json& value) {
  auto list = parse_list(row, value);
  if (!list) return fail(std::move(list).error());
  // A row may allow fewer than there are, hence not its own list decides which one it is.
  const auto names = names_of(static_cast<const TokenClass*>(nullptr));
  std::vector<TokenClass> classes;
  for (const auto& name : *list) {
    classes.push_back(static_cast<TokenClass>(std::find(names.begin(), names.end(), name) - names.begin()));
  }
  return classes;
}

Parsed parse_secret(const Json& value) {
  if (const auto* text = value.get_ptr<const std::string*>()) {
    if (text->empty()) return complain("is empty");
    return SecretSource{SecretSource::Kind::from_text, *text};
  }
  constexpr auto wanted = "expected a text, {\"file\": \"PATH\"} or {\"env\": \"NAME\"}";
  if (!value.is_object() || value.size() != 1) return complain(wanted);
  const auto& name = value.begin().key();
  const auto* text = value.begin().value().get_ptr<const std::string*>();
  if (text == nullptr || text->empty() || text->find('\0') != std::string::npos) return complain(wanted);
  if (name == "file") return SecretSource{SecretSource::Kind::from_file, *text};
  if (name == "env") return SecretSource{SecretSource::Kind::from_env, *text};
  return complain(wanted, nearest(name, {"file", "env"}));
}

Parsed parse_path(const Field& row, const Json& value) {
  auto text = parse_one_text(row, value);
  if (!text) return fail(std::move(text).error());
  if (text->empty()) return complain("is empty");
  return PathText{std::move(*text)};
}

template <class Result>
Parsed as_value(Result&& result) {
  if (!result) return fail(std::forward<Result>(result).error());
  return Value(*std::forward<Result>(result));
}

}  // namespace

bool fits(const Shape& shape, std::string_view text) {
  return shape.matches == nullptr || shape.matches(text);
}

Result<Value, Complaint> parse_value(const Field& row, const Json& value) {
  if (value.is_null()) return complain("is null; leave the key out to have its default");
  switch (row.type) {
    case FieldType::boolean:
      if (!value.is_boolean()) return wrong_type(row, value);
      return Value(value == Json(true));
    case FieldType::integer:
      return parse_integer(row, value);
    case FieldType::duration:
      return parse_duration_value(row, value);
    case FieldType::text:
      return as_value(parse_one_text(row, value));
    case FieldType::path:
      return parse_path(row, value);
    case FieldType::url:
      return parse_url(row, value);
    case FieldType::choice:
      return parse_choice(row, value);
    case FieldType::texts:
      return as_value(parse_list(row, value));
    case FieldType::choices:
      return parse_choices(row, value);
    case FieldType::secret:
      return parse_secret(value);
    case FieldType::claims:
      return as_value(parse_claim_specs(value));
    case FieldType::section:
    case FieldType::map:
    case FieldType::list:
    case FieldType::unavailable:
      break;
  }
  return complain(std::string(row.doc));
}

std::string_view kind_of(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "a list";
    case Json::value_t::string:
      return "a text";
    case Json::value_t::boolean:
      return "true or false";
    default:
      return "a number";
  }
}

std::string_view kind_of(FieldType type) {
  switch (type) {
    case FieldType::boolean:
      return "true or false";
    case FieldType::integer:
      return "a whole number";
    case FieldType::duration:
      return "a duration (whole seconds, or a text such as \"10m\", \"12h\", \"30d\")";
    case FieldType::text:
    case FieldType::choice:
      return "a text";
    case FieldType::path:
      return "a path";
    case FieldType::url:
      return "an https URL";
    case FieldType::texts:
    case FieldType::choices:
      return "a list of texts";
    case FieldType::secret:
      return "a secret (a text, {\"file\": \"PATH\"} or {\"env\": \"NAME\"})";
    case FieldType::claims:
      return "a list of claim names or an object of claim requests";
    case FieldType::list:
      return "a list of objects";
    case FieldType::section:
    case FieldType::map:
    case FieldType::unavailable:
      break;
  }
  return "an object";
}

}  // namespace oidcop::config
