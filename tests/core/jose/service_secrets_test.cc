#include "jose/service_secrets.h"

#include "core/jose/jose_data.h"
#include "jose/keyed_hash.h"
#include "support/fixed_random.h"
#include "support/manual_clock.h"

namespace oidcop::jose {
namespace {

using oidcop::testing::FixedRandom;
using oidcop::testing::ManualClock;

std::string states(const ServiceSecrets& secrets, SecretPurpose purpose) {
  std::string text;
  for (const auto& master : secrets.masters()) {
    if (master.purpose == purpose)
      text += (text.empty() ? "" : " ") + std::string(key_state_name(master.state));
  }
  return text;
}

TEST(ServiceSecrets, HaveOneOfEachPurposeAllDifferent) {
  FixedRandom random;
  const auto secrets = ServiceSecrets::create(random, ManualClock().now());
  ASSERT_TRUE(secrets);
  ASSERT_EQ(secrets->masters().size(), 4U);
  for (const auto& one : secrets->masters()) {
    EXPECT_EQ(one.octets.size(), 32U);
    for (const auto& other : secrets->masters()) {
      EXPECT_EQ(&one == &other, equal_in_constant_time(one.octets, other.octets));
      EXPECT_EQ(&one == &other, one.id == other.id);
    }
  }
  FixedRandom broken(1, 5);
  EXPECT_EQ(ServiceSecrets::create(broken, ManualClock().now()).error().code, Errc::unavailable);
}

TEST(ServiceSecrets, SurviveTheFile) {
  FixedRandom random;
  const auto secrets = *ServiceSecrets::create(random, ManualClock().now());
  const auto again = ServiceSecrets::parse(secrets.dump());
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(again->dump().reveal(), secrets.dump().reveal());
  EXPECT_EQ(again->ring(SecretPurpose::data).current().id, secrets.ring(SecretPurpose::data).current().id);
}

TEST(ServiceSecrets, RefuseAnIncompleteOrWeakFile) {
  FixedRandom random;
  const auto good = *parse_json(ServiceSecrets::create(random, ManualClock().now())->dump().reveal());
  const auto accepts = [](const Json& set) {
    return ServiceSecrets::parse(Secret(dump_json(set))).has_value();
  };
  EXPECT_TRUE(accepts(good));
  for (std::size_t i = 0; i < 4; ++i) {
    auto set = good;
    set["keys"].erase(i);
    EXPECT_FALSE(accepts(set));
    for (const auto& [name, value] : std::vector<std::pair<std::string, Json>>{{"oidcop_purpose", "cookies"},
                                                                               {"oidcop_purpose", nullptr},
                                                                               {"oidcop_state", "retired"},
                                                                               {"oidcop_state", "archived"},
                                                                               {"oidcop_created_at", "x"},
                                                                               {"k", "AAAA"},
                                                                               {"kid", ""},
                                                                               {"kty", "RSA"}}) {
      set = good;
      set["keys"][i][name] = value;
      EXPECT_FALSE(accepts(set)) << name << value;
    }
  }
  auto set = good;
  set["keys"][0]["k"] = set["keys"][1]["k"];
  EXPECT_FALSE(accepts(set)) << "one secret for two purposes";
  set = good;
  set["keys"].push_back(set["keys"][0]);
  EXPECT_FALSE(accepts(set)) << "two active";
  EXPECT_FALSE(ServiceSecrets::parse(Secret("{}")));
}

TEST(SecretRotation, UsesANewMasterAfterAllHaveReadItAndForgetsOldSealMasters) {
  FixedRandom random;
  ManualClock clock;
  auto secrets = *ServiceSecrets::create(random, clock.now());
  const auto step = [&](SecretPurpose purpose) {
    secrets = *rotate_secret(secrets, random,
                             {.purpose = purpose, .now = clock.now(), .reload_interval = Seconds(5)});
    return states(secrets, purpose);
  };
  for (auto purpose : {SecretPurpose::seal, SecretPurpose::data}) {
    EXPECT_EQ(step(purpose), "active next");
    EXPECT_EQ(step(purpose), "active next");
    clock.tick(Seconds(5));
    EXPECT_EQ(step(purpose), "retired active");
  }
  clock.tick(Seconds(3 * 86400));
  EXPECT_EQ(step(SecretPurpose::seal), "active next");
  EXPECT_EQ(states(secrets, SecretPurpose::data), "retired active");
  EXPECT_EQ(states(forget_retired_data_masters(secrets), SecretPurpose::data), "active");
  EXPECT_TRUE(ServiceSecrets::parse(secrets.dump()));
}

TEST(SecretRotation, NeverTouchesPepperAndPairwise) {
  FixedRandom random;
  const auto secrets = *ServiceSecrets::create(random, ManualClock().now());
  for (auto purpose : {SecretPurpose::pepper, SecretPurpose::pairwise}) {
    EXPECT_EQ(rotate_secret(secrets, random, {.purpose = purpose}).error().code, Errc::refused);
  }
}

// reference defect B22: digests over parts without borders
TEST(KeyedHash, DependsOnSecretIssuerPurposeAndTheBordersOfTheParts) {
  FixedRandom random;
  const auto secrets = *ServiceSecrets::create(random, ManualClock().now());
  const auto others = *ServiceSecrets::create(random, ManualClock().now());
  const Pepper pepper(secrets, "https://op");
  const auto digest = pepper.digest("client_secret", {"client", "secret"});
  EXPECT_EQ(digest, Pepper(secrets, "https://op").digest("client_secret", {"client", "secret"}));
  EXPECT_NE(digest, pepper.digest("client_secret", {"clients", "ecret"}));
  EXPECT_NE(digest, pepper.digest("client_secret", {"client", "secret", ""}));
  EXPECT_NE(digest, pepper.digest("user_code", {"client", "secret"}));
  EXPECT_NE(digest, Pepper(secrets, "https://other").digest("client_secret", {"client", "secret"}));
  EXPECT_NE(digest, Pepper(others, "https://op").digest("client_secret", {"client", "secret"}));
  const PairwiseSalt salt(secrets, "https://op");
  EXPECT_EQ(salt.digest({"sector", "diana"}),
            PairwiseSalt(secrets, "https://op").digest({"sector", "diana"}));
  EXPECT_NE(salt.digest({"sector", "diana"}), salt.digest({"sectord", "iana"}));
  EXPECT_NE(salt.digest({"sector", "diana"}), PairwiseSalt(others, "https://op").digest({"sector", "diana"}));
}

}  // namespace
}  // namespace oidcop::jose
