#include "base/base64url.h"

#include <array>
#include <cstdint>

namespace oidcop {
namespace {

constexpr std::string_view kUrlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

using Values = std::array<std::uint8_t, 256>;
constexpr std::uint8_t kNoValue =
    0xFF;  // has bits above the six of a digit, so that digits can be checked together

constexpr Values values_of(std::string_view alphabet) {
  Values values{};
  values.fill(kNoValue);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr Values kUrlValues = values_of(kUrlAlphabet);
constexpr Values kValues = values_of(kAlphabet);

std::uint32_t octet(std::string_view octets, std::size_t at) {
  return static_cast<std::uint8_t>(octets[at]);
}

std::string encode(std::string_view octets, std::string_view alphabet) {
  std::string text((octets.size() * 4 + 2) / 3, '\0');
  char* out = text.data();
  const auto put = [&](std::uint32_t bits, int shift) { *out++ = alphabet[(bits >> shift) & 63U]; };
  std::size_t i = 0;
  for (; i + 3 <= octets.size(); i += 3) {
    const auto bits = octet(octets, i) << 16U | octet(octets, i + 1) << 8U | octet(octets, i + 2);
    put(bits, 18);
    put(bits, 12);
    put(bits, 6);
    put(bits, 0);
  }
  const auto rest = octets.size() - i;
  if (rest > 0) {
    const auto bits = octet(octets, i) << 16U | (rest == 2 ? octet(octets, i + 1) << 8U : 0U);
    put(bits, 18);
    put(bits, 12);
    if (rest == 2) put(bits, 6);
  }
  return text;
}

/// Decodes unpadded digits. The unused bits of the last digit must be zero, or two texts would mean the same
/// octets (RFC 4648, 3.5): a signature or handle must have one spelling only.
Result<std::string> decode(std::string_view text, const Values& values) {
  const auto rest = text.size() % 4;
  if (rest == 1) return fail(Errc::malformed, "base64: impossible length");
  std::string octets(text.size() / 4 * 3 + (rest > 0 ? rest - 1 : 0), '\0');
  char* out = octets.data();
  const auto value = [&](std::size_t at) -> std::uint32_t {
    return values[static_cast<std::uint8_t>(text[at])];
  };
  const auto put = [&](std::uint32_t bits, int shift) {
    *out++ = static_cast<char>((bits >> shift) & 0xFFU);
  };
  std::uint32_t seen = 0;
  std::size_t i = 0;
  for (; i + 4 <= text.size(); i += 4) {
    const auto a = value(i), b = value(i + 1), c = value(i + 2), d = value(i + 3);
    seen |= a | b | c | d;
    const auto bits = a << 18U | b << 12U | c << 6U | d;
    put(bits, 16);
    put(bits, 8);
    put(bits, 0);
  }
  if (rest > 0) {
    const auto a = value(i), b = value(i + 1), c = rest == 3 ? value(i + 2) : 0U;
    seen |= a | b | c;
    const auto bits = a << 18U | b << 12U | c << 6U;
    put(bits, 16);
    if (rest == 3) put(bits, 8);
    if ((bits & (rest == 3 ? 0xFFU : 0xFFFFU)) != 0)
      return fail(Errc::malformed, "base64: unused bits are not zero");
  }
  if (seen > 63) return fail(Errc::malformed, "base64: character outside the alphabet");
  return octets;
}

}  // namespace

std::string base64url_encode(std::string_view octets) {
  return encode(octets, kUrlAlphabet);
}

Result<std::string> base64url_decode(std::string_view text) {
  return decode(text, kUrlValues);
}

std::string base64_encode(std::string_view octets) {
  auto text = encode(octets, kAlphabet);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

Result<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return fail(Errc::malformed, "base64: padding is missing");
  if (text.ends_with("==")) {
    text.remove_suffix(2);
  } else if (text.ends_with('=')) {
    text.remove_suffix(1);
  }
  return decode(text, kValues);
}

}  // namespace oidcop
