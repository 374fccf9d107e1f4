#include "base/json.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

namespace oidcop {
namespace {

constexpr std::int64_t kMostExact = std::int64_t{1} << 53U;  // above it, doubles skip integers

/// A character pointer that tells how far the parser has come.
class TrackedPointer {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  TrackedPointer(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}
  reference operator*() const { return *at_; }
  TrackedPointer& operator++() {
    *furthest_ = ++at_;
    return *this;
  }
  bool operator==(const TrackedPointer& other) const { return at_ == other.at_; }
  bool operator!=(const TrackedPointer& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** furthest_;
};

/// Builds the value from the parser's events and refuses what the library would let pass.
class StrictBuilder final : public nlohmann::json_sax<Json> {
 public:
  explicit StrictBuilder(std::size_t depth) : depth_(depth) { open_.reserve(depth); }

  bool null() override { return put(nullptr) != nullptr; }
  bool boolean(bool value) override { return put(value) != nullptr; }
  bool number_integer(number_integer_t value) override { return put(value) != nullptr; }
  bool number_unsigned(number_unsigned_t value) override { return put(value) != nullptr; }
  bool number_float(number_float_t value, const string_t& text) override {
    // The library falls back to double for an integer over 64 bits, which would silently change its value.
    if (text.find_first_of(".eE") == string_t::npos) return refuse("an integer that is too large");
    return put(value) != nullptr;
  }
  bool string(string_t& value) override { return put(std::move(value)) != nullptr; }
  bool binary(binary_t& /*value*/) override { return refuse("binary content"); }

  bool start_object(std::size_t /*elements*/) override { return open(Json::object()); }
  bool key(string_t& name) override {
    auto& members = open_.back()->get_ref<Json::object_t&>();
    const auto [member, is_new] = members.try_emplace(std::move(name));
    if (!is_new) return refuse("a member that occurs twice");
    slot_ = &member->second;
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t /*elements*/) override { return open(Json::array()); }
  bool end_array() override { return close(); }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    return refuse(error.id == 406 ? "a number that is too large" : "a syntax error");
  }

  const char* refusal() const { return refusal_; }
  Json take() { return std::move(root_); }

 private:
  template <class Value>
  Json* put(Value&& value) {
    Json* place = slot_;
    if (open_.empty()) {
      place = &root_;
    } else if (open_.back()->is_array()) {
      auto& items = open_.back()->get_ref<Json::array_t&>();
      items.emplace_back(std::forward<Value>(value));
      return &items.back();
    }
    *place = Json(std::forward<Value>(value));
    return place;
  }
  bool open(Json&& container) {
    if (open_.size() == depth_) return refuse("nesting that is too deep");
    open_.push_back(put(std::move(container)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }
  bool refuse(const char* what) {
    refusal_ = what;
    return false;
  }

  std::size_t depth_;
  Json root_;
  std::vector<Json*> open_;  // an array grows only while its last element is closed, so these stay valid
  Json* slot_ = nullptr;     // where the value of the member just named goes
  const char* refusal_ = "a syntax error";
};

std::string position(const char* begin, const char* at) {
  const auto line = 1 + std::count(begin, at, '\n');
  const char* start = at;
  while (start != begin && start[-1] != '\n') --start;
  return "line " + std::to_string(line) + ", column " +
         std::to_string(std::max<std::ptrdiff_t>(at - start, 1));
}

Error wrong_type(std::string_view name, std::string_view wanted) {
  return {Errc::malformed, "member \"" + std::string(name) + "\" is not " + std::string(wanted)};
}

// --- writing: what is plain is copied, and anything else left to the library ---

void append_as_the_library(std::string& out, const Json& value) {
  out += value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void append_text(std::string& out, const std::string& text) {
  const bool is_plain = std::all_of(text.begin(), text.end(),
                                    [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
  if (!is_plain) return append_as_the_library(out, Json(text));
  out += '"';
  out += text;
  out += '"';
}

void append_json(std::string& out, const Json& value) {
  if (const auto* text = value.get_ptr<const std::string*>()) return append_text(out, *text);
  char separator = '\0';
  const auto separate = [&](char first) {
    out += separator == '\0' ? first : ',';
    separator = ',';
  };
  if (const auto* members = value.get_ptr<const Json::object_t*>(); members != nullptr && !members->empty()) {
    for (const auto& [name, member] : *members) {
      separate('{');
      append_text(out, name);
      out += ':';
      append_json(out, member);
    }
    out += '}';
  } else if (const auto* items = value.get_ptr<const Json::array_t*>(); items != nullptr && !items->empty()) {
    for (const auto& item : *items) {
      separate('[');
      append_json(out, item);
    }
    out += ']';
  } else {
    append_as_the_library(out, value);
  }
}

/// The whole number that the value holds. Spelling is free in JSON: 300, 300.0 and 3e2 are the same number.
std::optional<std::int64_t> exact_integer(const Json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get_ref<const Json::number_unsigned_t&>();
    if (number > static_cast<std::uint64_t>(kMostExact)) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (value.is_number_integer()) {
    const auto number = value.get_ref<const Json::number_integer_t&>();
    if (number < 0 || number > kMostExact) return std::nullopt;
    return number;
  }
  if (value.is_number_float()) {
    const auto number = value.get_ref<const Json::number_float_t&>();
    // Not 2^53 itself: 2^53 + 1 would have been rounded to it. The comparison is false for NaN, too.
    if (!(number >= 0 && number < static_cast<double>(kMostExact)) || number != std::trunc(number)) {
      return std::nullopt;
    }
    return static_cast<std::int64_t>(number);
  }
  return std::nullopt;
}

}  // namespace

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.octets) {
    return fail(Errc::malformed, "JSON: larger than " + std::to_string(limits.octets) + " octets");
  }
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  // The library takes a NUL for the end of the text and would not look at what follows it.
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    return fail(Errc::malformed, "JSON: a syntax error at " + position(begin, begin + nul + 1));
  }
  const char* furthest = begin;
  StrictBuilder builder(limits.depth);
  if (!Json::sax_parse(TrackedPointer(begin, &furthest), TrackedPointer(end, &furthest), &builder,
                       Json::input_format_t::json, true, limits.comments == JsonComments::allowed)) {
    return fail(Errc::malformed,
                std::string("JSON: ") + builder.refusal() + " at " + position(begin, furthest));
  }
  return builder.take();
}

std::string dump_json(const Json& value) {
  std::string text;
  append_json(text, value);
  return text;
}

std::string dump_json_pretty(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace);
}

const Json* json_member(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

Result<std::optional<std::string>> json_text(const Json& object, std::string_view name) {
  const Json* member = json_member(object, name);
  if (member == nullptr) return std::nullopt;
  if (!member->is_string()) return fail(wrong_type(name, "a string"));
  return member->get_ref<const std::string&>();
}

Result<std::optional<std::int64_t>> json_integer(const Json& object, std::string_view name) {
  const Json* member = json_member(object, name);
  if (member == nullptr) return std::nullopt;
  const auto number = exact_integer(*member);
  if (!number) return fail(wrong_type(name, "a whole number from 0 to 2^53"));
  return number;
}

Result<std::optional<bool>> json_bool(const Json& object, std::string_view name) {
  const Json* member = json_member(object, name);
  if (member == nullptr) return std::nullopt;
  if (!member->is_boolean()) return fail(wrong_type(name, "true or false"));
  return member->get_ref<const bool&>();
}

Result<std::optional<std::vector<std::string>>> json_texts(const Json& object, std::string_view name) {
  const Json* member = json_member(object, name);
  if (member == nullptr) return std::nullopt;
  if (!member->is_array()) return fail(wrong_type(name, "an array of strings"));
  std::vector<std::string> texts;
  texts.reserve(member->size());
  for (const auto& item : *member) {
    if (!item.is_string()) return fail(wrong_type(name, "an array of strings"));
    texts.push_back(item.get_ref<const std::string&>());
  }
  return texts;
}

Result<std::int64_t> json_as_integer(const Json& value) {
  if (value.is_number_float()) {
    const auto number = std::trunc(value.get_ref<const Json::number_float_t&>());
    if (number >= 0 && number < static_cast<double>(kMostExact)) return static_cast<std::int64_t>(number);
  } else if (const auto number = exact_integer(value)) {
    return *number;
  }
  return fail(Errc::malformed, "not a number from 0 to 2^53");
}

}  // namespace oidcop
