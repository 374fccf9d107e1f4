#include "http/address_policy.h"

#include "base/descriptor.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

namespace oidcop::http {
namespace {

/// Not global by the registries of special-purpose addresses. 192.88.99.0/24 leads into 6to4 relays.
constexpr std::array<std::string_view, 16> kSpecialIpv4{
    "0.0.0.0/8",       "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",
    "169.254.0.0/16",  "172.16.0.0/12",   "192.0.0.0/24",   "192.0.2.0/24",
    "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
    "198.18.0.0/15",   "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"};
/// Of IPv6 all that is not here is not assigned or special anyway.
constexpr std::string_view kGlobalIpv6 = "2000::/3";
/// 2001::/23 has Teredo and other protocols' own addresses; the others are for documentation.
constexpr std::array<std::string_view, 3> kSpecialIpv6{"2001::/23", "2001:db8::/32", "3fff::/20"};
constexpr std::string_view kNat64 = "64:ff9b::/96";
constexpr std::string_view kSixToFour = "2002::/16";
constexpr std::uint16_t kAnyPort = 9;

bool is_in(std::string_view network, const IpAddress& address) {
  const auto parsed = IpNetwork::parse(network);
  return parsed && parsed->contains(address);
}

template <std::size_t N>
bool is_in_one_of(const std::array<std::string_view, N>& networks, const IpAddress& address) {
  return std::any_of(networks.begin(), networks.end(),
                     [&](std::string_view network) { return is_in(network, address); });
}

/// What an address leads to.
IpAddress unwrapped(const IpAddress& address) {
  if (is_in(kNat64, address)) return IpAddress::of_ipv4(address.octets().data() + 12);
  if (is_in(kSixToFour, address)) return IpAddress::of_ipv4(address.octets().data() + 2);
  return address;
}

/// As the system routes it: what goes to an address of this machine leaves from that same address. Nothing is
/// sent. Fails closed when there is no socket to ask with.
bool is_ours(const IpAddress& address) {
  sockaddr_storage target{};
  const socklen_t size = address.fill(target, kAnyPort);
  const Descriptor socket(::socket(target.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return errno != EAFNOSUPPORT;
  const auto* as_sockaddr = reinterpret_cast<const sockaddr*>(&target);
  if (::connect(socket.get(), as_sockaddr, size) != 0) return false;  // no way there, hence not here
  sockaddr_storage source{};
  socklen_t source_size = sizeof source;
  if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&source), &source_size) != 0) return true;
  return IpAddress::of(reinterpret_cast<const sockaddr*>(&source)) == address;
}

}  // namespace

bool is_public(const IpAddress& address) {
  const auto target = unwrapped(address);
  if (target.is_ipv4()) return !is_in_one_of(kSpecialIpv4, target);
  return is_in(kGlobalIpv6, target) && !is_in_one_of(kSpecialIpv6, target);
}

bool AddressPolicy::allows(const IpAddress& address) const {
  const auto target = unwrapped(address);
  const bool is_named = std::any_of(allowed_.begin(), allowed_.end(), [&](const IpNetwork& network) {
    return network.contains(address) || network.contains(target);
  });
  return is_named || (is_public(address) && !is_ours(target) && !is_ours(address));
}

}  // namespace oidcop::http
