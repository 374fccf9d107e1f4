// flows_in_process: code flows through Provider::handle in one thread, with a database on the disk and
// nothing between: what callgrind counts in it is the provider's own, and the same in each run
// (doc/performance.md).
//
//     flows_in_process ROUNDS [ALGORITHM]

#include "bench/cpu_time.h"
#include "store/sqlite/sqlite_store.h"
#include "support/test_op.h"

#include <charconv>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace oidcop::bench {
namespace {

using testing::member;

/// Somebody who is logged in and has said yes, and the client of which all flows are.
class Scene {
 public:
  explicit Scene(jose::Algorithm algorithm) : op_({.settings = R"({"database": {"synchronous": "full"}})"}) {
    op_.add_user();
    op_.add_client([&](model::Client& client) { client.id_token_signed_response_alg = algorithm; });
    browser_.sign_in(testing::wiki_request());
  }

  void run() {
    const auto redirect = browser_.get("/authorization", testing::wiki_request());
    const auto tokens = testing::exchange_code(op_, testing::location_parameters(redirect)["code"]);
    const auto claims = testing::get_userinfo(op_, member(tokens, "access_token"));
    if (member(tokens, "id_token").empty() || member(claims, "sub").empty())
      throw std::runtime_error("a flow failed: " + tokens.body + claims.body + op_.log());
  }

 private:
  testing::TestOp op_;
  testing::TestBrowser browser_{op_};
};

int run(int rounds, std::string_view algorithm) {
  const auto known = jose::parse_algorithm(algorithm);
  if (!known || rounds < 1) {
    std::cerr << "usage: flows_in_process ROUNDS [RS256|ES256]\n";
    return 2;
  }
  Scene scene(*known);
  for (int i = 0; i < rounds / 10 + 1; ++i) scene.run();  // until everything is warm
  const auto begin = cpu_milliseconds();
  for (int i = 0; i < rounds; ++i) scene.run();
  std::cout << "code flow, " << algorithm << ": " << (cpu_milliseconds() - begin) / rounds << " ms of CPU\n";
  return 0;
}

}  // namespace
}  // namespace oidcop::bench

int main(int argc, char** argv) {
  oidcop::store::forgo_sqlite_memory_statistics();  // as oidcop.fcgi does
  int rounds = 0;
  if (argc > 1) {
    const std::string_view text = argv[1];
    std::from_chars(text.data(), text.data() + text.size(), rounds);
  }
  try {
    return oidcop::bench::run(rounds, argc > 2 ? argv[2] : "RS256");
  } catch (const std::exception& error) {
    std::cerr << "flows_in_process: " << error.what() << '\n';
    return 1;
  }
}
