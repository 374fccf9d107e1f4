#include "store/sqlite/connection_pool.h"

#include "store/sqlite/query.h"

namespace oidcop::store::sqlite {

Result<ConnectionPool::Lease> ConnectionPool::take() {
  int generation = 0;
  {
    const std::lock_guard lock(mutex_);
    generation = generation_;
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());  // the last one used: its cache is warm
      idle_.pop_back();
      return Lease(*this, std::move(connection), generation);
    }
  }
  auto opened = open_();
  if (!opened) return fail(std::move(opened).error());
  return Lease(*this, std::move(*opened), generation);
}

void ConnectionPool::adopt(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connection));
}

void ConnectionPool::renew() {
  std::vector<std::unique_ptr<Connection>> closing;  // outside of the lock
  const std::lock_guard lock(mutex_);
  ++generation_;
  closing.swap(idle_);
}

void ConnectionPool::give_back(std::unique_ptr<Connection> connection, int generation) {
  if (connection->is_broken()) return;
  const std::lock_guard lock(mutex_);
  if (generation == generation_) idle_.push_back(std::move(connection));
}

}  // namespace oidcop::store::sqlite
