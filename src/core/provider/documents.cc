#include "provider/documents.h"

#include "base/json.h"
#include "endpoint/add_on/pkce.h"
#include "endpoint/add_on/response_issuer.h"
#include "endpoint/provider_info_endpoint.h"

#include <variant>

namespace oidcop::provider {

Result<std::string> render_provider_info(const endpoint::ProviderFacts& facts, const Hooks& hooks, Log& log,
                                         TimePoint now) {
  const endpoint::ProviderInfoEndpoint pipeline(endpoint::provider_info_settings(facts.issuer), hooks, log,
                                                endpoint::provider_metadata(facts));
  const http::Request nobody;
  endpoint::RequestScope scope(nobody, now);
  const auto response = pipeline.handle_raw({endpoint::RequestFormat::message, {}, {}}, scope);
  const auto* metadata = std::get_if<Message>(&response.response);
  if (response.status != 200 || metadata == nullptr) {
    return fail(Errc::refused, "a hook at provider_info failed; see the log");
  }
  return dump_json(metadata->json());
}

Result<void> add_built_in_hooks(Hooks& hooks, const config::Config& config) {
  const auto& add_on = config.add_on;
  const endpoint::PkceOptions pkce{add_on.pkce.essential, !config::floor_of(config.profile).pkce_for_all};
  if (auto added = endpoint::add_pkce(hooks, pkce); !added) return added;
  return add_on.authorization_response_iss ? endpoint::add_response_issuer(hooks) : Result<void>();
}

}  // namespace oidcop::provider
