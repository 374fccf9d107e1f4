#pragma once

#include "store/sqlite/connection.h"
#include "store/sqlite/write_queue.h"

#include <oidcop/result.h>

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace oidcop::store::sqlite {

/// Connections for reading: one for each thread that reads right now, kept for the next one. Thread-safe.
class ConnectionPool {
 public:
  /// Holds a connection until the end of its scope; the pool outlives it.
  class Lease {
   public:
    Lease(ConnectionPool& pool, std::unique_ptr<Connection> connection, int generation)
        : pool_(pool), connection_(std::move(connection)), generation_(generation) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (connection_) pool_.give_back(std::move(connection_), generation_);
    }
    Connection& operator*() const { return *connection_; }

   private:
    ConnectionPool& pool_;
    std::unique_ptr<Connection> connection_;
    int generation_;
  };

  explicit ConnectionPool(Opener open) : open_(std::move(open)) {}
  /// Errors: those of opening.
  Result<Lease> take();
  /// Keeps a new connection for whoever reads next.
  void adopt(std::unique_ptr<Connection> connection);
  /// Closes all that are idle, and those that are lent when they come back. Connections of one process share
  /// the log's index, also one that was opened while the file could only be read: nobody can write before
  /// they are all gone.
  void renew();

 private:
  void give_back(std::unique_ptr<Connection> connection, int generation);

  Opener open_;
  std::mutex mutex_;
  int generation_ = 0;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace oidcop::store::sqlite
