#include "config/signature_algorithms.h"
#include "jose/key_definition.h"
#include "provider/policies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace oidcop::provider {
namespace {

using ::testing::UnorderedElementsAreArray;

std::vector<std::string> names_of(const jose::AlgorithmSet& set) {
  std::vector<std::string> names;
  for (const auto algorithm : set.list()) names.emplace_back(jose::algorithm_name(algorithm));
  return names;
}

std::vector<std::string> texts(const std::vector<std::string_view>& names) {
  return {names.begin(), names.end()};
}

/// A definition for each kind of key that a configuration may ask for, without RSA, which takes long to make.
std::vector<config::KeyDefinition> curve_definitions() {
  std::vector<config::KeyDefinition> definitions;
  for (const auto type : {config::KeyType::ec, config::KeyType::okp}) {
    for (const auto crv : config::signature_curves(type)) {
      config::KeyDefinition plain;
      plain.type = type;
      plain.crv = crv;
      definitions.push_back(plain);
      for (const auto alg : config::own_signature_algorithms()) {
        auto named = plain;
        named.alg = alg;
        if (config::signs_with(named, alg)) definitions.push_back(named);
      }
    }
  }
  return definitions;
}

TEST(SignatureNames, OfTheConfigurationAreThoseThatAreThere) {
  EXPECT_THAT(texts(config::own_signature_algorithms()),
              UnorderedElementsAreArray(names_of(jose::AlgorithmSet::asymmetric())));
  auto all = names_of(jose::AlgorithmSet::asymmetric());
  for (auto& name : names_of(jose::AlgorithmSet::symmetric())) all.push_back(std::move(name));
  EXPECT_THAT(texts(config::signature_algorithms()), UnorderedElementsAreArray(all));
}

// What the configuration says a key can do is what the key that is made of it does.
TEST(SignatureNames, MeanTheSameToTheConfigurationAndToTheKeys) {
  const auto wanted = curve_definitions();
  config::Keys keys;
  keys.key_defs = wanted;
  const auto definitions = key_definitions(keys);
  ASSERT_EQ(definitions.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto made = jose::generate(definitions[i]);
    ASSERT_TRUE(made) << definitions[i].text();
    const jose::SigningKeys file({jose::ManagedKey{.key = *made}});
    std::vector<std::string> said;
    for (const auto alg : config::own_signature_algorithms()) {
      if (config::signs_with(wanted[i], alg)) said.emplace_back(alg);
    }
    std::vector<std::string> done;
    for (const auto algorithm : file.algorithms()) done.emplace_back(jose::algorithm_name(algorithm));
    EXPECT_THAT(done, UnorderedElementsAreArray(said)) << definitions[i].text();
  }
}

}  // namespace
}  // namespace oidcop::provider
