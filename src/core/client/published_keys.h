#pragma once

#include "http/fetcher.h"
#include "jose/jwk_set.h"
#include "model/client.h"
#include "store/document_store.h"
#include "store/throttle_store.h"

#include <oidcop/result.h>
#include <oidcop/time.h>

#include <optional>
#include <string_view>

namespace oidcop::client {

/// The keys of clients: those they registered by value, or those at their jwks_uri (OpenID Connect Dynamic
/// Client Registration 1.0, 2), fetched when they are needed and kept in the store for a while. A client may
/// rotate its keys whenever it likes (OpenID Connect Core 1.0, 10.1.1): what a kept key set does not verify
/// leads to one fetch more. How often that happens is bounded, since anybody can send a wrong signature in a
/// client's name. Thread-safe; references outlive it.
class PublishedKeys {
 public:
  struct Parts {
    store::DocumentStore& documents;
    store::ThrottleStore& throttle;
    http::Fetcher& fetcher;
  };
  struct Policy {
    Seconds lifetime{3600};     ///< how long a fetched key set is used without asking again
    Seconds after_failure{30};  ///< how long after a fetch that failed nothing is fetched
    int fetches = 6;            ///< within a minute, for each client
  };
  explicit PublishedKeys(const Parts& parts) : PublishedKeys(parts, Policy()) {}
  PublishedKeys(const Parts& parts, const Policy& policy) : parts_(parts), policy_(policy) {}

  /// The client's keys; an empty set when it registered none. Private and symmetric keys in a fetched set
  /// count for nothing: everybody knows them. Errors: malformed (no key set); refused, unavailable (not to be
  /// had at this time).
  Result<jose::JwkSet> keys(const model::Client& client, TimePoint now) const;
  /// The keys fetched anew, because those of `keys` did not do. Nothing when there is nothing newer to be
  /// had: keys by value, too many fetches, or the same set as before. Errors: unavailable (the store).
  Result<std::optional<jose::JwkSet>> newer_keys(const model::Client& client, TimePoint now) const;

 private:
  Result<store::FetchedDocument> fetched(const model::Client& client, store::FetchedDocument before,
                                         TimePoint now) const;

  Parts parts_;
  Policy policy_;
};

}  // namespace oidcop::client
