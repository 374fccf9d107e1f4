#include "fcgi/worker_pool.h"

#include "base/log.h"
#include "fcgi/fcgx_exchange.h"
#include "fcgi/wake_up.h"

#include <algorithm>
#include <utility>

namespace oidcop::fcgi {
namespace {

/// One job through libfcgi and the answerer.
Result<std::string> perform(FcgxExchange& exchange, const Answerer& answerer, Job job) {
  auto parsed = exchange.parse(job.request.records);
  if (!parsed) return fail(std::move(parsed).error());
  if (job.request.refusal) return exchange.format(answerer.refuse(*job.request.refusal));
  return exchange.format(answerer.answer(parsed->parameters, std::move(parsed->body), job.channel));
}

/// A worker's exchange, made anew when it could not be made before (no descriptors left).
Result<std::string> perform(std::optional<FcgxExchange>& exchange, const Answerer& answerer, Job job) {
  if (!exchange) {
    auto created = FcgxExchange::create();
    if (!created) return fail(std::move(created).error());
    exchange.emplace(std::move(*created));
  }
  return perform(*exchange, answerer, std::move(job));
}

}  // namespace

WorkerPool::WorkerPool(std::size_t workers, const Answerer& answerer, Log& log, int wake_descriptor)
    : answerer_(&answerer), log_(&log), wake_descriptor_(wake_descriptor) {
  for (std::size_t i = 0; i < std::max<std::size_t>(workers, 1); ++i)
    threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  arrived_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void WorkerPool::submit(Job job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  arrived_.notify_one();
}

std::vector<FinishedJob> WorkerPool::collect() {
  const std::lock_guard lock(mutex_);
  return std::exchange(finished_, {});
}

void WorkerPool::work() {
  std::optional<FcgxExchange> exchange;
  while (true) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
      if (ending_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    FinishedJob finished{job.connection, {}};
    auto output = perform(exchange, *answerer_, std::move(job));
    if (output) {
      finished.output = std::move(*output);
    } else {
      log_->error("connection.failed", {{"detail", output.error().detail}});
    }
    finish(std::move(finished));
  }
}

void WorkerPool::finish(FinishedJob finished) {
  {
    const std::lock_guard lock(mutex_);
    finished_.push_back(std::move(finished));
  }
  wake_up(wake_descriptor_);
}

}  // namespace oidcop::fcgi
