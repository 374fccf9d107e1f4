#pragma once

#include <oidcop/result.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

struct sockaddr;
struct sockaddr_storage;

namespace oidcop {

/// An IPv4 or IPv6 address. IPv4 is kept as IPv6 has it (RFC 4291, 2.5.5.2: ::ffff:192.0.2.1), so that an
/// address is the same however it is spelt.
class IpAddress {
 public:
  using Octets = std::array<std::uint8_t, 16>;

  /// Without brackets and zone. Nothing when the text is no address.
  static std::optional<IpAddress> parse(std::string_view text);
  /// Nothing for other families than AF_INET and AF_INET6. `address` is as large as its family says.
  static std::optional<IpAddress> of(const sockaddr* address);
  static IpAddress of_ipv4(const std::uint8_t* four_octets);
  explicit IpAddress(const Octets& octets) : octets_(octets) {}

  const Octets& octets() const { return octets_; }
  bool is_ipv4() const;
  /// Writes it with this port as the system's calls take it; returns how many octets of `to` count.
  unsigned fill(sockaddr_storage& to, std::uint16_t port) const;
  std::string text() const;

  bool operator==(const IpAddress&) const = default;

 private:
  Octets octets_{};
};

/// A block of addresses (RFC 4632, 3.1; RFC 4291, 2.3): "192.0.2.0/24", "2001:db8::/32"; an address alone is
/// a block of one.
class IpNetwork {
 public:
  /// Errors: malformed: no such block, or octets that are not zero behind the prefix.
  static Result<IpNetwork> parse(std::string_view text);

  bool contains(const IpAddress& address) const;

 private:
  IpNetwork(IpAddress first, int bits) : first_(first), bits_(bits) {}

  IpAddress first_;
  int bits_;  // of the 128
};

}  // namespace oidcop
