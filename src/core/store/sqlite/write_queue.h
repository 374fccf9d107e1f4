#pragma once

#include "store/sqlite/connection.h"

#include <oidcop/result.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace oidcop::store::sqlite {

/// Opens a connection; errors: unavailable, internal.
using Opener = std::function<Result<std::unique_ptr<Connection>>()>;

/// The writers of one process, in line. Whoever is first when nobody writes becomes the leader: takes all who
/// wait, runs each one's work inside one transaction, commits once, and only then hands out what came of it.
/// So one fsync serves many, and nobody hears of a decision that a power cut could undo.
///
/// Thread-safe.
class WriteQueue {
 public:
  /// Statements only, against the state that earlier work of the same transaction left. An error undoes this
  /// work alone. May be run twice: what the first run did has been undone then.
  using Work = std::function<Result<void>(Connection&)>;

  /// `on_broken` is called after the writer's connection was given up.
  explicit WriteQueue(Opener open, std::function<void()> on_broken = {})
      : open_(std::move(open)), on_broken_(std::move(on_broken)) {}

  /// Returns after the commit. Errors: the work's own; unavailable when it could not be committed, and then
  /// nothing of it happened.
  Result<void> run(const Work& work);

 private:
  /// Of a thread. Shared, because it is rung when the lock is free again: who wakes with the lock taken
  /// sleeps once more. By then the thread it belongs to may have seen that its work is done, and have ended.
  using Bell = std::shared_ptr<std::condition_variable>;
  struct Waiting {
    const Work* work;
    Result<void> outcome;
    bool is_done = false;
    Bell bell;
  };
  using Batch = std::vector<Waiting*>;

  void take_batch(Batch& batch);
  void hand_out(const Batch& batch, std::vector<Bell>& bells);
  void commit(const Batch& batch);
  Result<void> run_all(Connection& connection, const Batch& batch);
  static Result<bool> run_together(Connection& connection, const Batch& batch);
  Result<void> begin();

  void give_up_connection();

  Opener open_;
  std::function<void()> on_broken_;
  std::unique_ptr<Connection> connection_;  // the leader's alone
  std::mutex mutex_;
  std::deque<Waiting*> line_;  // the leader's batch stays in front until it is handed out
};

}  // namespace oidcop::store::sqlite
