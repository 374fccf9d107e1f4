#include "core/store/contract/contract.h"

#include "store/sqlite/sqlite_store.h"
#include "support/temporary_directory.h"

#include <ostream>

namespace oidcop::testing {
namespace {

class SqliteHarness final : public StoreHarness {
 public:
  SqliteHarness() : store_(open()) {}
  store::Store& store() override { return *store_; }
  store::Store& neighbour() override {
    if (!neighbour_) neighbour_ = open();
    return *neighbour_;
  }

 private:
  std::unique_ptr<store::Store> open() {
    // What a power cut does is not asked here; the rest is the same, and faster.
    auto opened = store::open_sqlite_store({.path = folder_.path() / "oidcop.db",
                                            .issuer = "https://op.example",
                                            .synchronous = store::Synchronous::normal,
                                            .throttle_windows = 8});
    EXPECT_TRUE(opened) << opened.error().detail;
    return opened ? std::move(*opened) : nullptr;
  }

  TemporaryDirectory folder_;
  std::unique_ptr<store::Store> store_, neighbour_;
};

}  // namespace

std::vector<StoreBackend> store_backends() {
  return {{"sqlite", [] { return std::make_unique<SqliteHarness>(); }}};
}

void PrintTo(const StoreBackend& backend, std::ostream* out) {
  *out << backend.name;
}

void StoreContract::SetUp() {
  harness_ = GetParam().make();
}

void StoreContract::TearDown() {
  const auto findings = store().check();
  ASSERT_TRUE(findings) << findings.error().detail;
  for (const auto& finding : *findings) ADD_FAILURE() << finding;
}

void StoreContract::put_user(const std::string& name) {
  const auto done = store().put_user(a_user(name), store::IfExists::refuse);
  ASSERT_TRUE(done) << done.error().detail;
}

void StoreContract::put_client(const std::string& id) {
  const auto done = store().put_client(a_client(id), store::IfExists::refuse);
  ASSERT_TRUE(done) << done.error().detail;
}

void StoreContract::sign_in(const std::string& session, const std::string& user) {
  const auto id = store().commit(store::SignIn{a_session(session, user), {}, {}, {}});
  ASSERT_TRUE(id) << id.error().detail;
  ASSERT_EQ(id->text(), session);
}

void StoreContract::authorize(const store::Authorize& command) {
  const auto outcome = store().commit(command);
  ASSERT_TRUE(outcome) << outcome.error().detail;
  ASSERT_EQ(*outcome, store::AuthorizeOutcome::issued);
}

void StoreContract::begin_chain() {
  put_user("alice");
  put_client("app");
  sign_in("s1", "alice");
  authorize(an_authorization("s1", "g1", "c1"));
}

void StoreContract::begin_tokens() {
  begin_chain();
  const auto outcome = store().commit(a_code_exchange("c1"));
  ASSERT_TRUE(outcome) << outcome.error().detail;
  ASSERT_EQ(*outcome, store::ExchangeOutcome::first);
}

std::string StoreContract::state(const std::string& token, std::int64_t after) {
  const auto found = store().find_token(sha256(token));
  if (!found) return found.error().code == Errc::not_found ? "absent" : found.error().detail;
  switch (model::state_of(*found, at(after))) {
    case model::TokenState::active:
      return "active";
    case model::TokenState::expired:
      return "expired";
    case model::TokenState::used_up:
      return "used up";
    case model::TokenState::revoked:
      return "revoked";
  }
  return "unknown";
}

model::TokenRecord StoreContract::token(const std::string& name) {
  const auto found = store().find_token(sha256(name));
  EXPECT_TRUE(found) << name;
  return found ? found->token : model::TokenRecord{};
}

}  // namespace oidcop::testing
