#pragma once

#include "config/config.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace oidcop::config {

/// A concrete path: its segments from the root; the index of a list element is a segment in decimal.
using Place = std::vector<std::string>;

/// The member of a Config that a field fills: typed, borrowed from that Config. Nothing when the part of the
/// configuration that would hold it is off (the path of an endpoint that is not named).
struct Choice {
  std::uint8_t* value;
};
using Slot = std::variant<std::monostate, bool*, std::size_t*, std::optional<std::size_t>*, Seconds*,
                          std::string*, std::optional<std::string>*, std::filesystem::path*,
                          std::optional<std::filesystem::path>*, Url*, std::optional<Url>*,
                          std::vector<std::string>*, std::optional<std::vector<std::string>>*,
                          std::optional<Secret>*, std::vector<ClaimSpec>*, std::vector<TokenClass>*, Choice>;

enum class FieldType : std::uint8_t {
  boolean,
  integer,
  duration,
  text,
  path,
  url,
  choice,
  texts,
  choices,
  secret,
  claims,
  section,      ///< an object whose members are rows of their own
  map,          ///< an object whose member names are free ("name.*")
  list,         ///< a list of objects ("name[]" spelt as the segment "[]")
  unavailable,  ///< a name people may try; `doc` says what to do instead
};

/// How a text must look: the same three times, for the schema, for messages and for the check (see shapes.h).
struct Shape {
  std::string_view pattern;
  std::string_view words;
  bool (*matches)(std::string_view text) = nullptr;
};

/// One row of the table.
struct Field {
  std::string path;  ///< segments with dots; "*" any name, "[]" any list element
  FieldType type = FieldType::section;
  std::string_view doc;
  std::string_view unit;                  ///< of integers: "octets", "bits", "attempts", …
  std::size_t min = 0, max = 0;           ///< of integers and durations (seconds), both inclusive
  std::vector<std::string_view> allowed;  ///< of choices: the names in the order of the enumerators
  std::string_view declared_in;           ///< of choices: the row that declares more of them
  Shape shape;                            ///< of texts, list members, and names in a map; may be empty
  bool required = false;
  bool at_least_one = false;  ///< an empty list or map is refused
  std::string_view alias_of;  ///< another name for that row; both may be given when they agree
  std::string_view absent;    ///< what it means when there is no value
  std::string_view needs;     ///< what must be so where `slot` may give nothing, for the message

  /// The member this row fills. Null for containers.
  Slot (*slot)(Config& config, const Place& place) = nullptr;
  /// Called when a container is there, before anything in it is filled: forget the defaults, make the entry.
  void (*enter)(Config& config, const Place& place) = nullptr;
  /// The member names a map or list has now; null for everything else.
  std::vector<std::string> (*members)(const Config& config) = nullptr;

  bool is_container() const {
    return type == FieldType::section || type == FieldType::map || type == FieldType::list;
  }

  // Builders for the table.
  Field within(std::size_t low, std::size_t high, std::string_view unit_name = {}) &&;
  Field one_of(std::vector<std::string_view> values) &&;
  Field or_declared_in(std::string_view row) &&;
  Field shaped(Shape how) &&;
  Field never_empty() &&;
  Field same_as(std::string_view canonical) &&;
  Field if_absent(std::string_view meaning) &&;
  Field only(std::string_view condition) &&;
};

// The names of the enumerators, in their order.
std::vector<std::string_view> names_of(const Profile*);
std::vector<std::string_view> names_of(const Synchronous*);
std::vector<std::string_view> names_of(const KeyType*);
std::vector<std::string_view> names_of(const Cors*);
std::vector<std::string_view> names_of(const LogoutConfirmation*);
std::vector<std::string_view> names_of(const RegistrationPolicy*);
std::vector<std::string_view> names_of(const AuthenticationKind*);
std::vector<std::string_view> names_of(const SubjectType*);
std::vector<std::string_view> names_of(const TokenClass*);
std::vector<std::string_view> names_of(const Rotation*);
std::vector<std::string_view> names_of(const TokenFormat*);
std::vector<std::string_view> names_of(const ResourceTokenFormat*);
std::vector<std::string_view> names_of(const SameSite*);
std::vector<std::string_view> names_of(const LogFormat*);
std::vector<std::string_view> names_of(const LogTarget*);
std::vector<std::string_view> names_of(const LogLevel*);

namespace detail {
constexpr FieldType type_of(const bool*) {
  return FieldType::boolean;
}
constexpr FieldType type_of(const std::size_t*) {
  return FieldType::integer;
}
constexpr FieldType type_of(const std::optional<std::size_t>*) {
  return FieldType::integer;
}
constexpr FieldType type_of(const Seconds*) {
  return FieldType::duration;
}
constexpr FieldType type_of(const std::string*) {
  return FieldType::text;
}
constexpr FieldType type_of(const std::optional<std::string>*) {
  return FieldType::text;
}
constexpr FieldType type_of(const std::filesystem::path*) {
  return FieldType::path;
}
constexpr FieldType type_of(const std::optional<std::filesystem::path>*) {
  return FieldType::path;
}
constexpr FieldType type_of(const Url*) {
  return FieldType::url;
}
constexpr FieldType type_of(const std::optional<Url>*) {
  return FieldType::url;
}
constexpr FieldType type_of(const std::vector<std::string>*) {
  return FieldType::texts;
}
constexpr FieldType type_of(const std::optional<std::vector<std::string>>*) {
  return FieldType::texts;
}
constexpr FieldType type_of(const std::optional<Secret>*) {
  return FieldType::secret;
}
constexpr FieldType type_of(const std::vector<ClaimSpec>*) {
  return FieldType::claims;
}
constexpr FieldType type_of(const std::vector<TokenClass>*) {
  return FieldType::choices;
}
}  // namespace detail

/// A row that fills what `where` points to. The row's type is the member's C++ type, so that the two cannot
/// differ.
template <class Where>
Field field(std::string path, Where /*stateless*/, std::string_view doc) {
  using Member = std::remove_pointer_t<std::invoke_result_t<Where, Config&, const Place&>>;
  Field row;
  row.path = std::move(path);
  row.doc = doc;
  if constexpr (std::is_enum_v<Member>) {
    static_assert(std::is_same_v<std::underlying_type_t<Member>, std::uint8_t>);
    row.type = FieldType::choice;
    row.allowed = names_of(static_cast<const Member*>(nullptr));
    row.slot = [](Config& config, const Place& place) -> Slot {
      auto* member = Where{}(config, place);
      if (member == nullptr) return std::monostate{};
      return Choice{reinterpret_cast<std::uint8_t*>(member)};
    };
  } else {
    row.type = detail::type_of(static_cast<const Member*>(nullptr));
    row.slot = [](Config& config, const Place& place) -> Slot {
      auto* member = Where{}(config, place);
      if (member == nullptr) return std::monostate{};
      return member;
    };
  }
  return row;
}

/// The `where` of a field that always has its place in Config: OIDCOP_AT(log.level).
#define OIDCOP_AT(member) [](Config& config, const Place&) { return &config.member; }

/// A container row; `doc` becomes the introduction of its part of the manual.
Field section(std::string path, std::string_view doc);
/// A name people may try (known from elsewhere, or to come): refused with this explanation.
Field unavailable(std::string path, std::string_view instead);

}  // namespace oidcop::config
