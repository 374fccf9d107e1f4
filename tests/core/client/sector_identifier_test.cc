#include "client/sector_identifier.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace oidcop::client {
namespace {

model::Client pairwise(std::vector<std::string> redirect_uris) {
  model::Client client;
  client.subject_type = model::SubjectType::pairwise;
  client.redirect_uris = std::move(redirect_uris);
  return client;
}

TEST(SectorIdentifier, IsTheOneHostOfTheRedirectUris) {
  auto client = pairwise({"https://rp.example.org/a", "https://rp.example.org:8443/b"});
  ASSERT_TRUE(read_sector_identifier(Message(), client));
  EXPECT_EQ(client.sector_identifier, "rp.example.org");
}

TEST(SectorIdentifier, SeveralHostsOrNoneNeedTheUri) {
  for (const auto& uris : {std::vector<std::string>{"https://a.example.org/", "https://b.example.org/"},
                           std::vector<std::string>{"com.example.app:/cb"}}) {
    auto client = pairwise(uris);
    const auto verdict = read_sector_identifier(Message(), client);
    ASSERT_FALSE(verdict);
    EXPECT_EQ(verdict.error().code, "invalid_client_metadata");
    EXPECT_EQ(verdict.error().parameter, "sector_identifier_uri");

    Message metadata;
    metadata.set("sector_identifier_uri", "https://Sector.example.org/uris.json");
    ASSERT_TRUE(read_sector_identifier(metadata, client));
    EXPECT_EQ(client.sector_identifier, "sector.example.org");
  }
}

TEST(SectorIdentifier, PublicSubjectsHaveNone) {
  auto client = pairwise({"https://a.example.org/", "https://b.example.org/"});
  client.subject_type = model::SubjectType::public_subject;
  EXPECT_TRUE(read_sector_identifier(Message(), client));
  EXPECT_TRUE(client.sector_identifier.empty());
}

}  // namespace
}  // namespace oidcop::client
