#include "model/usage_rule.h"

#include <array>
#include <utility>

namespace oidcop::model {
namespace {

constexpr std::array<std::pair<TokenClass, std::string_view>, 4> kNames{{
    {TokenClass::authorization_code, "authorization_code"},
    {TokenClass::access_token, "access_token"},
    {TokenClass::refresh_token, "refresh_token"},
    {TokenClass::id_token, "id_token"},
}};

}  // namespace

std::string_view name_of(TokenClass token_class) {
  for (const auto& [value, name] : kNames) {
    if (value == token_class) return name;
  }
  return {};
}

Result<TokenClass> token_class_named(std::string_view name) {
  for (const auto& [value, known] : kNames) {
    if (known == name) return value;
  }
  return fail(Errc::malformed, "unknown token class");
}

}  // namespace oidcop::model
