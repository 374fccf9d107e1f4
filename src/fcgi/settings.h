#pragma once

#include "config/config.h"
#include "fcgi/serve.h"

#include <oidcop/result.h>

namespace oidcop::fcgi {

/// What the configuration's section `responder` says, in the responder's own terms. Errors: not_found for an
/// allowed peer that is no user of this machine.
Result<ServeOptions> serve_options(const config::Responder& settings);

}  // namespace oidcop::fcgi
