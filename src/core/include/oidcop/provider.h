#pragma once

#include <oidcop/hooks.h>
#include <oidcop/http.h>
#include <oidcop/random.h>
#include <oidcop/result.h>
#include <oidcop/time.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace oidcop {

namespace store {
class Store;
}
namespace http {
class Fetcher;
}

/// How long this process will live.
enum class Stay : std::uint8_t {
  many_requests,  ///< a responder: everything is read and checked at the start
  one_request,    ///< a CGI program: pages are read when one is needed
};

struct ProviderOptions {
  std::filesystem::path configuration;  ///< the configuration file
  Hooks hooks;                          ///< of the embedding program
  const Clock* clock = nullptr;         ///< borrowed; null: the machine's
  Random* random = nullptr;             ///< borrowed; null: the machine's
  /// Borrowed; null: the database that the configuration names. Its interface is no part of the public API:
  /// this is for programs that are built with the sources.
  store::Store* store = nullptr;
  /// Borrowed; null: what fetches as the configuration says. Its interface is no part of the public API
  /// either.
  http::Fetcher* fetcher = nullptr;
  /// Takes log lines (without newline, possibly from several threads at once); empty: they go where the
  /// configuration says.
  std::function<void(std::string_view line)> log_line;
  Stay stay = Stay::many_requests;
};

/// An OpenID Provider: configuration, keys, state, and all endpoints that are on.
///
/// handle() is a function of the request, the store, the clock and the randomness; nothing else is remembered
/// between requests. All functions are thread-safe.
class Provider {
 public:
  /// Reads configuration, keys and pages, and opens the state. Errors: as they stand in the configuration,
  /// each problem on a line; what is missing names the command that makes it.
  static Result<std::unique_ptr<Provider>> open(ProviderOptions options);
  ~Provider();
  Provider(const Provider&) = delete;
  Provider& operator=(const Provider&) = delete;

  /// Answers one request, always.
  http::Response handle(const http::Request& request) const;

  /// Reads configuration, keys and pages anew; what is being answered goes on with the old ones. All or
  /// nothing: on error everything stays. Issuer and database cannot change this way.
  Result<void> reload();

  /// To be called about every second while running, or after the answer of a CGI program: picks up changed
  /// key files, and does a bounded piece of what is due.
  void tick();

  /// To be called about every second by a thread of its own, or after the answer of a CGI program: does a
  /// bounded piece of what is due and takes its time, since it asks others over the network (tells relying
  /// parties of sessions that ended). Blocks for a few seconds at most, hardly at all when nothing is due.
  /// \return whether there was something to do
  bool run_due();

 private:
  struct Running;
  explicit Provider(std::unique_ptr<Running> running);
  std::unique_ptr<Running> running_;
};

}  // namespace oidcop
