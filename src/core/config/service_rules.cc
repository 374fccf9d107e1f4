#include "config/rules.h"

#include "base/alternatives.h"
#include "base/ip_network.h"
#include "config/signature_algorithms.h"

#include <algorithm>
#include <filesystem>
#include <map>

namespace oidcop::config {

namespace {

namespace fs = std::filesystem;

/// Short secrets can be tried out.
constexpr std::size_t kShortestSecret = 16;

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

void find_definition_findings(const KeyDefinition& key, const std::string& path, Findings& findings) {
  if (key.type == KeyType::rsa && key.bits % 8 != 0) {
    findings.contradiction({path + ".bits"}, "is not a multiple of 8");
  }
  const auto curves = signature_curves(key.type);
  if (!curves.empty() && std::find(curves.begin(), curves.end(), key.crv) == curves.end()) {
    findings.contradiction({path + ".crv", path + ".type"},
                           "must be " + alternatives(curves) + " for a key of this type");
  } else if (key.alg && !signs_with(key, *key.alg)) {
    findings.contradiction({path + ".alg", path + ".type", path + ".crv"}, "does not fit a key of this type");
  }
}

void expect_signer(const Config& config, const std::string& path, const std::string& alg,
                   Findings& findings) {
  const auto& keys = config.keys.key_defs;
  if (std::any_of(keys.begin(), keys.end(), [&](const auto& key) { return signs_with(key, alg); })) return;
  findings.contradiction({path, "keys.key_defs"},
                         "is \"" + alg + "\", but no key in keys.key_defs can sign with it");
}

void find_file_findings(const Config& config, Findings& findings) {
  std::map<fs::path, std::string> owners;
  const auto claim = [&](const fs::path& file, const std::string& path) {
    const auto [owner, first] = owners.emplace(file, path);
    if (!first) findings.contradiction({path, owner->second}, "is the same file as " + owner->second);
  };
  claim(config.database.path, "database.path");
  claim(config.keys.private_path, "keys.private_path");
  claim(config.keys.secrets_path, "keys.secrets_path");
  if (config.keys.public_path) claim(*config.keys.public_path, "keys.public_path");
}

void expect_long_secret(const std::optional<Secret>& secret, const std::string& path, Findings& findings) {
  if (secret && secret->size() < kShortestSecret) {
    findings.contradiction({path}, "is shorter than " + std::to_string(kShortestSecret) + " characters");
  }
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" ||
         (starts_with(host, "127.") && std::count(host.begin(), host.end(), '.') == 3);
}

void find_listen_findings(const Responder& responder, Findings& findings) {
  const std::string path = "responder.listen";
  const bool over_unix = !responder.listen || starts_with(*responder.listen, "unix:");
  if (over_unix) {
    if (responder.allow_remote_tcp) {
      findings.contradiction({"responder.allow_remote_tcp", path},
                             "is true, but responder.listen is not HOST:PORT");
    }
    return;
  }
  const auto colon = responder.listen->rfind(':');
  const auto port = responder.listen->substr(colon + 1);
  // At most five digits, by the shape.
  if (std::stoul(port) == 0 || std::stoul(port) > 65535)
    findings.contradiction({path}, "has no port from 1 to 65535");
  if (!is_loopback(std::string_view(*responder.listen).substr(0, colon)) && !responder.allow_remote_tcp) {
    findings.contradiction(
        {path, "responder.allow_remote_tcp"},
        "is an address that other machines reach; FastCGI is neither encrypted nor authenticated. "
        "If a network of its own carries it, set responder.allow_remote_tcp");
  }
  if (!responder.allowed_peers.empty()) {
    findings.contradiction({"responder.allowed_peers", path},
                           "can be told only over a Unix socket, not over TCP");
  }
  if (responder.remote_user.marker && !responder.shared_secret) {
    findings.contradiction({"responder.remote_user.marker", path, "responder.shared_secret"},
                           "counts over TCP only together with responder.shared_secret");
  }
}

void find_fetching_findings(const HttpcParams& params, Findings& findings) {
  const std::string path = "httpc_params.allowed_networks";
  for (std::size_t i = 0; i < params.allowed_networks.size(); ++i) {
    if (const auto network = IpNetwork::parse(params.allowed_networks[i]); !network) {
      findings.contradiction({path}, "[" + std::to_string(i) + "]: " + network.error().detail);
    }
  }
  if (!params.allowed_networks.empty()) {
    findings.doubt(
        path,
        "lets every client make the provider send requests into these networks; right for a test or an "
        "intranet whose services do not mind");
  }
  if (params.ca_file) {
    findings.doubt(
        "httpc_params.ca_file",
        "is trusted besides the system's authorities: whoever holds its key can pass for any client's host");
  }
  if (params.connect_timeout > params.timeout) {
    findings.contradiction({"httpc_params.connect_timeout", "httpc_params.timeout"},
                           "is longer than httpc_params.timeout, which is for the whole");
  }
}

}  // namespace

void find_key_findings(const Config& config, Findings& findings) {
  const auto& keys = config.keys.key_defs;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto path = "keys.key_defs[" + std::to_string(i) + "]";
    find_definition_findings(keys[i], path, findings);
    if (std::count(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(i), keys[i]) != 0) {
      findings.contradiction({path}, "asks for the same key as one before it");
    }
  }
  expect_signer(config, "token_handler_args.id_token.alg", config.token_handler_args.id_token_alg, findings);
  if (config.token_handler_args.access_token_format == TokenFormat::jwt) {
    expect_signer(config, "token_handler_args.token.alg", config.token_handler_args.access_token_alg,
                  findings);
  }
}

void find_service_findings(const Config& config, Findings& findings) {
  find_file_findings(config, findings);
  find_fetching_findings(config.httpc_params, findings);
  const auto& responder = config.responder;
  find_listen_findings(responder, findings);
  expect_long_secret(responder.shared_secret, "responder.shared_secret", findings);
  expect_long_secret(responder.remote_user.marker, "responder.remote_user.marker", findings);
  if (responder.limits.uri > responder.limits.parameter_octets) {
    findings.contradiction({"responder.limits.uri", "responder.limits.parameter_octets"},
                           "is more than responder.limits.parameter_octets, which counts it in");
  }
  if (config.database.synchronous == Synchronous::normal) {
    findings.doubt("database.synchronous",
                   "is \"normal\": after a power failure a used code may be usable again");
  }
}

}  // namespace oidcop::config
