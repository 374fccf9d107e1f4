#pragma once

#include "model/id.h"

#include <oidcop/result.h>
#include <oidcop/time.h>

#include <optional>
#include <string>
#include <string_view>

namespace oidcop::store {

/// What came of fetching a URL that a client named.
struct FetchedDocument {
  std::string body;                     ///< of the last fetch that succeeded; empty when none did
  std::optional<TimePoint> fetched_at;  ///< when that was
  std::optional<TimePoint> failed_at;   ///< when the last fetch failed, if it did
};

/// Documents fetched for clients, so that all threads and processes share one fetch. They go with their
/// client, or some time after their last fetch.
class DocumentStore {
 public:
  virtual ~DocumentStore() = default;
  /// Errors: not_found (never fetched for that client); unavailable.
  virtual Result<FetchedDocument> find_document(const model::ClientId& client, std::string_view url) = 0;
  /// In the place of what there was. Errors: conflict (the client is gone); unavailable.
  virtual Result<void> keep_document(const model::ClientId& client, std::string_view url,
                                     const FetchedDocument& document, TimePoint kept_until) = 0;
};

}  // namespace oidcop::store
