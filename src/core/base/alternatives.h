#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace oidcop {

/// "P-256", "Ed25519 or Ed448", "ES256, ES384 or ES512": what somebody may write, for messages.
std::string alternatives(const std::vector<std::string_view>& names);

}  // namespace oidcop
