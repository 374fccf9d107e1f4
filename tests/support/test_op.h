#pragma once

#include "base/password_hash.h"
#include "client/secret.h"
#include "config/config.h"
#include "http/fetcher.h"
#include "jose/cell_cipher.h"
#include "jose/keyed_hash.h"
#include "jose/service_secrets.h"
#include "model/client.h"
#include "model/user.h"
#include "store/store.h"
#include "support/failing_store.h"
#include "support/fixed_random.h"
#include "support/manual_clock.h"
#include "support/temporary_directory.h"

#include <oidcop/hooks.h>
#include <oidcop/http.h>
#include <oidcop/provider.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::testing {

/// A whole provider in a folder of its own, with a clock that is moved by hand, two keys that were made
/// before, and a second door to its database. Everything goes through Provider::handle.
class TestOp {
 public:
  struct Options {
    std::string settings = "{}";  ///< JSON merged over the smallest configuration
    Hooks hooks;
    std::string issuer = "https://op.example.org";
    std::string signing_keys = {};     ///< a private JWKS; empty: the two that were made before
    Random* random = nullptr;          ///< borrowed; null: the machine's
    http::Fetcher* fetcher = nullptr;  ///< borrowed; null: the real one
    bool watched_store = false;        ///< the provider works through `watched()`
  };
  TestOp();
  explicit TestOp(Options options);
  ~TestOp();

  ManualClock clock;
  http::Response handle(http::Request request);
  Provider& provider() { return *provider_; }
  store::Store& store() { return *store_; }
  /// What the provider's calls to the store go through, when the options asked for it.
  FailingStore& watched() { return *watched_; }
  const std::string& issuer() const { return options_.issuer; }
  const std::filesystem::path& folder() const { return folder_; }
  std::string log() const;  ///< all lines so far

  /// A user "alice" with password "wonderland" and a record full of claims, unless changed.
  model::User add_user(const std::function<void(model::User&)>& change = {});
  /// A confidential web client "wiki" with client_secret_basic, unless changed. Its secret is in `secret_of`.
  model::Client add_client(const std::function<void(model::Client&)>& change = {});
  std::string secret_of(const model::ClientId& id) const;

 private:
  void make_folder();

  Options options_;
  const TemporaryDirectory directory_;
  const std::filesystem::path folder_ = directory_.path();
  std::unique_ptr<FixedRandom> random_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<FailingStore> watched_;
  std::unique_ptr<PasswordHasher> hasher_;
  std::unique_ptr<jose::ServiceSecrets> secrets_;
  std::unique_ptr<jose::Pepper> pepper_;
  std::unique_ptr<jose::CellCipher> cells_;
  std::map<std::string, std::string> client_secrets_;
  mutable std::mutex log_mutex_;
  std::string log_;
  std::unique_ptr<Provider> provider_;
};

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string encoded(const Fields& fields);
/// Authorization header of client_secret_basic (RFC 6749, 2.3.1).
std::string basic(const std::string& client_id, const std::string& secret);

/// Form fields with some replaced, added, or (by an empty value) left out.
Fields with(Fields fields, const Fields& changes);

/// A request as a web server would hand it over.
http::Request a_request(std::string method, std::string path, std::string query = {});

/// The PKCE pair of RFC 7636, Appendix B.
inline const std::string kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline const std::string kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A complete authorization request of the client "wiki".
Fields wiki_request();
/// A form post to the token endpoint; `authorization` is the header, or empty.
http::Response post_token(TestOp& op, const Fields& form, const std::string& authorization = {});
/// The exchange of a code by "wiki".
http::Response exchange_code(TestOp& op, const std::string& code, const Fields& changes = {});
http::Response get_userinfo(TestOp& op, const std::string& access_token);

/// A browser with a cookie jar, at one provider.
class TestBrowser {
 public:
  explicit TestBrowser(TestOp& op) : op_(op) {}

  http::Response get(const std::string& path, const Fields& query = {});
  http::Response post(const std::string& path, const Fields& form);
  /// Posts the form of the page that was answered last: its seal, and these fields.
  http::Response submit(const Fields& fields);
  std::string seal() const;  ///< of the page that was answered last
  /// Logs in and consents where asked; returns the last answer.
  http::Response sign_in(const Fields& authorization_request, const std::string& username = "alice",
                         const std::string& password = "wonderland");

  std::vector<http::Header> headers;  ///< sent along with every request
  std::map<std::string, std::string> cookies;

 private:
  http::Response send(http::Request request);
  TestOp& op_;
  std::string page_;  // body of the last HTML answer
};

/// Parameters of a redirect's query or fragment, decoded.
std::map<std::string, std::string> location_parameters(const http::Response& response);
/// The body as JSON text member, empty when it is not there.
std::string member(const http::Response& response, std::string_view name);

}  // namespace oidcop::testing
