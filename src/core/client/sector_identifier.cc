#include "client/sector_identifier.h"

#include "client/metadata.h"

#include <set>

namespace oidcop::client {

Verdict read_sector_identifier(const Message& metadata, model::Client& client) {
  constexpr std::string_view kMember = "sector_identifier_uri";
  const auto uri = https_member(metadata, kMember);
  if (!uri) return fail(uri.error());
  if (client.subject_type != model::SubjectType::pairwise) return {};
  if (*uri) {
    client.sector_identifier = Url::parse(**uri)->host();  // https_member has parsed it once
    return {};
  }
  std::set<std::string> hosts;
  for (const auto& redirect_uri : client.redirect_uris) {
    const auto url = Url::parse(redirect_uri);
    hosts.insert(url ? url->host() : std::string());
  }
  if (hosts.size() != 1 || hosts.begin()->empty()) {
    return fail(invalid_metadata(
        kMember, "is required for pairwise subjects unless all redirect URIs have the same host."));
  }
  client.sector_identifier = *hosts.begin();
  return {};
}

}  // namespace oidcop::client
