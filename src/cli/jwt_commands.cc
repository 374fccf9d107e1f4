// oidcop jwt verify

#include "base/system_clock.h"
#include "cli/jose_input.h"
#include "cli/output.h"
#include "cli/time_input.h"
#include "jose/jwt.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace oidcop::cli {
namespace {

struct JwtVerifyOptions {
  KeySource keys;
  std::vector<std::string> algorithms;
  jose::JwtPolicy claims;
  std::int64_t leeway = 0;
  std::string at;
};

Result<void> verify(JwtVerifyOptions options, Streams& streams) {
  const auto algorithms = read_algorithms(options.algorithms);
  if (!algorithms) return fail(algorithms.error());
  const auto now = options.at.empty() ? Result<TimePoint>(SystemClock().now()) : parse_time(options.at);
  if (!now) return fail(Errc::malformed, "--at: " + now.error().detail);
  const auto keys = load_keys(options.keys, KeyFileRule::any);
  if (!keys) return fail(keys.error());
  const auto token = read_message(streams);
  if (!token) return fail(token.error());
  options.claims.leeway = Seconds(options.leeway);
  const jose::JwsPolicy signature{.algorithms = *algorithms, .max_octets = kMaxMessage};
  const auto jwt = jose::verify_jwt(*token, *keys, signature, options.claims, *now);
  if (!jwt) return fail(refusal(jwt.error()));
  if (streams.json) {
    print_json(streams, {{"header", jwt->header.json()}, {"claims", jwt->claims.json()}});
  } else {
    print_json(streams, jwt->claims.json());
  }
  return {};
}

}  // namespace

void setup_jwt(CLI::App& app, const Globals& /*globals*/, Chosen& chosen) {
  CLI::App* jwt = app.add_subcommand("jwt", "JSON Web Tokens of anybody, with any key: verify");
  jwt->require_subcommand(1);
  auto options = std::make_shared<JwtVerifyOptions>();
  CLI::App* command = jwt->add_subcommand("verify", "Verify a JWT from standard input and print its claims");
  add_key_options(*command, options->keys);
  command->get_option("--key")->required();
  command->add_option("--alg", options->algorithms, "The algorithms to allow")->required()->delimiter(',');
  command->add_option("--issuer", options->claims.issuer, "The only iss to accept");
  command->add_option("--audience", options->claims.audiences, "An aud to accept; may be repeated")
      ->expected(1)
      ->take_all();
  command->add_option("--type", options->claims.types, "A typ to accept; may be repeated")
      ->expected(1)
      ->take_all();
  command->add_option("--leeway", options->leeway, "Seconds that clocks may differ")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{86400}));
  command->add_option("--at", options->at, "Judge as if it were this time");
  command->callback(
      [&chosen, options] { chosen.run = [options](Streams& streams) { return verify(*options, streams); }; });
}

}  // namespace oidcop::cli
