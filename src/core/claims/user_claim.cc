#include "claims/user_claim.h"

#include "base/system_clock.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace oidcop::claims {
namespace {

/// Sorted. RFC 7519, 4.1; OpenID Connect Core 1.0, 2, 3.1.3.6 and 5.6.2; RFC 7662, 2.2; RFC 7800; RFC 8693,
/// 4; RFC 9068, 2.2; RFC 9396, 9; OpenID Connect Front- and Back-Channel Logout 1.0.
constexpr std::array<std::string_view, 43> kProtocolMembers{
    "_claim_names",
    "_claim_sources",
    "access_token",
    "acr",
    "act",
    "active",
    "amr",
    "at_hash",
    "aud",
    "auth_time",
    "authorization_details",
    "azp",
    "c_hash",
    "client_id",
    "cnf",
    "code",
    "code_challenge",
    "events",
    "exp",
    "htm",
    "htu",
    "iat",
    "id_token",
    "iss",
    "jti",
    "jwk",
    "may_act",
    "nbf",
    "nonce",
    "redirect_uri",
    "refresh_token",
    "response",
    "rt_hash",
    "s_hash",
    "scope",
    "sid",
    "state",
    "sub",
    "sub_jwk",
    "toe",
    "token_type",
    "txn",
    "typ",
};

constexpr std::array<std::string_view, 15> kTextClaims{
    "birthdate",   "email",   "family_name", "gender",       "given_name", "locale",
    "middle_name", "name",    "nickname",    "phone_number", "picture",    "preferred_username",
    "profile",     "website", "zoneinfo",
};

constexpr std::array<std::string_view, 6> kAddressMembers{
    "country", "formatted", "locality", "postal_code", "region", "street_address",
};

template <class List>
bool is_in(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool is_text(const Json& value) {
  return value.is_string() && !value.get_ref<const std::string&>().empty();
}

/// Absent means something here: beside the value it speaks of, "nobody has checked it" is false.
std::optional<Json> verified_claim(const model::User& user, std::string_view name, std::string_view of) {
  const auto* subject = user.claims.find(of);
  if (subject == nullptr || !is_text(*subject)) return std::nullopt;
  const auto* value = user.claims.find(name);
  return Json(value != nullptr && value->is_boolean() && value->get<bool>());
}

std::optional<Json> address_claim(const Json* value) {
  if (value == nullptr) return std::nullopt;
  if (is_text(*value)) return Json{{"formatted", *value}};
  if (!value->is_object()) return std::nullopt;
  auto address = Json::object();
  for (auto member : kAddressMembers) {
    const auto* part = json_member(*value, member);
    if (part != nullptr && is_text(*part)) address[std::string(member)] = *part;
  }
  if (address.empty()) return std::nullopt;
  return address;
}

std::optional<Json> updated_at_claim(const model::User& user) {
  if (const auto* value = user.claims.find("updated_at"); value != nullptr && value->is_number()) {
    if (auto seconds = json_as_integer(*value)) return Json(*seconds);
  }
  return Json(to_unix(user.updated_at));
}

std::optional<Json> groups_claim(const model::User& user) {
  if (const auto* value = user.claims.find("groups"); value != nullptr && value->is_array()) return *value;
  if (user.groups.empty()) return std::nullopt;
  return Json(user.groups);
}

std::optional<Json> own_claim(const Json* value) {
  const bool is_empty_text = value != nullptr && value->is_string() && !is_text(*value);
  if (value == nullptr || value->is_null() || is_empty_text) return std::nullopt;
  return *value;
}

/// Basic filtering (RFC 4647, 3.3.1), without regard to case.
bool is_of_language(std::string_view tag, std::string_view range) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (range.empty() || tag.size() < range.size()) return false;
  const bool begins = std::equal(range.begin(), range.end(), tag.begin(),
                                 [&](char a, char b) { return lower(a) == lower(b); });
  return begins && (tag.size() == range.size() || tag[range.size()] == '-');
}

}  // namespace

bool is_protocol_member(std::string_view name) {
  static_assert(std::is_sorted(kProtocolMembers.begin(), kProtocolMembers.end()));
  return std::binary_search(kProtocolMembers.begin(), kProtocolMembers.end(), without_language_tag(name));
}

Message without_protocol_members(const Message& claims) {
  Message kept = claims;
  for (const auto& name : claims.names())
    if (is_protocol_member(name)) kept.remove(name);
  return kept;
}

std::string_view without_language_tag(std::string_view name) {
  return name.substr(0, name.find('#'));
}

std::optional<Json> user_claim(const model::User& user, std::string_view name) {
  if (is_protocol_member(name)) return std::nullopt;
  if (name == "email_verified") return verified_claim(user, name, "email");
  if (name == "phone_number_verified") return verified_claim(user, name, "phone_number");
  if (name == "updated_at") return updated_at_claim(user);
  if (name == "groups") return groups_claim(user);

  const auto* value = user.claims.find(name);
  const auto base = without_language_tag(name);
  if (base == "address") return address_claim(value);
  if (is_in(kTextClaims, base))
    return value != nullptr && is_text(*value) ? std::optional(*value) : std::nullopt;
  return own_claim(value);
}

std::vector<std::string> tagged_names(const model::User& user, std::string_view name,
                                      const std::vector<std::string>& locales) {
  std::vector<std::string> names;
  const auto& members = user.claims.json().get_ref<const Json::object_t&>();
  const auto prefix = std::string(name) + '#';
  for (auto member = members.lower_bound(prefix); member != members.end(); ++member) {
    if (!member->first.starts_with(prefix)) break;
    names.push_back(member->first);
  }
  if (locales.empty()) return names;
  std::vector<std::string> wanted;
  for (const auto& locale : locales) {
    for (const auto& tagged : names) {
      const auto tag = std::string_view(tagged).substr(prefix.size());
      if (is_of_language(tag, locale) && !is_in(wanted, tagged)) wanted.push_back(tagged);
    }
  }
  return wanted;
}

}  // namespace oidcop::claims
