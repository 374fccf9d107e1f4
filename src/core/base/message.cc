#include <oidcop/message.h>

#include "base/json.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

namespace oidcop {
namespace {

const Json& empty_object() {
  static const Json object = Json::object();
  return object;
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

}  // namespace

// A message that was moved from has no object; it reads as empty and gets a new one when something is set.
Message::Message() = default;
Message::Message(nlohmann::json object)
    : object_(object.is_object() ? std::make_unique<Json>(std::move(object)) : nullptr) {}
Message::Message(const Message& other)
    : object_(other.object_ ? std::make_unique<Json>(*other.object_) : nullptr) {}
Message::Message(Message&& other) noexcept = default;
Message& Message::operator=(Message&& other) noexcept = default;
Message::~Message() = default;

Message& Message::operator=(const Message& other) {
  if (this != &other) object_ = other.object_ ? std::make_unique<Json>(*other.object_) : nullptr;
  return *this;
}

const nlohmann::json& Message::json() const {
  return object_ ? *object_ : empty_object();
}

bool Message::operator==(const Message& other) const {
  return json() == other.json();
}

bool Message::has(std::string_view name) const {
  return find(name) != nullptr;
}

bool Message::empty() const {
  return json().empty();
}

std::vector<std::string> Message::names() const {
  std::vector<std::string> names;
  names.reserve(json().size());
  for (const auto& member : json().items()) names.push_back(member.key());
  return names;
}

const nlohmann::json* Message::find(std::string_view name) const {
  return json_member(json(), name);
}

std::optional<std::string> Message::text(std::string_view name) const {
  const Json* member = find(name);
  if (member == nullptr || !member->is_string()) return std::nullopt;
  return member->get_ref<const std::string&>();
}

std::optional<std::int64_t> Message::number(std::string_view name) const {
  const Json* member = find(name);
  if (member == nullptr) return std::nullopt;
  if (!member->is_string()) {
    const auto number = json_integer(json(), name);
    return number ? *number : std::nullopt;
  }
  const auto& digits = member->get_ref<const std::string&>();
  const char* const end = digits.data() + digits.size();
  std::uint64_t value = 0;  // unsigned: no sign is accepted
  const auto [stopped, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || stopped != end || value > std::uint64_t{1} << 53U) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::vector<std::string> Message::words(std::string_view name) const {
  const Json* member = find(name);
  if (member == nullptr) return {};
  if (member->is_string()) return split_words(member->get_ref<const std::string&>());
  std::vector<std::string> words;
  if (!member->is_array()) return words;
  for (const auto& item : *member) {
    if (item.is_string()) words.push_back(item.get_ref<const std::string&>());
  }
  return words;
}

void Message::set(std::string_view name, std::string_view value) {
  set(name, Json(value));
}

void Message::set(std::string_view name, nlohmann::json value) {
  if (!object_) object_ = std::make_unique<Json>(Json::object());
  object_->get_ref<Json::object_t&>().insert_or_assign(std::string(name), std::move(value));
}

void Message::set_number(std::string_view name, std::int64_t value) {
  set(name, Json(value));
}

void Message::set_bool(std::string_view name, bool value) {
  set(name, Json(value));
}

void Message::remove(std::string_view name) {
  if (!object_) return;
  auto& members = object_->get_ref<Json::object_t&>();
  const auto found = members.find(name);
  if (found != members.end()) members.erase(found);
}

}  // namespace oidcop
