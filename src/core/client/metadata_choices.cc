#include "client/metadata_choices.h"

#include "base/json.h"
#include "client/metadata.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::client {
namespace {

using Names = std::vector<std::string>;
using Policy = RegistrationPolicy;

/// When the provider decides though the client names no single value.
enum class Need : std::uint8_t { always, when_named };

struct Choice {
  std::string_view list, single;
  Need need;
  Names (*offered)(const Message& metadata, const Policy& policy);
};

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

template <class Range>
Names names_of(const Range& algorithms) {
  Names names;
  for (const auto algorithm : algorithms) names.emplace_back(jose::algorithm_name(algorithm));
  return names;
}

Names subject_types(const Message&, const Policy& policy) {
  const auto name = [](model::SubjectType type) {
    return std::string(type == model::SubjectType::pairwise ? "pairwise" : "public");
  };
  Names names;
  for (const auto type : policy.subject_types) names.push_back(name(type));
  return names;
}

/// Methods whose needs the client meets; none at all only where there is nothing else.
Names auth_methods(const Message& metadata, const Policy& policy) {
  Names names = policy.extension_methods;
  for (const auto method : policy.auth_methods) {
    const bool needs_keys = method == model::ClientAuthMethod::private_key_jwt;
    if (method == model::ClientAuthMethod::none) continue;
    if (needs_keys && !metadata.has("jwks") && !metadata.has("jwks_uri")) continue;
    names.emplace_back(model::name_of(method));
  }
  const auto& all = policy.auth_methods;
  if (std::find(all.begin(), all.end(), model::ClientAuthMethod::none) != all.end()) {
    names.emplace_back("none");
  }
  return names;
}

Names id_token_signing(const Message&, const Policy& policy) {
  return names_of(policy.id_token_signing_algs);
}
Names answer_signing(const Message&, const Policy& policy) {
  return names_of(policy.responses.signing);
}
Names answer_management(const Message&, const Policy& policy) {
  return names_of(policy.responses.management.list());
}
Names answer_encryption(const Message&, const Policy& policy) {
  return names_of(policy.responses.encryption.list());
}
Names request_signing(const Message&, const Policy& policy) {
  return names_of(policy.requests.signing);
}
Names request_management(const Message&, const Policy& policy) {
  return names_of(policy.requests.management.list());
}
Names request_encryption(const Message&, const Policy& policy) {
  return names_of(policy.requests.encryption.list());
}
Names auth_signing(const Message&, const Policy& policy) {
  return names_of(policy.auth_signing_algs);
}

constexpr std::array<Choice, 15> kChoices{{
    {"subject_types_supported", "subject_type", Need::always, subject_types},
    {"token_endpoint_auth_methods_supported", "token_endpoint_auth_method", Need::always, auth_methods},
    {"token_endpoint_auth_signing_alg_values_supported", "token_endpoint_auth_signing_alg", Need::when_named,
     auth_signing},
    {"id_token_signing_alg_values_supported", "id_token_signed_response_alg", Need::always, id_token_signing},
    {"id_token_encryption_alg_values_supported", "id_token_encrypted_response_alg", Need::when_named,
     answer_management},
    {"id_token_encryption_enc_values_supported", "id_token_encrypted_response_enc", Need::when_named,
     answer_encryption},
    {"userinfo_signing_alg_values_supported", "userinfo_signed_response_alg", Need::when_named,
     answer_signing},
    {"userinfo_encryption_alg_values_supported", "userinfo_encrypted_response_alg", Need::when_named,
     answer_management},
    {"userinfo_encryption_enc_values_supported", "userinfo_encrypted_response_enc", Need::when_named,
     answer_encryption},
    {"introspection_signing_alg_values_supported", "introspection_signed_response_alg", Need::when_named,
     answer_signing},
    {"introspection_encryption_alg_values_supported", "introspection_encrypted_response_alg",
     Need::when_named, answer_management},
    {"introspection_encryption_enc_values_supported", "introspection_encrypted_response_enc",
     Need::when_named, answer_encryption},
    {"request_object_signing_alg_values_supported", "request_object_signing_alg", Need::when_named,
     request_signing},
    {"request_object_encryption_alg_values_supported", "request_object_encryption_alg", Need::when_named,
     request_management},
    {"request_object_encryption_enc_values_supported", "request_object_encryption_enc", Need::when_named,
     request_encryption},
}};

/// Of what the client supports: its first that is offered, as it is the client that orders its list; no
/// authentication and no signature only where nothing else is left, a secret as the key likewise.
std::string_view picked(const Names& supported, const Names& offered) {
  const auto is_weak = [](const std::string& name) { return name == "none" || name.starts_with("HS"); };
  for (const bool take_weak : {false, true}) {
    for (const auto& name : supported) {
      if (contains(offered, name) && is_weak(name) == take_weak) return name;
    }
  }
  return {};
}

Verdict make_choice(const Choice& choice, Message& metadata, const Policy& policy) {
  const auto* list = metadata.find(choice.list);
  if (list == nullptr || list->is_null()) return {};
  const auto supported = texts_member(metadata, choice.list);
  if (!supported) return fail(supported.error());
  const auto single = text_member(metadata, choice.single);
  if (!single) return fail(single.error());
  if (*single && !contains(**supported, **single)) {
    return fail(invalid_metadata(choice.list, "must have the value of " + std::string(choice.single) + '.'));
  }
  const auto offered = choice.offered(metadata, policy);
  const auto best = picked(**supported, offered);
  if (best.empty()) return fail(invalid_metadata(choice.list, "has no value that is supported here."));
  const bool stays = *single && contains(offered, **single);
  if (!stays && (*single || choice.need == Need::always)) metadata.set(choice.single, best);
  return {};
}

}  // namespace

Result<Message, ProtocolError> with_choices_made(Message metadata, const RegistrationPolicy& policy) {
  for (const auto& choice : kChoices) {
    if (auto made = make_choice(choice, metadata, policy); !made) return fail(std::move(made).error());
    metadata.remove(choice.list);
  }
  return metadata;
}

}  // namespace oidcop::client
