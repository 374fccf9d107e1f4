#include "endpoint/hook_runner.h"

#include "base/json.h"
#include "client/authentication/client_authenticator.h"
#include "endpoint/error_text.h"
#include "model/scope.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <nlohmann/json.hpp>

namespace oidcop::endpoint {
namespace {

constexpr auto kSlow = std::chrono::milliseconds(250);

/// Response members that the protocol relies on: a hook may add `iss`, and change none of them.
constexpr std::array<std::string_view, 22> kProtocolMembers{
    "iss",      "sub",          "aud",           "exp",        "iat",   "nbf",       "jti", "nonce",
    "at_hash",  "c_hash",       "s_hash",        "code",       "state", "cnf",       "azp", "sid",
    "id_token", "access_token", "refresh_token", "token_type", "error", "expires_in"};
constexpr std::string_view kAddable = "iss";  // RFC 9207 is itself a hook

bool is_same(const Json* a, const Json* b) {
  return a == nullptr || b == nullptr ? a == b : *a == *b;
}

/// The members that stay as they are, and no others: a request may be large, and is kept for each hook.
Message only(std::span<const std::string_view> names, const Message& message) {
  Message kept;
  for (const auto name : names) {
    if (const Json* value = message.find(name); value != nullptr) kept.set(name, *value);
  }
  return kept;
}

/// The name of a frozen member that differs, or empty.
std::string_view first_change(const Message& before, const Message& after,
                              std::span<const std::string_view> frozen) {
  for (const auto name : frozen) {
    if (!is_same(before.find(name), after.find(name))) return name;
  }
  return {};
}

bool scope_grew(const Message& before, const Message& after) {
  const model::ScopeSet old_scope(before.words("scope"));
  const model::ScopeSet new_scope(after.words("scope"));
  return !new_scope.is_subset_of(old_scope);
}

std::string_view first_forbidden_change(const Message& before, const Message& after) {
  for (const auto name : kProtocolMembers) {
    const Json* old_value = before.find(name);
    const Json* new_value = after.find(name);
    if (old_value == nullptr && (new_value == nullptr || name == kAddable)) continue;
    if (old_value == nullptr || new_value == nullptr || *old_value != *new_value) return name;
  }
  if (before.has("scope") && scope_grew(before, after)) return "scope";
  return {};
}

/// Whether the refusal can be sent as it is: a status of an error, and texts that break out of no header.
bool is_presentable(const ProtocolError& error) {
  const auto is_plain = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  };
  return error.http_status >= 400 && error.http_status <= 599 && error.retry_after >= 0 &&
         !error.code.empty() && is_plain(error.code) && is_plain(error.www_authenticate);
}

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool have_one_in_common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::find_first_of(a.begin(), a.end(), b.begin(), b.end()) != a.end();
}

/// Times a hook, catches what it throws, and logs both.
class Watch {
 public:
  Watch(Log& log, const HookContext& context, std::string_view step, const std::string& owner)
      : log_(log), context_(context), step_(step), owner_(owner), start_(std::chrono::steady_clock::now()) {}

  template <class Call>
  auto run(Call&& call) -> decltype(call()) {
    try {
      auto outcome = call();
      note_time();
      if (!outcome && !is_presentable(outcome.error())) return broken("refused with a malformed error");
      if (!outcome) outcome.error().description = error_text(std::move(outcome.error().description));
      return outcome;
    } catch (const std::exception& e) {
      return broken(std::string("threw: ") + e.what());
    } catch (...) {
      return broken("threw something that is no exception");
    }
  }

  tl::unexpected<ProtocolError> broken(std::string what) {
    log_.error("hook.failed", {{"endpoint", std::string(context_.endpoint)},
                               {"step", std::string(step_)},
                               {"owner", owner_},
                               {"request_id", std::string(context_.request_id)},
                               {"detail", what}});
    return fail(server_error("hook " + owner_ + " " + what));
  }

 private:
  void note_time() {
    const auto took = std::chrono::steady_clock::now() - start_;
    if (took < kSlow) return;
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    log_.warning("hook.slow", {{"endpoint", std::string(context_.endpoint)},
                               {"step", std::string(step_)},
                               {"owner", owner_},
                               {"milliseconds", std::to_string(ms)}});
  }

  Log& log_;
  const HookContext& context_;
  std::string_view step_;
  const std::string& owner_;
  std::chrono::steady_clock::time_point start_;
};

template <class Hook>
Verdict run_response_hook(const OwnedHook<Hook>& owned, std::string_view step, Message& message,
                          std::span<const std::string_view> frozen, const HookContext& context, Log& log) {
  const Message before = message;
  Watch watch(log, context, step, owned.owner);
  auto verdict = watch.run([&]() -> Verdict { return owned.hook(message, context); });
  if (!verdict) return verdict;
  auto changed = first_forbidden_change(before, message);
  if (changed.empty()) changed = first_change(before, message, frozen);
  if (!changed.empty()) return watch.broken("changed " + std::string(changed));
  return {};
}

template <class Hook>
Verdict run_response_step(const std::vector<OwnedHook<Hook>>& hooks, std::string_view step, Message& message,
                          std::span<const std::string_view> frozen, const HookContext& context, Log& log) {
  for (const auto& owned : hooks) {
    auto verdict = run_response_hook(owned, step, message, frozen, context, log);
    if (!verdict) return verdict;
  }
  return {};
}

}  // namespace

Result<std::optional<RecognisedClient>, ProtocolError> HookRunner::authenticate_client(
    const Message& request, const http::Request& http, const std::vector<std::string>& methods,
    const HookContext& context) const {
  using Outcome = Result<std::optional<HookAuthentication>, ProtocolError>;
  using Presented = Result<std::optional<RecognisedClient>, ProtocolError>;
  Presented presented;
  for (const auto& owned : hooks_.client_authentication) {
    if (!have_one_in_common(owned.methods, methods)) continue;
    Watch watch(log_, context, "client_authentication", owned.owner);
    auto outcome = watch.run([&]() -> Outcome { return owned.hook(request, http, context); });
    if (!outcome && outcome.error().http_status >= 500) return fail(std::move(outcome).error());
    if (outcome && !*outcome) continue;
    if (!presented || *presented) return fail(client::several_mechanisms());
    if (!outcome) {
      presented = fail(std::move(outcome).error());
      continue;
    }
    if (!contains(owned.methods, (*outcome)->method))
      return watch.broken("claimed a method that is not its own");
    presented = RecognisedClient{owned.owner, std::move(**outcome)};
  }
  return presented;
}

Verdict HookRunner::post_parse_request(Message& request, std::span<const std::string_view> frozen,
                                       const HookContext& context) const {
  for (const auto& owned : hooks_.post_parse_request) {
    const Message before = only(frozen, request);
    Watch watch(log_, context, "post_parse_request", owned.owner);
    auto verdict = watch.run([&]() -> Verdict { return owned.hook(request, context); });
    if (!verdict) return verdict;
    const auto changed = first_change(before, request, frozen);
    if (!changed.empty()) return watch.broken("changed " + std::string(changed));
  }
  return {};
}

Verdict HookRunner::pre_construct(Message& args, std::span<const std::string_view> frozen,
                                  const HookContext& context) const {
  return run_response_step(hooks_.pre_construct, "pre_construct", args, frozen, context, log_);
}

Verdict HookRunner::post_construct(Message& response, std::span<const std::string_view> frozen,
                                   const HookContext& context) const {
  return run_response_step(hooks_.post_construct, "post_construct", response, frozen, context, log_);
}

void HookRunner::post_construct_where_possible(Message& response, std::span<const std::string_view> frozen,
                                               const HookContext& context) const {
  for (const auto& owned : hooks_.post_construct) {
    Message attempt = response;
    if (run_response_hook(owned, "post_construct", attempt, frozen, context, log_))
      response = std::move(attempt);
  }
}

Result<GrantDecision, ProtocolError> run_grant_hook(const OwnedGrant& grant, const Message& request,
                                                    const HookContext& context, Log& log) {
  Watch watch(log, context, "grant", grant.owner);
  return watch.run([&] { return grant.hook(request, context); });
}

}  // namespace oidcop::endpoint
