#include "base/ip_network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace oidcop {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

int bit_at(const IpAddress::Octets& octets, int bit) {
  return (octets.at(static_cast<std::size_t>(bit / 8)) >> (7 - bit % 8)) & 1;
}

/// A decimal from 0 to `most`, without sign or leading zeros.
std::optional<int> small_number(std::string_view text, int most) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number <= most ? std::optional(number) : std::nullopt;
}

}  // namespace

IpAddress IpAddress::of_ipv4(const std::uint8_t* four_octets) {
  Octets octets{};
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), octets.begin());
  std::copy(four_octets, four_octets + 4, octets.begin() + kMappedPrefix.size());
  return IpAddress(octets);
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  Octets octets{};
  if (inet_pton(AF_INET, terminated.c_str(), octets.data()) == 1) return of_ipv4(octets.data());
  if (inet_pton(AF_INET6, terminated.c_str(), octets.data()) == 1) return IpAddress(octets);
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::of(const sockaddr* address) {
  if (address == nullptr) return std::nullopt;
  // Copied, because what a sockaddr* points to need not be aligned for the family's own type.
  if (address->sa_family == AF_INET) {
    sockaddr_in ipv4{};
    std::memcpy(&ipv4, address, sizeof ipv4);
    std::array<std::uint8_t, 4> octets{};
    std::memcpy(octets.data(), &ipv4.sin_addr, octets.size());
    return of_ipv4(octets.data());
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 ipv6{};
    std::memcpy(&ipv6, address, sizeof ipv6);
    Octets octets{};
    std::memcpy(octets.data(), &ipv6.sin6_addr, octets.size());
    return IpAddress(octets);
  }
  return std::nullopt;
}

bool IpAddress::is_ipv4() const {
  return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), octets_.begin());
}

unsigned IpAddress::fill(sockaddr_storage& to, std::uint16_t port) const {
  to = {};
  if (is_ipv4()) {
    sockaddr_in ipv4{};
    ipv4.sin_family = AF_INET;
    ipv4.sin_port = htons(port);
    std::memcpy(&ipv4.sin_addr, octets_.data() + kMappedPrefix.size(), sizeof ipv4.sin_addr);
    std::memcpy(&to, &ipv4, sizeof ipv4);
    return sizeof ipv4;
  }
  sockaddr_in6 ipv6{};
  ipv6.sin6_family = AF_INET6;
  ipv6.sin6_port = htons(port);
  std::memcpy(&ipv6.sin6_addr, octets_.data(), sizeof ipv6.sin6_addr);
  std::memcpy(&to, &ipv6, sizeof ipv6);
  return sizeof ipv6;
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_ipv4()) {
    inet_ntop(AF_INET, octets_.data() + kMappedPrefix.size(), text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, octets_.data(), text.data(), text.size());
  }
  return text.data();
}

Result<IpNetwork> IpNetwork::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return fail(Errc::malformed, "no IP address stands before the prefix length");
  const int before = address->is_ipv4() && text.find(':') == std::string_view::npos ? 96 : 0;
  int bits = 128;
  if (slash != std::string_view::npos) {
    const auto length = small_number(text.substr(slash + 1), 128 - before);
    if (!length) return fail(Errc::malformed, "the prefix length is no number of bits that addresses have");
    bits = before + *length;
  }
  for (int bit = bits; bit < 128; ++bit) {
    if (bit_at(address->octets(), bit) != 0)
      return fail(Errc::malformed, "the address has bits behind the prefix");
  }
  return IpNetwork(*address, bits);
}

bool IpNetwork::contains(const IpAddress& address) const {
  for (int bit = 0; bit < bits_; ++bit) {
    if (bit_at(address.octets(), bit) != bit_at(first_.octets(), bit)) return false;
  }
  return true;
}

}  // namespace oidcop
