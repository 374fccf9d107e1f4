#include "core/store/contract/contract.h"

#include <atomic>
#include <thread>

namespace oidcop::testing {
namespace {

OIDCOP_STORE_CONTRACT(TokenStoreContract);

TEST_P(TokenStoreContract, UnknownTokenIsNotFound) {
  EXPECT_EQ(store().find_token(sha256("guess")).error().code, Errc::not_found);
  EXPECT_EQ(store().revoke_token(sha256("guess"), at(1)).error().code, Errc::not_found);
}

TEST_P(TokenStoreContract, RevokingATokenTakesWhatWasMintedFromIt) {
  begin_tokens();
  ASSERT_TRUE(store().commit(a_refresh("c1-rt", "n1", 10)));
  ASSERT_TRUE(store().commit(a_refresh("n1-rt", "n2", 20)));
  ASSERT_TRUE(store().revoke_token(sha256("n1-rt"), at(30)));
  EXPECT_EQ(state("n1-rt", 30), "revoked");
  EXPECT_EQ(state("n2-at", 30), "revoked");
  EXPECT_EQ(state("n2-rt", 30), "revoked");
  EXPECT_EQ(state("n1-at", 30), "active");  // a sibling of it
  EXPECT_EQ(state("c1-at", 30), "active");
}

TEST_P(TokenStoreContract, RevokingTwiceKeepsTheFirstMoment) {
  begin_tokens();
  ASSERT_TRUE(store().revoke_token(sha256("c1-at"), at(10)));
  ASSERT_TRUE(store().revoke_token(sha256("c1-at"), at(20)));
  EXPECT_EQ(token("c1-at").revoked_at, at(10));
}

TEST_P(TokenStoreContract, ATokenKeepsTheResourcesThatItIsFor) {
  begin_chain();
  auto exchange = a_code_exchange("c1");
  auto bought = an_access_token("for-two");
  bought.audience = {"https://api.example.org", "urn:example:files"};
  exchange.tokens = {bought};
  ASSERT_TRUE(store().commit(exchange));
  EXPECT_EQ(token("for-two").audience, bought.audience);
  EXPECT_TRUE(token("c1").audience.empty());
}

TEST_P(TokenStoreContract, JtiIsNewOnceUntilItsTimeIsOver) {
  const store::UsedJti jti{sha256("app 1"), at(300)};
  EXPECT_TRUE(*store().use_jti(jti, at(1)));
  EXPECT_FALSE(*store().use_jti(jti, at(299)));
  EXPECT_TRUE(*store().use_jti({sha256("app 2"), at(300)}, at(1)));
  EXPECT_TRUE(*store().use_jti({sha256("app 1"), at(600)}, at(300)));
  EXPECT_FALSE(*store().use_jti({sha256("app 1"), at(600)}, at(301)));
}

TEST_P(TokenStoreContract, OfManyThreadsOneSpendsTheCode) {
  begin_chain();
  std::atomic<int> first{0};
  std::atomic<int> replays{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      auto exchange = a_code_exchange("c1");
      exchange.tokens = {an_access_token("at-" + std::to_string(i))};
      const auto outcome = store().commit(exchange);
      if (outcome && *outcome == store::ExchangeOutcome::first) ++first;
      if (outcome && *outcome == store::ExchangeOutcome::replay) ++replays;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(first, 1);
  EXPECT_EQ(replays, 15);
}

TEST_P(TokenStoreContract, ReadersAndWritersShareTheStore) {
  begin_tokens();
  std::atomic<bool> stop{false};
  std::atomic<int> failures{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        if (!store().find_token(sha256("c1-at"))) ++failures;
      }
    });
  }
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&, i] {
      for (int n = 0; n < 25; ++n) {
        const auto key = sha256("jti " + std::to_string(i * 100 + n));
        if (const auto is_new = store().use_jti({key, at(300)}, at(1)); !is_new || !*is_new) ++failures;
      }
    });
  }
  for (auto& writer : writers) writer.join();
  stop = true;
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(failures, 0);
}

}  // namespace
}  // namespace oidcop::testing
