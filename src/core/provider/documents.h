#pragma once

#include "base/log.h"
#include "endpoint/metadata.h"
#include "jose/signing_keys.h"

#include <oidcop/hooks.h>
#include <oidcop/result.h>
#include <oidcop/time.h>

#include <string>

namespace oidcop::provider {

/// The provider configuration document, through the pipeline of provider_info, so that hooks have their say.
/// What the live endpoint serves and what the shell prints come from here. `hooks` must hold the built-in
/// add-ons. Signed once more with one of the keys where the facts say so. Errors: refused when a hook failed;
/// unavailable when there is no key.
Result<std::string> render_provider_info(const endpoint::ProviderFacts& facts, const jose::SigningKeys& keys,
                                         const Hooks& hooks, Log& log, TimePoint now);

/// The public keys, likewise. Without hooks these are the octets of keys.published_text().
Result<std::string> render_jwks(const endpoint::ProviderFacts& facts, const jose::SigningKeys& keys,
                                const Hooks& hooks, Log& log, TimePoint now);

/// Adds what the built-in add-ons bring, made of the same hooks that are open to everybody.
Result<void> add_built_in_hooks(Hooks& hooks, const config::Config& config);

}  // namespace oidcop::provider
