#include "model/client.h"

#include <array>
#include <utility>

namespace oidcop::model {
namespace {

// OpenID Connect Core 1.0, 9.
constexpr std::array<std::pair<ClientAuthMethod, std::string_view>, 5> kNames{{
    {ClientAuthMethod::none, "none"},
    {ClientAuthMethod::client_secret_basic, "client_secret_basic"},
    {ClientAuthMethod::client_secret_post, "client_secret_post"},
    {ClientAuthMethod::client_secret_jwt, "client_secret_jwt"},
    {ClientAuthMethod::private_key_jwt, "private_key_jwt"},
}};

}  // namespace

std::string_view name_of(ClientAuthMethod method) {
  for (const auto& [value, name] : kNames) {
    if (value == method) return name;
  }
  return "extension";
}

Result<ClientAuthMethod> client_auth_method_named(std::string_view name) {
  for (const auto& [value, known] : kNames) {
    if (known == name) return value;
  }
  return fail(Errc::refused, "unknown client authentication method");
}

std::string auth_method_name(const Client& client) {
  const auto method = client.token_endpoint_auth_method;
  if (method == ClientAuthMethod::extension) {
    if (auto name = client.metadata.text("token_endpoint_auth_method")) return *std::move(name);
  }
  return std::string(name_of(method));
}

}  // namespace oidcop::model
