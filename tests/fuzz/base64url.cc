// base64url and base64: one spelling for each sequence of octets, and OpenSSL spells them alike.

#include "base/base64url.h"
#include "fuzz/input.h"
#include "fuzz/property.h"

#include <openssl/evp.h>

#include <string>

namespace oidcop::fuzz {
namespace {

std::string spelt_by_openssl(std::string_view octets) {
  std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),          // NOLINT
                                   reinterpret_cast<const unsigned char*>(octets.data()),  // NOLINT
                                   static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

/// base64 in base64url's alphabet, without padding.
std::string in_url_alphabet(std::string text) {
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text.substr(0, text.find('='));
}

void check_text(std::string_view text) {
  if (const auto octets = base64url_decode(text)) {
    require(base64url_encode(*octets) == text, "an accepted text is the one spelling of its octets");
  }
  if (const auto octets = base64_decode(text)) {
    require(base64_encode(*octets) == text, "an accepted padded text is the one spelling of its octets");
    require(base64url_decode(in_url_alphabet(std::string(text))) == *octets, "both alphabets say the same");
  }
}

void check_octets(std::string_view octets) {
  const auto padded = base64_encode(octets);
  const auto text = base64url_encode(octets);
  require(padded == spelt_by_openssl(octets), "OpenSSL writes the same base64");
  require(text == in_url_alphabet(padded), "base64url is base64 in another alphabet");
  require(base64_decode(padded) == std::string(octets), "base64 decodes what it encoded");
  require(base64url_decode(text) == std::string(octets), "base64url decodes what it encoded");
}

}  // namespace
}  // namespace oidcop::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = oidcop::fuzz::Input(data, size).rest();
  oidcop::fuzz::check_text(text);
  oidcop::fuzz::check_octets(text);
  return 0;
}
