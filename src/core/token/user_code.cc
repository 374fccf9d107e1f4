#include "token/user_code.h"

#include <array>
#include <cstdint>

namespace oidcop::token {
namespace {

constexpr std::string_view kLetters = "BCDFGHJKLMNPQRSTVWXZ";  // RFC 8628, 6.1
constexpr std::size_t kLength = 8;
constexpr std::size_t kMostTyped = 64;  // with whatever stands between the letters
constexpr unsigned kFair = 256 / kLetters.size() * kLetters.size();

bool is_alphanumeric(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

Result<UserCode> UserCode::make(Random& random) {
  std::string letters;
  while (letters.size() < kLength) {
    std::array<std::uint8_t, 16> octets{};
    if (auto filled = random.fill(octets); !filled) return fail(std::move(filled).error());
    for (const unsigned octet : octets) {
      if (octet < kFair && letters.size() < kLength) letters += kLetters[octet % kLetters.size()];
    }
  }
  return UserCode(std::move(letters));
}

/// Whatever is neither letter nor digit was typed for the eye (RFC 8628, 6.1); other letters make it a code
/// of somebody else.
std::optional<UserCode> UserCode::read(std::string_view typed) {
  if (typed.size() > kMostTyped) return std::nullopt;
  std::string letters;
  for (const char c : typed) {
    if (!is_alphanumeric(c)) continue;
    if (kLetters.find(upper(c)) == std::string_view::npos) return std::nullopt;
    letters += upper(c);
  }
  if (letters.size() != kLength) return std::nullopt;
  return UserCode(std::move(letters));
}

std::string UserCode::shown() const {
  return letters_.substr(0, kLength / 2) + '-' + letters_.substr(kLength / 2);
}

Digest user_code_digest(const jose::Pepper& pepper, const UserCode& code) {
  return pepper.digest("user_code", {code.letters()});
}

Digest device_code_digest(const jose::Pepper& pepper, std::string_view device_code) {
  return pepper.digest("device_code", {device_code});
}

}  // namespace oidcop::token
