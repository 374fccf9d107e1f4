#pragma once

#include <string>
#include <string_view>

namespace oidcop {

/// Octets that must not be seen: a password, a key, a token on its way out.
///
/// Cannot be printed, compared with ==, or turned into a string by accident; is wiped when it ends.
/// Reading it takes `reveal()`, so that every place which does is found by searching for that word.
class Secret {
 public:
  Secret() = default;
  explicit Secret(
      std::string value) noexcept;  ///< takes the octets over and wipes what `value` leaves behind
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  std::string_view reveal() const { return value_; }
  bool empty() const { return value_.empty(); }
  std::size_t size() const { return value_.size(); }

  bool operator==(const Secret&) const = delete;

 private:
  std::string value_;
};

/// Whether two secrets hold the same octets. Takes the same time for every content of a given length;
/// unequal lengths return false at once.
bool equal_in_constant_time(std::string_view a, std::string_view b);
inline bool equal_in_constant_time(const Secret& a, const Secret& b) {
  return equal_in_constant_time(a.reveal(), b.reveal());
}

/// Overwrites the octets in a way the compiler keeps.
void wipe(std::string& octets) noexcept;

}  // namespace oidcop
