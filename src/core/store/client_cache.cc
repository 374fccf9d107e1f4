#include "store/client_cache.h"

#include <utility>

namespace oidcop::store {
namespace {

constexpr std::size_t kMostClients = 1000;
constexpr std::size_t kLargestDocument = 16U << 10U;  // so all of them together are some 16 MB at most

}  // namespace

struct ClientCache::Kept {
  std::int64_t version;
  bool enabled;
  std::string document;
  model::Client client;

  bool is_of(const Record& record) const {
    return version == record.version && enabled == record.enabled && document == record.document;
  }
};

model::SharedClient ClientCache::find(std::string_view id, const Record& record) {
  std::shared_ptr<const Kept> kept;
  {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(id);
    if (found == places_.end()) return nullptr;
    line_.splice(line_.begin(), line_, found->second);
    kept = line_.front();
  }
  if (!kept->is_of(record)) return nullptr;
  return {kept, &kept->client};
}

model::SharedClient ClientCache::keep(const Record& record, model::Client client) {
  if (record.document.size() > kLargestDocument)
    return std::make_shared<const model::Client>(std::move(client));
  const auto kept = std::make_shared<const Kept>(
      Kept{record.version, record.enabled, std::string(record.document), std::move(client)});
  const std::lock_guard lock(mutex_);
  const std::string_view id = kept->client.id.text();
  if (const auto found = places_.find(id); found != places_.end()) forget(found->second);
  if (line_.size() == kMostClients) forget(std::prev(line_.end()));
  line_.push_front(kept);
  places_.emplace(id, line_.begin());
  return {kept, &kept->client};
}

void ClientCache::forget(Line::iterator place) {
  places_.erase((*place)->client.id.text());
  line_.erase(place);
}

}  // namespace oidcop::store
