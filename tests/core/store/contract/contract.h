#pragma once

#include "core/store/values.h"
#include "store/store.h"

#include <gtest/gtest.h>

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace oidcop::testing {

/// A store of the issuer "https://op.example", new and empty, with whatever it stands on.
class StoreHarness {
 public:
  virtual ~StoreHarness() = default;
  virtual store::Store& store() = 0;
  /// The same state, as another process has it.
  virtual store::Store& neighbour() = 0;
};

/// One way to keep state. Every one passes the same suites.
struct StoreBackend {
  std::string name;
  std::function<std::unique_ptr<StoreHarness>()> make;
};
std::vector<StoreBackend> store_backends();
/// For the names of tests.
void PrintTo(const StoreBackend& backend, std::ostream* out);

/// What every backend promises; a suite per domain derives from it.
class StoreContract : public ::testing::TestWithParam<StoreBackend> {
 protected:
  void SetUp() override;
  void TearDown() override;  ///< whatever a test did, the structure is sound afterwards
  store::Store& store() { return harness_->store(); }
  store::Store& neighbour() { return harness_->neighbour(); }

  // Steps that must succeed before a test comes to its point.
  void put_user(const std::string& name);
  void put_client(const std::string& id);
  void sign_in(const std::string& session, const std::string& user);
  void authorize(const store::Authorize& command);
  /// User alice, client app, session s1, grant g1 with code c1.
  void begin_chain();
  /// … and the code spent: c1-at and c1-rt.
  void begin_tokens();

  /// The state of a token at that moment; "absent" when there is none.
  std::string state(const std::string& token, std::int64_t after);
  model::TokenRecord token(const std::string& name);

 private:
  std::unique_ptr<StoreHarness> harness_;
};

}  // namespace oidcop::testing

/// Runs the suite over every backend.
#define OIDCOP_STORE_CONTRACT(Suite)                                              \
  class Suite : public StoreContract {};                                          \
  INSTANTIATE_TEST_SUITE_P(Backend, Suite, ::testing::ValuesIn(store_backends()), \
                           [](const auto& tested) { return tested.param.name; })
