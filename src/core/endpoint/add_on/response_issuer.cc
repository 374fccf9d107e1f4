#include "endpoint/add_on/response_issuer.h"

namespace oidcop::endpoint {

Result<void> add_response_issuer(Hooks& hooks) {
  constexpr const char* owner = "authorization_response_iss";
  auto added = hooks.add_post_construct("authorization", owner,
                                        [](Message& response, const HookContext& context) -> Verdict {
                                          response.set("iss", context.issuer);
                                          return {};
                                        });
  if (!added) return added;
  return hooks.add_post_construct(
      "provider_info", owner, [](Message& metadata, const HookContext& context) -> Verdict {
        if (!context.is_error) metadata.set_bool("authorization_response_iss_parameter_supported", true);
        return {};
      });
}

}  // namespace oidcop::endpoint
