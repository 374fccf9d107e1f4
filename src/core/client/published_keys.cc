#include "client/published_keys.h"

#include "base/digest.h"
#include "base/json.h"
#include "client/client_keys.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace oidcop::client {
namespace {

constexpr Seconds kWindow{60};
constexpr Seconds kKept = std::chrono::hours(24 * 30);

Result<jose::JwkSet> public_keys_in(std::string_view text) {
  auto document = parse_json(text);
  if (!document) return fail(Errc::malformed, "jwks_uri: " + document.error().detail);
  const auto* keys = json_member(*document, "keys");
  if (keys == nullptr || !keys->is_array()) return fail(Errc::malformed, "jwks_uri: is no key set");
  auto known_to_all = Json::array();
  for (const auto& key : *keys) {
    if (!tells_a_secret(key)) known_to_all.push_back(key);
  }
  return jose::JwkSet::parse(Json{{"keys", std::move(known_to_all)}});
}

/// The body of a proper answer.
Result<std::string> body_of(Result<http::Response> response) {
  if (!response) return fail(std::move(response).error());
  if (response->status != 200)
    return fail(Errc::unavailable, "jwks_uri: answered with status " + std::to_string(response->status));
  return std::move(response->body);
}

}  // namespace

Result<jose::JwkSet> PublishedKeys::keys(const model::Client& client, TimePoint now) const {
  if (client.jwks_uri.empty()) {
    if (client.jwks.empty()) return jose::JwkSet();
    return jose::JwkSet::parse_text(client.jwks);
  }
  auto kept = parts_.documents.find_document(client.id, client.jwks_uri);
  if (!kept && kept.error().code != Errc::not_found) return fail(std::move(kept).error());
  auto document = kept ? std::move(*kept) : store::FetchedDocument();
  const bool is_fresh =
      document.fetched_at && *document.fetched_at <= now && now - *document.fetched_at < policy_.lifetime;
  if (is_fresh) return public_keys_in(document.body);
  auto renewed = fetched(client, std::move(document), now);
  if (!renewed) return fail(std::move(renewed).error());
  return public_keys_in(renewed->body);
}

Result<std::optional<jose::JwkSet>> PublishedKeys::newer_keys(const model::Client& client,
                                                              TimePoint now) const {
  using Newer = std::optional<jose::JwkSet>;
  if (client.jwks_uri.empty()) return Newer();
  auto kept = parts_.documents.find_document(client.id, client.jwks_uri);
  if (!kept && kept.error().code != Errc::not_found) return fail(std::move(kept).error());
  auto before = kept ? std::move(*kept) : store::FetchedDocument();
  const auto body_before = before.body;
  auto renewed = fetched(client, std::move(before), now);
  if (!renewed || renewed->body == body_before) return Newer();
  auto keys = public_keys_in(renewed->body);
  if (!keys) return Newer();
  return Newer(std::move(*keys));
}

/// Fetches and keeps. A failure is kept, too, so that a host which does not answer is not asked for each
/// request.
Result<store::FetchedDocument> PublishedKeys::fetched(const model::Client& client,
                                                      store::FetchedDocument before, TimePoint now) const {
  const auto& failed_at = before.failed_at;
  if (failed_at && *failed_at <= now && now - *failed_at < policy_.after_failure)
    return fail(Errc::refused, "jwks_uri: could not be fetched a moment ago");
  const auto url = Url::parse(client.jwks_uri);
  if (!url) return fail(url.error());
  const store::ThrottleBucket bucket{
      sha256(join_unambiguously({"jwks_uri", client.id.text(), client.jwks_uri})), policy_.fetches, kWindow};
  const auto until = parts_.throttle.reserve_attempt({bucket}, now);
  if (!until) return fail(until.error());
  if (*until) return fail(Errc::refused, "jwks_uri: was fetched as often as is allowed");

  auto body = body_of(parts_.fetcher.fetch(
      {*url, client.id.text(), http::FetchMethod::get, "application/jwk-set+json, application/json"}));
  if (body) {
    before = {std::move(*body), now, std::nullopt};
  } else {
    before.failed_at = now;
  }
  auto kept = parts_.documents.keep_document(client.id, client.jwks_uri, before, now + kKept);
  if (!body) return fail(std::move(body).error());
  if (!kept && kept.error().code != Errc::conflict) return fail(std::move(kept).error());
  return before;
}

}  // namespace oidcop::client
