#include "base/system_random.h"

#include "base/base64url.h"

#include <openssl/rand.h>

#include <algorithm>
#include <limits>

namespace oidcop {

Result<void> SystemRandom::fill(std::span<std::uint8_t> out) {
  constexpr std::size_t kMost = std::numeric_limits<int>::max();  // OpenSSL counts in int
  while (!out.empty()) {
    const auto count = std::min(out.size(), kMost);
    if (RAND_priv_bytes(out.data(), static_cast<int>(count)) != 1) {
      return fail(Errc::unavailable, "the random generator gives no octets");
    }
    out = out.subspan(count);
  }
  return {};
}

Result<std::string> random_octets(Random& random, std::size_t count) {
  std::string octets(count, '\0');
  const auto filled = random.fill({reinterpret_cast<std::uint8_t*>(octets.data()), octets.size()});
  if (!filled) return fail(filled.error());
  return octets;
}

namespace {

constexpr std::size_t kIdOctets = 16;

Result<std::string> random_text(Random& random, std::size_t octets) {
  const auto value = random_octets(random, octets);
  if (!value) return fail(value.error());
  return base64url_encode(*value);
}

}  // namespace

Result<std::string> random_handle(Random& random) {
  return random_text(random, 32);
}

Result<std::string> random_id(Random& random) {
  return random_text(random, kIdOctets);
}

Result<std::vector<std::string>> random_ids(Random& random, std::size_t count) {
  const auto octets = random_octets(random, count * kIdOctets);
  if (!octets) return fail(octets.error());
  std::vector<std::string> ids;
  ids.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    ids.push_back(base64url_encode(std::string_view(*octets).substr(i * kIdOctets, kIdOctets)));
  return ids;
}

}  // namespace oidcop
