#include "base/network_prefix.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace oidcop {
namespace {

using Octets = std::array<std::uint8_t, 16>;

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::string ipv4_network(const std::uint8_t* address) {
  return std::to_string(address[0]) + '.' + std::to_string(address[1]) + '.' + std::to_string(address[2]) +
         ".0/24";
}

std::string ipv6_network(Octets address) {
  std::fill(address.begin() + 6, address.end(), std::uint8_t{0});  // 48 bits are what one customer gets
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  return std::string(text.data()) + "/48";
}

}  // namespace

std::string network_prefix(std::string_view address) {
  const std::string text(address.substr(0, address.find('%')));  // without the zone of a link-local address
  Octets octets{};
  if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) return ipv4_network(octets.data());
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) != 1) return "local";
  if (std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), octets.begin())) {
    return ipv4_network(octets.data() + kMappedPrefix.size());
  }
  return ipv6_network(octets);
}

}  // namespace oidcop
