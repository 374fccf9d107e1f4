#pragma once

#include "base/ip_network.h"

#include <utility>
#include <vector>

namespace oidcop::http {

/// Whether an address is one of the public Internet: not of this machine's own network, not reserved, not
/// multicast (the special-purpose registries of IANA, RFC 6890). An IPv4 address that stands in an IPv6 one
/// (mapped, NAT64 of RFC 6052, 6to4 of RFC 3056) is judged as what it leads to. Pure.
bool is_public(const IpAddress& address);

/// Which addresses we connect to when somebody else named the host: public ones that are not this machine's,
/// and those that the configuration allows besides. Immutable.
class AddressPolicy {
 public:
  AddressPolicy() = default;
  explicit AddressPolicy(std::vector<IpNetwork> allowed_besides) : allowed_(std::move(allowed_besides)) {}

  /// Asks the system for the addresses it has now. Thread-safe.
  bool allows(const IpAddress& address) const;

 private:
  std::vector<IpNetwork> allowed_;
};

}  // namespace oidcop::http
