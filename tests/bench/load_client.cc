// load_client: sends the requests of one job over kept-alive connections, a thread for each, and checks every
// answer. The job is JSON on standard input (workload.h); the result is JSON on standard output.

#include "bench/workload.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iostream>
#include <iterator>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace oidcop::bench {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;
using std::chrono::steady_clock;

/// What one connection saw.
struct Seen {
  std::vector<double> milliseconds;  // of each round
  std::size_t wrong = 0;
  std::string first_wrong;
};

Seen work(const Job& job, std::size_t index, std::atomic<std::size_t>& next) {
  Seen seen;
  const auto round = make_round(job, index);
  if (!round) return {{}, 1, round.error().detail};
  HttpConnection connection(job.port, job.host);
  while (true) {
    const auto number = next.fetch_add(1);
    if (number >= job.rounds) return seen;
    const auto begin = steady_clock::now();
    const auto done = (*round)(connection, number);
    seen.milliseconds.push_back(Milliseconds(steady_clock::now() - begin).count());
    if (done) continue;
    if (seen.wrong++ == 0) seen.first_wrong = done.error().detail;
  }
}

/// \param sorted not empty
double percentile(const std::vector<double>& sorted, double share) {
  const auto last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(last * share + 0.5)];
}

nlohmann::json run(const Job& job) {
  std::vector<Seen> seen(job.connections);
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> threads;
  const auto begin = steady_clock::now();
  for (std::size_t i = 0; i < job.connections; ++i) {
    threads.emplace_back([&, i] { seen[i] = work(job, i, next); });
  }
  for (auto& thread : threads) thread.join();
  const auto seconds = std::chrono::duration<double>(steady_clock::now() - begin).count();

  Seen all;
  for (auto& one : seen) {
    all.milliseconds.insert(all.milliseconds.end(), one.milliseconds.begin(), one.milliseconds.end());
    all.wrong += one.wrong;
    if (all.first_wrong.empty()) all.first_wrong = one.first_wrong;
  }
  std::sort(all.milliseconds.begin(), all.milliseconds.end());
  nlohmann::json result{{"rounds", all.milliseconds.size()},
                        {"wrong", all.wrong},
                        {"first_wrong", all.first_wrong},
                        {"seconds", seconds}};
  if (!all.milliseconds.empty()) {
    result["p50_ms"] = percentile(all.milliseconds, 0.5);
    result["p99_ms"] = percentile(all.milliseconds, 0.99);
  }
  return result;
}

}  // namespace
}  // namespace oidcop::bench

int main() {
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  const auto job = oidcop::bench::Job::parse(text);
  if (!job) {
    std::cerr << "load_client: " << job.error().detail << '\n';
    return 2;
  }
  const auto result = oidcop::bench::run(*job);
  std::cout << result.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  return result["wrong"] == 0 ? 0 : 1;
}
