#pragma once

#include "fcgi/answerer.h"
#include "fcgi/request_assembler.h"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace oidcop::fcgi {

/// A complete request, and the connection (by its number) that waits for the answer.
struct Job {
  std::uint64_t connection = 0;
  http::Channel channel = http::Channel::local;
  AssembledRequest request;
};

/// The answer's records; empty when there is none and the connection can only be closed.
struct FinishedJob {
  std::uint64_t connection = 0;
  std::string output;
};

/// Threads that turn requests into answers. They never touch a socket. All functions are thread-safe.
class WorkerPool {
 public:
  /// `answerer`, `log` outlive the pool. An octet count is written to `wake_descriptor` (an eventfd) for each
  /// finished job.
  WorkerPool(std::size_t workers, const Answerer& answerer, Log& log, int wake_descriptor);
  ~WorkerPool();  ///< waits for the jobs being worked on; those still queued are dropped
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void submit(Job job);
  std::vector<FinishedJob> collect();  ///< what was finished since the last call

 private:
  void work();
  void finish(FinishedJob finished);

  const Answerer* answerer_;
  Log* log_;
  int wake_descriptor_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  bool ending_ = false;
  std::deque<Job> jobs_;
  std::vector<FinishedJob> finished_;
  std::vector<std::thread> threads_;
};

}  // namespace oidcop::fcgi
