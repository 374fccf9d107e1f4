#pragma once

#include <string>
#include <string_view>

namespace oidcop {

/// The network that an address belongs to, for counting by network: "192.0.2.0/24" for IPv4 (also when mapped
/// into IPv6), "2001:db8:1::/48" for IPv6. What is no address (a Unix socket, an empty string) is a network
/// of its own, named "local". Pure.
std::string network_prefix(std::string_view address);

}  // namespace oidcop
