#include "client/sector_document.h"

#include "base/json.h"
#include "client/metadata.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace oidcop::client {
namespace {

constexpr std::string_view kMember = "sector_identifier_uri";

ProtocolError unusable(std::string_view reason, std::string detail) {
  auto error = invalid_metadata(kMember, reason);
  error.detail = std::move(detail);
  return error;
}

}  // namespace

Verdict check_sector_document(const model::Client& client, http::Fetcher& fetcher, const std::string& party) {
  const auto text = client.metadata.text(kMember);
  if (!text) return {};
  const auto url = Url::parse(*text);
  if (!url) return fail(unusable("is not a URL.", url.error().detail));
  const auto response = fetcher.fetch({*url, party});
  if (!response) return fail(unusable("could not be fetched.", response.error().detail));
  if (response->status != 200) return fail(unusable("did not answer with status 200.", {}));
  const auto document = parse_json(response->body);
  const auto is_text = [](const Json& value) { return value.is_string(); };
  if (!document || !document->is_array() || !std::all_of(document->begin(), document->end(), is_text))
    return fail(unusable("is not a JSON array of strings.", {}));
  for (const auto& redirect_uri : client.redirect_uris) {
    if (std::find(document->begin(), document->end(), Json(redirect_uri)) == document->end())
      return fail(unusable("does not list every one of the redirect_uris.", {}));
  }
  return {};
}

}  // namespace oidcop::client
