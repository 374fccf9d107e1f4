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

/// Half of all octets can be its first: it then never begins with a hyphen, so that in a shell it is no
/// option.
std::string to_id(std::string octets) {
  octets.front() = static_cast<char>(static_cast<unsigned char>(octets.front()) & 0x7fU);
  return base64url_encode(octets);
}

}  // namespace

Result<std::string> random_handle(Random& random) {
  const auto octets = random_octets(random, 32);
  if (!octets) return fail(octets.error());
  return base64url_encode(*octets);
}

Result<std::string> random_id(Random& random) {
  auto octets = random_octets(random, kIdOctets);
  if (!octets) return fail(std::move(octets).error());
  return to_id(*std::move(octets));
}

Result<std::vector<std::string>> random_ids(Random& random, std::size_t count) {
  const auto octets = random_octets(random, count * kIdOctets);
  if (!octets) return fail(octets.error());
  std::vector<std::string> ids;
  ids.reserve(count);
  for (std::size_t i = 0; i < count; ++i) ids.push_back(to_id(octets->substr(i * kIdOctets, kIdOctets)));
  return ids;
}

}  // namespace oidcop
