#pragma once

#include "store/client_cache.h"
#include "store/sqlite/connection_pool.h"
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/write_queue.h"

#include <optional>
#include <utility>

namespace oidcop::store::sqlite {

/// The store over SQLite: reads on pooled connections that cannot write, writes through one queue.
class Backend final : public Store {
 public:
  Backend(const SqliteOptions& options, const std::string& absolute_path);
  /// A connection that was needed for opening serves the first read.
  void adopt_reader(std::unique_ptr<Connection> connection) { readers_.adopt(std::move(connection)); }

  Result<model::SharedClient> find_client(const model::ClientId& id) override;
  Result<std::vector<model::Client>> list_clients() override;
  Result<void> put_client(const model::Client& client, IfExists if_exists) override;
  Result<void> delete_client(const model::ClientId& id) override;

  Result<model::User> find_user(const model::UserId& id) override;
  Result<model::User> find_user_by_name(std::string_view username) override;
  Result<std::vector<model::User>> list_users() override;
  Result<void> put_user(const model::User& user, IfExists if_exists) override;
  Result<void> set_password(const model::UserId& id, const std::string& hash, TimePoint now) override;
  Result<void> replace_password_hash(const model::UserId& id, const std::string& verified,
                                     const std::string& next) override;
  Result<std::string> borrow_password_hash(std::string_view key) override;
  Result<void> delete_user(const model::UserId& id) override;

  Result<LiveSession> find_session(const Digest& cookie) override;
  Result<model::SessionId> commit(const SignIn& command) override;
  Result<model::ClientSession> find_client_session(const model::SessionId& user_session,
                                                   const model::ClientId& client) override;
  Result<AuthorizeOutcome> commit(const Authorize& command) override;
  Result<void> end_session(const model::SessionId& id, TimePoint now) override;
  Result<std::vector<model::ClientSession>> list_client_sessions(const model::SessionId& id) override;
  Result<void> revoke_grant(const model::GrantId& id, TimePoint now) override;
  Result<model::Consent> find_consent(const model::UserId& user, const model::ClientId& client,
                                      TimePoint now) override;
  Result<void> record_minted(const model::UserSession& session, const Authorize& command) override;

  Result<model::PresentedToken> find_token(const Digest& digest) override;
  Result<ExchangeOutcome> commit(const CodeExchange& command) override;
  Result<RefreshOutcome> commit(const RefreshExchange& command) override;
  Result<void> revoke_token(const Digest& digest, TimePoint now) override;
  Result<bool> use_jti(const UsedJti& jti, TimePoint now) override;

  Result<model::ClientToken> find_client_token(const Digest& digest) override;
  Result<IssueOutcome> commit(const IssueClientToken& command) override;
  Result<void> revoke_client_token(const Digest& digest, TimePoint now) override;

  Result<std::optional<TimePoint>> reserve_attempt(const std::vector<ThrottleBucket>& buckets,
                                                   TimePoint now) override;
  Result<void> refund_attempt(const std::vector<ThrottleBucket>& buckets, TimePoint now) override;
  Result<bool> is_known_device(const Digest& device, TimePoint now) override;

  Result<void> put_pushed_request(const PushedRequest& request) override;
  Result<PushedRequest> find_pushed_request(const Digest& uri) override;

  Result<void> put_device_authorization(const DeviceAuthorization& authorization) override;
  Result<DeviceAuthorization> find_device_authorization(const Digest& user_code) override;
  Result<bool> deny_device(const Digest& user_code, TimePoint now) override;
  Result<PollOutcome> commit(const DevicePoll& command) override;

  Result<FetchedDocument> find_document(const model::ClientId& client, std::string_view url) override;
  Result<void> keep_document(const model::ClientId& client, std::string_view url,
                             const FetchedDocument& document, TimePoint kept_until) override;

  Result<RegisterOutcome> commit(const RegisterClient& command) override;
  Result<UpdateOutcome> commit(const UpdateRegistration& command) override;
  Result<Registration> find_registration(const Digest& access_token) override;
  Result<void> delete_registration(const Digest& access_token) override;
  Result<void> put_initial_token(const model::InitialAccessToken& token) override;
  Result<model::InitialAccessToken> find_initial_token(const Digest& digest) override;
  Result<std::vector<model::InitialAccessToken>> list_initial_tokens() override;
  Result<void> revoke_initial_token(const std::string& id, TimePoint now) override;

  Result<SweepReport> sweep(TimePoint now, int budget) override;
  Result<std::vector<std::string>> check() override;

  Result<std::vector<std::vector<model::LogoutNotice>>> lease_logout_notices(
      const LeaseNotices& command) override;
  Result<void> remove_logout_notice(const std::string& sid) override;
  Result<void> commit(const PostponeNotices& command) override;
  Result<void> release_logout_notices(const std::vector<std::string>& sids, TimePoint now) override;

 private:
  /// `work`: Connection& -> Result<…>, statements that read.
  template <class Work>
  auto read(Work&& work) -> decltype(work(std::declval<Connection&>())) {
    auto lease = readers_.take();
    if (!lease) return fail(std::move(lease).error());
    return work(**lease);
  }

  /// `work`: Connection& -> Result<…>. May run on another thread, while this one waits.
  template <class Work>
  auto write(Work&& work) -> decltype(work(std::declval<Connection&>())) {
    std::optional<decltype(work(std::declval<Connection&>()))> outcome;
    auto done = writers_.run([&](Connection& connection) -> Result<void> {
      outcome.emplace(work(connection));
      if (!*outcome) return fail(outcome->error());
      return {};
    });
    if (!done) return fail(std::move(done).error());
    return *std::move(outcome);
  }

  std::string path_;
  int throttle_windows_;
  ClientCache clients_;
  ConnectionPool readers_;
  WriteQueue writers_;
};

}  // namespace oidcop::store::sqlite
