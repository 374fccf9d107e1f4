#pragma once

#include "store/client_store.h"
#include "store/client_token_store.h"
#include "store/device_code_store.h"
#include "store/document_store.h"
#include "store/logout_store.h"
#include "store/pushed_request_store.h"
#include "store/registration_store.h"
#include "store/session_store.h"
#include "store/throttle_store.h"
#include "store/token_store.h"
#include "store/user_store.h"

#include <oidcop/result.h>
#include <oidcop/time.h>

#include <string>
#include <vector>

namespace oidcop::store {

struct SweepReport {
  int removed = 0;
  bool finished = true;  ///< false: the budget ran out before the work did
};

/// All the state of one issuer, in the domain's words.
///
/// Write verbs are whole outcomes, given as one command of ready values: no callback runs inside a
/// transaction. Each command happens wholly or not at all, is durable when it returns, may be retried after
/// `unavailable`, and is decided once across all threads and processes that share the store. Read verbs never
/// write. Thread-safe.
class Store : public ClientStore,
              public UserStore,
              public SessionStore,
              public TokenStore,
              public ClientTokenStore,
              public ThrottleStore,
              public PushedRequestStore,
              public DeviceCodeStore,
              public DocumentStore,
              public RegistrationStore,
              public LogoutStore {
 public:
  using ClientTokenStore::commit;
  using DeviceCodeStore::commit;
  using LogoutStore::commit;
  using RegistrationStore::commit;
  using SessionStore::commit;
  using TokenStore::commit;

  /// Removes what has expired, at most about `budget` rows, in slices that let other writers through. A code
  /// stays as long as its grant, since presented again it revokes what came of it; a session as long as its
  /// grants. Several callers do no harm: one sweeps, the others report nothing to do. Errors: unavailable.
  virtual Result<SweepReport> sweep(TimePoint now, int budget) = 0;
  /// Whether the structure is sound: what is wrong, in words, or an empty list. Errors: unavailable.
  virtual Result<std::vector<std::string>> check() = 0;
};

}  // namespace oidcop::store
