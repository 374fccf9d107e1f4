#include "store/sqlite/connection_pool.h"

#include "store/sqlite/query.h"

namespace oidcop::store::sqlite {

Result<ConnectionPool::Lease> ConnectionPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());  // the last one used: its cache is warm
      idle_.pop_back();
      return Lease(*this, std::move(connection));
    }
  }
  auto opened = open_();
  if (!opened) return fail(std::move(opened).error());
  return Lease(*this, std::move(*opened));
}

void ConnectionPool::give_back(std::unique_ptr<Connection> connection) {
  if (connection->is_broken()) return;
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connection));
}

}  // namespace oidcop::store::sqlite
