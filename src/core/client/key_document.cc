#include "client/key_document.h"

#include "base/json.h"
#include "base/url.h"
#include "client/metadata.h"

#include <nlohmann/json.hpp>
#include <string_view>

namespace oidcop::client {
namespace {

constexpr std::string_view kMember = "jwks_uri";

ProtocolError unusable(std::string_view reason, std::string detail) {
  auto error = invalid_metadata(kMember, reason);
  error.detail = std::move(detail);
  return error;
}

}  // namespace

Verdict check_key_document(const model::Client& client, http::Fetcher& fetcher, const std::string& party) {
  if (client.jwks_uri.empty()) return {};
  const auto url = Url::parse(client.jwks_uri);
  if (!url) return fail(unusable("is not a URL.", url.error().detail));
  http::FetchRequest request{*url, party};
  request.accept = "application/jwk-set+json, application/json";
  const auto response = fetcher.fetch(request);
  if (!response && response.error().code == Errc::unavailable) return {};
  if (!response) return fail(unusable("may not be fetched.", response.error().detail));
  if (response->status != 200) {
    return fail(unusable("did not answer with status 200.", "status " + std::to_string(response->status)));
  }
  const auto document = parse_json(response->body);
  const auto* keys = document ? json_member(*document, "keys") : nullptr;
  if (keys == nullptr || !keys->is_array()) return fail(unusable("is no key set (RFC 7517, 5).", {}));
  return {};
}

}  // namespace oidcop::client
