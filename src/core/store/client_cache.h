#pragma once

#include "model/client.h"

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace oidcop::store {

/// Clients as they were made from their stored records, so that a record is read into a client once and not
/// for each request.
///
/// Whoever looks a client up reads its record all the same and shows it here: what is kept counts only for
/// the very same record, octet by octet. So nothing can be stale, whichever process changed the client,
/// removed it or registered it anew, and nobody has to be told. Holds what the records hold, which is no
/// plain secret. Bounded; the client that was asked for longest ago leaves first. Thread-safe.
class ClientCache {
 public:
  struct Record {
    std::int64_t version = 0;
    bool enabled = false;
    std::string_view document;
  };

  /// The client of exactly this record; null when it has to be read.
  model::SharedClient find(std::string_view id, const Record& record);
  /// Keeps the client that was read from the record, in the place of any of that id, unless the record is so
  /// large that few of them would be all that is kept. \return the client
  model::SharedClient keep(const Record& record, model::Client client);

 private:
  struct Kept;
  using Line = std::list<std::shared_ptr<const Kept>>;  // the one asked for last in front
  void forget(Line::iterator place);

  std::mutex mutex_;
  Line line_;
  std::unordered_map<std::string_view, Line::iterator> places_;  // key: the id of what is kept there
};

}  // namespace oidcop::store
