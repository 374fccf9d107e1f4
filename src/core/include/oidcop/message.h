#pragma once

#include <oidcop/result.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace oidcop {

/// A protocol message: named members in the order of their names, each text or any JSON value.
///
/// Requests are decoded into it from a query string, a form, JSON or a JWT; responses are built in it and
/// encoded from it. Members nobody knows survive. A member that the wire repeated never gets in here: the
/// decoder refuses it, or makes it an array where the endpoint says that it may be repeated.
/// A value type: copies are deep. Not synchronised.
class Message {
 public:
  Message();
  explicit Message(nlohmann::json object);  ///< anything but an object is taken as empty
  Message(const Message& other);
  Message(Message&& other) noexcept;
  Message& operator=(const Message& other);
  Message& operator=(Message&& other) noexcept;
  ~Message();

  bool has(std::string_view name) const;
  bool empty() const;
  std::vector<std::string> names() const;

  /// The member as text; nothing when it is absent or not a string.
  std::optional<std::string> text(std::string_view name) const;
  /// The member as an integer in 0 … 2^53: a JSON integer, or text of decimal digits only.
  std::optional<std::int64_t> number(std::string_view name) const;
  /// Space-separated words of a text member (RFC 6749, 3.3), or the strings of an array member; empty when
  /// absent.
  std::vector<std::string> words(std::string_view name) const;
  /// The member as it is; null pointer when absent. Valid until the message changes.
  const nlohmann::json* find(std::string_view name) const;

  void set(std::string_view name, std::string_view value);
  void set(std::string_view name, const char* value) { set(name, std::string_view(value)); }
  void set(std::string_view name, const std::string& value) { set(name, std::string_view(value)); }
  void set(std::string_view name, nlohmann::json value);
  /// A bare number or truth value is ambiguous (0 is a null pointer, too): use the two below.
  template <class Scalar>
  std::enable_if_t<std::is_arithmetic_v<Scalar> || std::is_null_pointer_v<Scalar>> set(std::string_view,
                                                                                       Scalar) = delete;
  void set_number(std::string_view name, std::int64_t value);
  void set_bool(std::string_view name, bool value);
  void remove(std::string_view name);

  const nlohmann::json& json() const;  ///< always an object
  bool operator==(const Message& other) const;

 private:
  std::unique_ptr<nlohmann::json> object_;  // behind a pointer: this header stays free of json.hpp
};

}  // namespace oidcop
