#include "store/sqlite/write_queue.h"

#include "store/sqlite/query.h"

#include <algorithm>
#include <exception>

namespace oidcop::store::sqlite {
namespace {

constexpr std::size_t kLargestBatch = 64;  // bounds how long the first of them waits

Result<void> step(Connection& connection, std::string_view sql) {
  const auto done = connection.query(sql).run();
  if (!done) return fail(done.error());
  return {};
}

Result<void> attempt(Connection& connection, const WriteQueue::Work& work) {
  try {
    return work(connection);
  } catch (const std::exception& error) {
    return fail(Errc::internal, std::string("a command of the store: ") + error.what());
  }
}

/// One command within the transaction. The error means that the transaction is lost, the outcome's that the
/// command failed in it.
Result<void> run_one(Connection& connection, const WriteQueue::Work& work, Result<void>& outcome) {
  outcome = attempt(connection, work);
  if (connection.in_transaction()) return {};
  // A full disk or an I/O error may end all of it.
  return fail(Errc::unavailable, outcome ? "the transaction was lost" : outcome.error().detail);
}

/// The same, wholly or not at all.
Result<void> run_one_apart(Connection& connection, const WriteQueue::Work& work, Result<void>& outcome) {
  if (auto begun = step(connection, "SAVEPOINT command"); !begun) return begun;
  if (auto kept = run_one(connection, work, outcome); !kept) return kept;
  if (!outcome) {
    if (auto undone = step(connection, "ROLLBACK TO command"); !undone) return undone;
  }
  return step(connection, "RELEASE command");
}

}  // namespace

Result<void> WriteQueue::run(const Work& work) {
  thread_local const auto bell = std::make_shared<std::condition_variable>();
  Waiting self{&work, {}, false, bell};
  Batch batch;
  std::vector<Bell> bells;
  batch.reserve(kLargestBatch);  // whoever stands in line must not fail before everybody has heard
  bells.reserve(kLargestBatch + 1);
  std::unique_lock lock(mutex_);
  line_.push_back(&self);
  self.bell->wait(lock, [&] { return self.is_done || line_.front() == &self; });
  if (self.is_done) return self.outcome;
  take_batch(batch);
  lock.unlock();
  try {
    commit(batch);
  } catch (...) {  // no memory: those who wait must hear of it all the same
    give_up_connection();
    for (auto* waiting : batch) waiting->outcome = fail(Errc::unavailable, {});
  }
  lock.lock();
  hand_out(batch, bells);
  lock.unlock();  // from here on only our own is sure to be there
  for (const auto& waiting : bells) waiting->notify_one();
  return self.outcome;
}

void WriteQueue::take_batch(Batch& batch) {
  const auto count = std::min(line_.size(), kLargestBatch);
  batch.assign(line_.begin(), line_.begin() + static_cast<std::ptrdiff_t>(count));
}

/// \param bells  takes the bells of all who have something to hear
void WriteQueue::hand_out(const Batch& batch, std::vector<Bell>& bells) {
  line_.erase(line_.begin(), line_.begin() + static_cast<std::ptrdiff_t>(batch.size()));
  if (!line_.empty()) bells.push_back(line_.front()->bell);  // the next leader
  for (auto* waiting : batch) {
    waiting->is_done = true;
    bells.push_back(waiting->bell);
  }
}

/// On the leader's thread, without the lock. Outcomes may rest on what a neighbour did just before, so when
/// the commit fails they all fall, refusals included.
void WriteQueue::commit(const Batch& batch) {
  auto done = begin();
  if (done) done = run_all(*connection_, batch);
  if (connection_ && connection_->in_transaction()) (void)step(*connection_, "ROLLBACK");
  if (connection_ && (connection_->is_broken() || connection_->in_transaction())) give_up_connection();
  if (done) return;
  for (auto* waiting : batch) waiting->outcome = fail(Errc::unavailable, done.error().detail);
}

/// A connection may be broken by something that has been mended since, so a new one gets a chance.
Result<void> WriteQueue::begin() {
  for (bool is_retry = false;; is_retry = true) {
    if (!connection_) {
      auto opened = open_();
      if (!opened) return fail(std::move(opened).error());
      connection_ = std::move(*opened);
    }
    auto begun = step(*connection_, "BEGIN IMMEDIATE");
    if (begun || is_retry || !connection_->is_broken()) return begun;
    give_up_connection();
  }
}

/// Commands hardly ever fail, and a savepoint costs each of them a copy of every page that it changes. So all
/// run without at first, and when one fails, all of them once more and apart.
Result<void> WriteQueue::run_all(Connection& connection, const Batch& batch) {
  const auto went_well = run_together(connection, batch);
  if (!went_well) return fail(went_well.error());
  if (!*went_well) {
    if (auto undone = step(connection, "ROLLBACK"); !undone) return undone;
    if (batch.size() == 1) return {};  // nothing happened, and nobody else waits
    if (auto begun = step(connection, "BEGIN IMMEDIATE"); !begun) return begun;
    for (auto* waiting : batch) {
      if (auto kept = run_one_apart(connection, *waiting->work, waiting->outcome); !kept) return kept;
    }
  }
  return step(connection, "COMMIT");
}

/// \return whether none of them failed; after the first that did, no other was run
Result<bool> WriteQueue::run_together(Connection& connection, const Batch& batch) {
  for (auto* waiting : batch) {
    if (auto kept = run_one(connection, *waiting->work, waiting->outcome); !kept)
      return fail(std::move(kept).error());
    if (!waiting->outcome) return false;
  }
  return true;
}

void WriteQueue::give_up_connection() {
  connection_.reset();
  if (on_broken_) on_broken_();
}

}  // namespace oidcop::store::sqlite
