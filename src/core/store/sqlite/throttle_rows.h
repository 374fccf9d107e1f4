#pragma once

#include "store/sqlite/connection.h"
#include "store/throttle_store.h"

#include <oidcop/result.h>
#include <oidcop/time.h>

#include <vector>

namespace oidcop::store::sqlite {

/// Inside a command's transaction: gives one attempt back in every bucket whose window is still open.
Result<void> refund(Connection& connection, const std::vector<ThrottleBucket>& buckets, TimePoint now);

}  // namespace oidcop::store::sqlite
