#include "client/client_information.h"

#include "base/json.h"
#include "base/system_clock.h"
#include "client/metadata.h"

#include <nlohmann/json.hpp>

namespace oidcop::client {

Message client_information(const model::Client& client, const IssuedSecret* issued) {
  auto document = client.metadata;
  for (const auto member : kProviderMembers) document.remove(member);
  document.set("client_id", client.id.text());
  document.set_number("client_id_issued_at", to_unix(client.created_at));
  document.set("client_name", client.name);
  document.set("application_type", client.application_type == model::ApplicationType::web ? "web" : "native");
  document.set("redirect_uris", Json(client.redirect_uris));
  document.set("response_types", Json(client.response_types));
  document.set("grant_types", Json(client.grant_types));
  document.set("subject_type", client.subject_type == model::SubjectType::pairwise ? "pairwise" : "public");
  document.set("token_endpoint_auth_method", model::auth_method_name(client));
  if (client.allowed_scopes) document.set("scope", client.allowed_scopes->text());
  if (issued != nullptr) {
    document.set("client_secret", issued->plain.reveal());
    const auto& end = issued->stored.expires_at;
    document.set_number("client_secret_expires_at", end ? to_unix(*end) : 0);
  }
  return document;
}

}  // namespace oidcop::client
