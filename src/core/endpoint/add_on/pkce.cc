#include "endpoint/add_on/pkce.h"

#include "base/base64url.h"
#include "base/digest.h"
#include "base/secret.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::endpoint {
namespace {

constexpr const char* kOwner = "pkce";
constexpr std::size_t kChallengeLength = 43;  // SHA-256 in base64url

bool is_base64url(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

/// RFC 7636, 4.1: 43 to 128 unreserved characters.
bool is_code_verifier(const std::string& text) {
  return text.size() >= 43 && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '_' || c == '.' || c == '~';
         });
}

bool is_required(const HookContext& context, const PkceOptions& options) {
  if (context.client == nullptr || context.client->is_public || !options.may_be_waived) return true;
  const auto* own = context.client->metadata.find("pkce_essential");
  return own != nullptr && own->is_boolean() ? *own == true : options.essential;
}

/// Without a code there is nothing that the challenge could protect.
bool asks_for_code(const Message& request) {
  const auto words = request.words("response_type");
  return std::find(words.begin(), words.end(), "code") != words.end();
}

/// RFC 7636, 4.4.1.
Verdict check_challenge(const Message& request, const HookContext& context, const PkceOptions& options) {
  if (!asks_for_code(request)) return {};
  const auto challenge = request.text("code_challenge");
  if (!challenge) {
    if (request.has("code_challenge_method")) {
      return fail(
          invalid_request("code_challenge_method was sent without code_challenge.", "code_challenge"));
    }
    if (!is_required(context, options)) return {};
    return fail(invalid_request("code_challenge is required (PKCE with S256).", "code_challenge"));
  }
  if (request.text("code_challenge_method") != "S256") {
    return fail(invalid_request("code_challenge_method must be S256.", "code_challenge_method"));
  }
  if (challenge->size() != kChallengeLength || !is_base64url(*challenge)) {
    return fail(invalid_request("code_challenge must be 43 characters of base64url.", "code_challenge"));
  }
  return {};
}

/// RFC 7636, 4.6. Runs before the code is spent; a request without a known code is left to the code's own
/// checks.
Verdict check_verifier(const Message& request, const HookContext& context) {
  if (request.text("grant_type") != "authorization_code" || context.authorization_request == nullptr)
    return {};
  const auto challenge = context.authorization_request->text("code_challenge");
  const auto verifier = request.text("code_verifier");
  if (!challenge && !verifier) return {};
  if (!challenge)
    return fail(invalid_grant("code_verifier was sent for a code that was asked for without PKCE."));
  if (!verifier) return fail(invalid_grant("code_verifier is missing."));
  if (!is_code_verifier(*verifier)) {
    return fail(invalid_grant("code_verifier must be 43 to 128 unreserved characters."));
  }
  const std::string transformed = base64url_encode(sha256(*verifier).octets());
  if (!equal_in_constant_time(transformed, *challenge)) {
    return fail(invalid_grant("code_verifier does not match code_challenge."));
  }
  return {};
}

Verdict announce(Message& metadata, const HookContext& context) {
  if (!context.is_error) metadata.set("code_challenge_methods_supported", nlohmann::json::array({"S256"}));
  return {};
}

}  // namespace

Result<void> add_pkce(Hooks& hooks, const PkceOptions& options) {
  const auto check = [options](Message& request, const HookContext& context) {
    return check_challenge(request, context, options);
  };
  auto added = hooks.add_post_parse_request("authorization", kOwner, check);
  if (added) added = hooks.add_post_parse_request("pushed_authorization", kOwner, check);
  if (added) added = hooks.add_post_parse_request("token", kOwner, check_verifier);
  if (added) added = hooks.add_post_construct("provider_info", kOwner, announce);
  return added;
}

}  // namespace oidcop::endpoint
