#include "fcgi/responder.h"

#include "base/log.h"
#include "fcgi/connection.h"
#include "fcgi/housekeeper.h"
#include "fcgi/wake_up.h"
#include "fcgi/worker_pool.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace oidcop::fcgi {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kAcceptPause{200};        // after accept() failed for want of descriptors or memory
constexpr milliseconds kLateArrivalGrace{1000};  // at the end, for connections that are silent

}  // namespace

/// The polling thread. Everything but the two wishes is its own.
class Responder::Loop {
 public:
  Loop(std::vector<Listener> listeners, ResponderOptions options, Handler& handler, Log& log, Random& random)
      : listeners_(std::move(listeners)),
        options_(std::move(options)),
        log_(&log),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        answerer_(handler, options_.policy, log, random),
        handler_(&handler) {}

  void run();

  void wish_stop() noexcept {
    stop_wanted_ = true;
    wake_up(wake_.get());
  }
  void wish_reload() noexcept {
    reload_wanted_ = true;
    wake_up(wake_.get());
  }

 private:
  struct PollSet {
    std::vector<pollfd> entries;  // the wake-up, the listeners (while we accept), the connections
    std::size_t first_connection = 0;
    std::vector<std::uint64_t> numbers;  // of the connections, in that order
  };

  void poll_once();
  PollSet what_to_poll();
  int poll_timeout() const;

  void accept_waiting();
  void pause_accepting(const char* why);
  bool make_room();
  void begin_stop();
  void expire();
  bool is_over(const Connection& connection) const;
  bool give_up(Connection& connection, std::uint64_t number);

  bool serve(Connection& connection, std::uint64_t number);
  bool read(Connection& connection, std::uint64_t number);
  bool advance(Connection& connection, std::uint64_t number);
  bool write(Connection& connection, std::uint64_t number);
  void wait_for_octets(Connection& connection);
  void hand_over(Connection& connection, std::uint64_t number);
  void take_finished();

  std::vector<Listener> listeners_;
  ResponderOptions options_;
  Log* log_;
  Descriptor wake_;
  Answerer answerer_;
  Handler* handler_;
  std::optional<WorkerPool> workers_;
  std::optional<Housekeeper> housekeeper_;
  std::optional<Housekeeper> courier_;  // what it does takes longer

  std::atomic<bool> stop_wanted_ = false;
  std::atomic<bool> reload_wanted_ = false;
  static_assert(std::atomic<bool>::is_always_lock_free, "signal handlers set these");

  SteadyTime now_ = steady_clock::now();
  std::optional<SteadyTime> stopping_since_;
  SteadyTime accept_again_ = SteadyTime::min();
  std::uint64_t next_number_ = 1;
  std::map<std::uint64_t, Connection> connections_;
  std::size_t buffered_ = 0;  // of all connections, when the last poll() began
};

Responder::Responder(std::vector<Listener> listeners, ResponderOptions options, Handler& handler, Log& log,
                     Random& random)
    : loop_(std::make_unique<Loop>(std::move(listeners), std::move(options), handler, log, random)) {}
Responder::~Responder() = default;
void Responder::run() {
  loop_->run();
}
void Responder::stop() noexcept {
  loop_->wish_stop();
}
void Responder::reload() noexcept {
  loop_->wish_reload();
}

void Responder::Loop::run() {
  workers_.emplace(options_.workers, answerer_, *log_, wake_.get());
  housekeeper_.emplace(*handler_, *log_, options_.tick_interval, &Handler::tick);
  courier_.emplace(*handler_, *log_, options_.tick_interval, &Handler::run_due);
  log_->info("responder.started", {{"workers", std::to_string(options_.workers)}});
  while (!stopping_since_ || !connections_.empty()) poll_once();
  housekeeper_.reset();
  courier_.reset();
  workers_.reset();
  listeners_.clear();
  log_->info("responder.stopped");
}

void Responder::Loop::poll_once() {
  PollSet set = what_to_poll();
  if (::poll(set.entries.data(), set.entries.size(), poll_timeout()) < 0 && errno != EINTR) {
    log_->error("responder.poll_failed",
                {{"detail", std::strerror(errno)}});  // NOLINT(concurrency-mt-unsafe)
    wish_stop();
  }
  now_ = steady_clock::now();
  if (set.entries.front().revents != 0) fall_asleep(wake_.get());
  if (reload_wanted_.exchange(false)) housekeeper_->reload();
  take_finished();
  for (std::size_t i = set.first_connection; i < set.entries.size(); ++i) {
    if (set.entries[i].revents == 0) continue;
    const auto found = connections_.find(set.numbers[i - set.first_connection]);
    if (found != connections_.end() && !serve(found->second, found->first)) connections_.erase(found);
  }
  if (std::any_of(set.entries.begin() + 1,
                  set.entries.begin() + static_cast<std::ptrdiff_t>(set.first_connection),
                  [](const pollfd& entry) { return entry.revents != 0; })) {
    accept_waiting();
  }
  if (stop_wanted_ && !stopping_since_) begin_stop();
  expire();
}

Responder::Loop::PollSet Responder::Loop::what_to_poll() {
  PollSet set;
  set.entries.push_back({wake_.get(), POLLIN, 0});
  if (!stopping_since_ && now_ >= accept_again_) {
    for (const auto& listener : listeners_) set.entries.push_back({listener.descriptor(), POLLIN, 0});
  }
  set.first_connection = set.entries.size();
  buffered_ = 0;
  for (auto& [number, connection] : connections_) {
    buffered_ += connection.buffered_octets();
    if (connection.events() == 0) continue;
    set.entries.push_back({connection.descriptor(), connection.events(), 0});
    set.numbers.push_back(number);
  }
  return set;
}

/// Until the next deadline. Rounded up, lest the loop spin through the last millisecond.
int Responder::Loop::poll_timeout() const {
  auto next = SteadyTime::max();
  if (now_ < accept_again_) next = accept_again_;
  if (stopping_since_) {
    const auto grace_end = *stopping_since_ + kLateArrivalGrace;
    next = std::min(next, now_ < grace_end ? grace_end : *stopping_since_ + options_.stop_timeout);
  }
  for (const auto& [number, connection] : connections_) next = std::min(next, connection.deadline);
  if (next == SteadyTime::max()) return -1;
  const auto left = std::chrono::ceil<milliseconds>(next - steady_clock::now()).count();
  return static_cast<int>(std::clamp<decltype(left)>(left, 0, 60'000));
}

// --- connections come and go ---

void Responder::Loop::accept_waiting() {
  for (const auto& listener : listeners_) {
    while (true) {
      if (connections_.size() >= options_.max_connections && !make_room()) return pause_accepting("too many");
      auto accepted = listener.accept();
      if (accepted.refused_uid) {
        log_->warning("peer.refused", {{"uid", std::to_string(*accepted.refused_uid)},
                                       {"detail", "not among the users that may reach the FastCGI socket"}});
        continue;
      }
      if (accepted.error != 0) {
        make_room();
        return pause_accepting(std::strerror(accepted.error));  // NOLINT(concurrency-mt-unsafe): glibc's is
      }
      if (!accepted.descriptor.valid()) break;
      Connection connection(std::move(accepted.descriptor), listener.channel(), options_.policy);
      connection.deadline = now_ + options_.first_octet_timeout;
      const auto entry = connections_.emplace(next_number_++, std::move(connection)).first;
      // Web servers send what they have as soon as they are connected: most of the time the request is here
      // already.
      if (!serve(entry->second, entry->first)) connections_.erase(entry);
    }
  }
}

void Responder::Loop::pause_accepting(const char* why) {
  accept_again_ = now_ + kAcceptPause;
  log_->warning("responder.cannot_accept", {{"detail", why}});
}

/// Closes the kept connection that has been idle for the longest; false when all have something to do.
bool Responder::Loop::make_room() {
  auto oldest = connections_.end();
  for (auto entry = connections_.begin(); entry != connections_.end(); ++entry) {
    const auto& connection = entry->second;
    if (!connection.is_idle() || connection.idle_since == SteadyTime::max()) continue;
    if (oldest == connections_.end() || connection.idle_since < oldest->second.idle_since) oldest = entry;
  }
  if (oldest == connections_.end()) return false;
  connections_.erase(oldest);
  return true;
}

/// Whoever already stands at the door is let in; then it is closed.
void Responder::Loop::begin_stop() {
  accept_waiting();
  stopping_since_ = now_;
}

void Responder::Loop::expire() {
  for (auto entry = connections_.begin(); entry != connections_.end();) {
    const bool stays =
        !is_over(entry->second) && (entry->second.deadline > now_ || give_up(entry->second, entry->first));
    entry = stays ? std::next(entry) : connections_.erase(entry);
  }
}

/// While stopping: what has nothing in flight.
bool Responder::Loop::is_over(const Connection& connection) const {
  if (!stopping_since_) return false;
  if (now_ >= *stopping_since_ + options_.stop_timeout) return true;
  const bool grace_is_over = now_ >= *stopping_since_ + kLateArrivalGrace;
  if (connection.state() == Connection::State::draining) return grace_is_over;
  if (!connection.is_idle()) return false;
  // Closing a kept connection at the moment in which the web server reuses it loses a request (Apache: 503).
  // So it is closed with its answer, when nobody can have reused it yet, or when it has been silent for the
  // whole grace.
  const bool just_answered = connection.has_served() && connection.idle_since >= *stopping_since_;
  return just_answered || grace_is_over;
}

/// A deadline passed. A request that never became complete is still answered; true when the connection stays.
bool Responder::Loop::give_up(Connection& connection, std::uint64_t number) {
  if (connection.state() != Connection::State::reading || !connection.assembler().in_request()) return false;
  connection.assembler().refuse({408, "The request took too long to arrive.", {}});
  hand_over(connection, number);
  return true;
}

// --- one connection's way: read, work, write ---

/// All functions below return whether the connection stays.
bool Responder::Loop::serve(Connection& connection, std::uint64_t number) {
  switch (connection.state()) {
    case Connection::State::reading:
      return read(connection, number);
    case Connection::State::writing:
      return write(connection, number);
    case Connection::State::draining:
      return connection.receive() != Connection::Progress::ended;
    case Connection::State::working:
      break;
  }
  return true;
}

bool Responder::Loop::read(Connection& connection, std::uint64_t number) {
  const bool was_waiting = connection.is_idle();
  const auto progress = connection.receive();
  if (progress == Connection::Progress::ended) return false;
  if (progress == Connection::Progress::none) return true;
  if (was_waiting) connection.deadline = now_ + options_.read_timeout;
  if (!advance(connection, number)) return false;
  // What is complete may as well be answered; what goes on arriving may not.
  const bool arriving =
      connection.state() == Connection::State::reading && connection.assembler().in_request();
  if (arriving && buffered_ > options_.max_buffered) {
    connection.assembler().refuse({503, "Too many requests are arriving at once.", {}});
    hand_over(connection, number);
  }
  return true;
}

bool Responder::Loop::advance(Connection& connection, std::uint64_t number) {
  auto& assembler = connection.assembler();
  const auto event = assembler.advance();
  if (const auto replies = assembler.take_replies(); !replies.empty() && !connection.send_at_once(replies)) {
    return false;
  }
  switch (event) {
    case RequestAssembler::Event::broken:
      log_->warning("connection.garbage", {{"detail", "closed: what came is not FastCGI"}});
      return false;
    case RequestAssembler::Event::complete:
      hand_over(connection, number);
      return true;
    case RequestAssembler::Event::aborted:
      if (!assembler.keeps_connection()) return false;
      return advance(connection, number);
    case RequestAssembler::Event::incomplete:
      if (connection.is_idle()) wait_for_octets(connection);
      break;
  }
  return true;
}

void Responder::Loop::wait_for_octets(Connection& connection) {
  connection.idle_since = now_;
  const bool for_ever = options_.idle_timeout == milliseconds::zero();
  connection.deadline = for_ever ? SteadyTime::max() : now_ + options_.idle_timeout;
}

void Responder::Loop::hand_over(Connection& connection, std::uint64_t number) {
  Job job{number, connection.channel(), connection.assembler().take()};
  connection.begin_work(job.request.keep_connection, job.request.refusal.has_value());
  connection.deadline = SteadyTime::max();  // the handler's time is the handler's business
  workers_->submit(std::move(job));
}

void Responder::Loop::take_finished() {
  for (auto& finished : workers_->collect()) {
    const auto found = connections_.find(finished.connection);
    if (found == connections_.end()) continue;
    auto& connection = found->second;
    bool stays = !finished.output.empty();
    if (stays) {
      connection.begin_answer(std::move(finished.output));
      connection.deadline = now_ + options_.write_timeout;
      stays = write(connection, found->first);
    }
    if (!stays) connections_.erase(found);
  }
}

bool Responder::Loop::write(Connection& connection, std::uint64_t number) {
  const auto progress = connection.send();
  if (progress == Connection::Progress::ended) return false;
  if (progress == Connection::Progress::none) return true;
  if (!connection.end_answer()) return false;
  if (connection.state() == Connection::State::draining) {
    connection.deadline = now_ + options_.write_timeout;
    return true;
  }
  connection.deadline = now_ + options_.read_timeout;
  if (!advance(connection, number)) return false;
  // The sooner a connection is closed behind its last answer, the less time the web server has to reuse it.
  return !(stopping_since_ && connection.is_idle());
}

}  // namespace oidcop::fcgi
