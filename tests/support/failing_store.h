#pragma once

#include "store/store.h"

#include <atomic>
#include <functional>
#include <utility>

namespace oidcop::testing {

/// A store that is `unavailable` on request: whatever a caller does with several calls is proved by failing
/// each of them in turn.
class FailingStore final : public store::Store {
 public:
  enum class When : std::uint8_t {
    before,  ///< nothing happened
    after,   ///< it happened, but the answer was lost
  };

  explicit FailingStore(store::Store& inner) : inner_(inner) {}  ///< `inner` outlives it

  /// The n-th call from now fails, and no other; 1 is the next one.
  void fail_call(int n, When when = When::before) {
    when_ = when;
    count_ = 0;
    failing_ = n;
  }
  /// Every call from now on fails, until `fail_none`.
  void fail_all() { failing_ = kAll; }
  void fail_none() { failing_ = kNone; }
  /// Just before the n-th call from now this happens, once: what somebody else writes between two calls.
  void before_call(int n, std::function<void()> happens) {
    happens_ = std::move(happens);
    count_ = 0;
    happens_at_ = n;
  }
  int calls() const { return count_; }  ///< since the beginning, or the last `fail_call` or `before_call`

  // clang-format off
  Result<model::SharedClient> find_client(const model::ClientId& id) override {
    return call([&] { return inner_.find_client(id); });
  }
  Result<std::vector<model::Client>> list_clients() override {
    return call([&] { return inner_.list_clients(); });
  }
  Result<void> put_client(const model::Client& client, store::IfExists if_exists) override {
    return call([&] { return inner_.put_client(client, if_exists); });
  }
  Result<void> delete_client(const model::ClientId& id) override {
    return call([&] { return inner_.delete_client(id); });
  }
  Result<model::User> find_user(const model::UserId& id) override {
    return call([&] { return inner_.find_user(id); });
  }
  Result<model::User> find_user_by_name(std::string_view username) override {
    return call([&] { return inner_.find_user_by_name(username); });
  }
  Result<std::vector<model::User>> list_users() override {
    return call([&] { return inner_.list_users(); });
  }
  Result<void> put_user(const model::User& user, store::IfExists if_exists) override {
    return call([&] { return inner_.put_user(user, if_exists); });
  }
  Result<void> set_password(const model::UserId& id, const std::string& hash, TimePoint now) override {
    return call([&] { return inner_.set_password(id, hash, now); });
  }
  Result<void> replace_password_hash(const model::UserId& id, const std::string& verified,
                                     const std::string& next) override {
    return call([&] { return inner_.replace_password_hash(id, verified, next); });
  }
  Result<std::string> borrow_password_hash(std::string_view key) override {
    return call([&] { return inner_.borrow_password_hash(key); });
  }
  Result<void> delete_user(const model::UserId& id) override {
    return call([&] { return inner_.delete_user(id); });
  }
  Result<store::LiveSession> find_session(const Digest& cookie) override {
    return call([&] { return inner_.find_session(cookie); });
  }
  Result<model::SessionId> commit(const store::SignIn& command) override {
    return call([&] { return inner_.commit(command); });
  }
  Result<model::ClientSession> find_client_session(const model::SessionId& user_session,
                                                   const model::ClientId& client) override {
    return call([&] { return inner_.find_client_session(user_session, client); });
  }
  Result<store::AuthorizeOutcome> commit(const store::Authorize& command) override {
    return call([&] { return inner_.commit(command); });
  }
  Result<void> end_session(const model::SessionId& id, TimePoint now) override {
    return call([&] { return inner_.end_session(id, now); });
  }
  Result<std::vector<model::ClientSession>> list_client_sessions(const model::SessionId& id) override {
    return call([&] { return inner_.list_client_sessions(id); });
  }
  Result<void> revoke_grant(const model::GrantId& id, TimePoint now) override {
    return call([&] { return inner_.revoke_grant(id, now); });
  }
  Result<model::Consent> find_consent(const model::UserId& user, const model::ClientId& client,
                                      TimePoint now) override {
    return call([&] { return inner_.find_consent(user, client, now); });
  }
  Result<void> record_minted(const model::UserSession& session, const store::Authorize& command) override {
    return call([&] { return inner_.record_minted(session, command); });
  }
  Result<model::PresentedToken> find_token(const Digest& digest) override {
    return call([&] { return inner_.find_token(digest); });
  }
  Result<store::ExchangeOutcome> commit(const store::CodeExchange& command) override {
    return call([&] { return inner_.commit(command); });
  }
  Result<store::RefreshOutcome> commit(const store::RefreshExchange& command) override {
    return call([&] { return inner_.commit(command); });
  }
  Result<void> revoke_token(const Digest& digest, TimePoint now) override {
    return call([&] { return inner_.revoke_token(digest, now); });
  }
  Result<bool> use_jti(const store::UsedJti& jti, TimePoint now) override {
    return call([&] { return inner_.use_jti(jti, now); });
  }
  Result<void> put_pushed_request(const store::PushedRequest& request) override {
    return call([&] { return inner_.put_pushed_request(request); });
  }
  Result<store::PushedRequest> find_pushed_request(const Digest& uri) override {
    return call([&] { return inner_.find_pushed_request(uri); });
  }
  Result<void> put_device_authorization(const store::DeviceAuthorization& authorization) override {
    return call([&] { return inner_.put_device_authorization(authorization); });
  }
  Result<store::DeviceAuthorization> find_device_authorization(const Digest& user_code) override {
    return call([&] { return inner_.find_device_authorization(user_code); });
  }
  Result<bool> deny_device(const Digest& user_code, TimePoint now) override {
    return call([&] { return inner_.deny_device(user_code, now); });
  }
  Result<store::PollOutcome> commit(const store::DevicePoll& command) override {
    return call([&] { return inner_.commit(command); });
  }
  Result<model::ClientToken> find_client_token(const Digest& digest) override {
    return call([&] { return inner_.find_client_token(digest); });
  }
  Result<store::IssueOutcome> commit(const store::IssueClientToken& command) override {
    return call([&] { return inner_.commit(command); });
  }
  Result<void> revoke_client_token(const Digest& digest, TimePoint now) override {
    return call([&] { return inner_.revoke_client_token(digest, now); });
  }
  Result<std::optional<TimePoint>> reserve_attempt(const std::vector<store::ThrottleBucket>& buckets,
                                                   TimePoint now) override {
    return call([&] { return inner_.reserve_attempt(buckets, now); });
  }
  Result<void> refund_attempt(const std::vector<store::ThrottleBucket>& buckets, TimePoint now) override {
    return call([&] { return inner_.refund_attempt(buckets, now); });
  }
  Result<bool> is_known_device(const Digest& device, TimePoint now) override {
    return call([&] { return inner_.is_known_device(device, now); });
  }
  Result<store::FetchedDocument> find_document(const model::ClientId& client, std::string_view url) override {
    return call([&] { return inner_.find_document(client, url); });
  }
  Result<void> keep_document(const model::ClientId& client, std::string_view url,
                             const store::FetchedDocument& document, TimePoint kept_until) override {
    return call([&] { return inner_.keep_document(client, url, document, kept_until); });
  }
  Result<store::RegisterOutcome> commit(const store::RegisterClient& command) override {
    return call([&] { return inner_.commit(command); });
  }
  Result<store::UpdateOutcome> commit(const store::UpdateRegistration& command) override {
    return call([&] { return inner_.commit(command); });
  }
  Result<store::Registration> find_registration(const Digest& access_token) override {
    return call([&] { return inner_.find_registration(access_token); });
  }
  Result<void> delete_registration(const Digest& access_token) override {
    return call([&] { return inner_.delete_registration(access_token); });
  }
  Result<void> put_initial_token(const model::InitialAccessToken& token) override {
    return call([&] { return inner_.put_initial_token(token); });
  }
  Result<model::InitialAccessToken> find_initial_token(const Digest& digest) override {
    return call([&] { return inner_.find_initial_token(digest); });
  }
  Result<std::vector<model::InitialAccessToken>> list_initial_tokens() override {
    return call([&] { return inner_.list_initial_tokens(); });
  }
  Result<void> revoke_initial_token(const std::string& id, TimePoint now) override {
    return call([&] { return inner_.revoke_initial_token(id, now); });
  }
  Result<store::SweepReport> sweep(TimePoint now, int budget) override {
    return call([&] { return inner_.sweep(now, budget); });
  }
  Result<std::vector<std::string>> check() override {
    return call([&] { return inner_.check(); });
  }
  Result<std::vector<std::vector<model::LogoutNotice>>> lease_logout_notices(
      const store::LeaseNotices& command) override {
    return call([&] { return inner_.lease_logout_notices(command); });
  }
  Result<void> remove_logout_notice(const std::string& sid) override {
    return call([&] { return inner_.remove_logout_notice(sid); });
  }
  Result<void> commit(const store::PostponeNotices& command) override {
    return call([&] { return inner_.commit(command); });
  }
  Result<void> release_logout_notices(const std::vector<std::string>& sids, TimePoint now) override {
    return call([&] { return inner_.release_logout_notices(sids, now); });
  }
  // clang-format on

 private:
  static constexpr int kNone = 0;
  static constexpr int kAll = -1;

  template <class Verb>
  auto call(Verb&& verb) -> decltype(verb()) {
    const int number = ++count_;
    if (number == happens_at_) {
      happens_at_ = kNone;
      happens_();
    }
    if (failing_ != kAll && failing_ != number) return verb();
    if (failing_ != kAll && when_ == When::after) (void)verb();
    return fail(Errc::unavailable, "call " + std::to_string(number) + " failed on request");
  }

  store::Store& inner_;
  std::atomic<int> count_{0};
  std::atomic<int> failing_{kNone};
  When when_ = When::before;
  std::function<void()> happens_;
  int happens_at_ = kNone;
};

}  // namespace oidcop::testing
