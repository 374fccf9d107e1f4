#include "claims/subject.h"

#include <gtest/gtest.h>

#include <set>

namespace oidcop::claims {
namespace {

std::string master(const std::string& purpose, const std::string& octets) {
  return R"({"kty":"oct","k":")" + octets + R"(","kid":")" + purpose + R"(","oidcop_purpose":")" + purpose +
         "\"}";
}

/// Octets 0 to 31 as the pairwise secret; the others are of no matter here.
jose::PairwiseSalt salt(std::string issuer = "https://op.example") {
  const auto keys = master("seal", "BAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8") + "," +
                    master("pepper", "CAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8") + "," +
                    master("data", "DAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8") + "," +
                    master("pairwise", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
  auto secrets = jose::ServiceSecrets::parse(Secret(R"({"keys":[)" + keys + "]}"));
  return jose::PairwiseSalt(secrets.value(), std::move(issuer));
}

model::User user(const char* id = "user-1") {
  model::User user;
  user.id = model::UserId(id);
  return user;
}

model::Client pairwise_client(const char* sector) {
  model::Client client;
  client.subject_type = model::SubjectType::pairwise;
  client.sector_identifier = sector;
  return client;
}

std::string subject(const model::User& user, const model::Client& client) {
  return Subjects(salt()).subject_of(user, client).value();
}

// Computed by another program: base64url(HMAC-SHA-256(key, L(issuer) L(L(kind) … L(user)))), where L puts the
// length before a part as eight octets, most significant first. A change here would make a stranger of every
// user.
TEST(Subjects, AreStableForEver) {
  EXPECT_EQ(subject(user(), model::Client()), "JUSYZEpC8FscfMJx0nFAsgpKaFe1Tp4s2kwEs464QEY");
  EXPECT_EQ(subject(user(), pairwise_client("rp.example")), "pXfTmC8LKaU8RP3WtZ7v5pibnmPy-2Bpvx95vM7Tcc8");
}

// Reference defect B06: everyone got the public subject; pairwise without sector equalled public.
TEST(Subjects, DifferBySectorForPairwiseClients) {
  const std::set<std::string> different{
      subject(user(), model::Client()), subject(user(), pairwise_client("a.example")),
      subject(user(), pairwise_client("b.example")), subject(user("user-2"), pairwise_client("a.example"))};
  EXPECT_EQ(different.size(), 4U);
}

TEST(Subjects, AreTheSameForClientsOfOneSector) {
  auto one = pairwise_client("a.example");
  auto two = pairwise_client("a.example");
  one.id = model::ClientId("one");
  two.id = model::ClientId("two");
  EXPECT_EQ(subject(user(), one), subject(user(), two));
}

TEST(Subjects, PairwiseWithoutSectorIsAnError) {
  auto result = Subjects(salt()).subject_of(user(), pairwise_client(""));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::internal);
}

// Reference defect B22: a plain hash of joined texts, whose boundaries could be shifted.
TEST(Subjects, BoundariesOfThePartsCannotBeShifted) {
  EXPECT_NE(subject(user("1.example-x"), pairwise_client("rp")),
            subject(user("-x"), pairwise_client("rp1.example")));
  EXPECT_NE(subject(user("bc"), pairwise_client("a")), subject(user("c"), pairwise_client("ab")));
  EXPECT_NE(subject(user("pairwise"), model::Client()), subject(user("public"), pairwise_client("public")));
}

TEST(Subjects, DifferByIssuer) {
  EXPECT_NE(Subjects(salt("https://a.example")).subject_of(user(), model::Client()).value(),
            Subjects(salt("https://b.example")).subject_of(user(), model::Client()).value());
}

TEST(Subjects, PublicOneMayBeKeptFromAnEarlierProvider) {
  auto kept = user();
  kept.subject = "diana-of-old";
  EXPECT_EQ(subject(kept, model::Client()), "diana-of-old");
  // A pairwise client must not be able to correlate by it.
  EXPECT_EQ(subject(kept, pairwise_client("a.example")), subject(user(), pairwise_client("a.example")));
}

TEST(Subjects, RefusesAKeptOneThatIsNoSubjectIdentifier) {
  for (const auto& text : {std::string("with space"), std::string("naïve"), std::string(256, 'x')}) {
    auto kept = user();
    kept.subject = text;
    EXPECT_FALSE(Subjects(salt()).subject_of(kept, model::Client())) << text;
  }
}

}  // namespace
}  // namespace oidcop::claims
