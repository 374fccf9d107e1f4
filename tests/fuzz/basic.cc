// Basic credentials: id and secret arrive whole, in each of the two ways in which clients write them.

#include "base/base64url.h"
#include "base/form.h"
#include "client/authentication/client_secret_basic.h"
#include "fuzz/input.h"
#include "fuzz/property.h"
#include "http/credentials.h"

#include <algorithm>

namespace oidcop::fuzz {
namespace {

using client::BasicReading;

bool means(const client::BasicCandidate& candidate, std::string_view id, std::string_view secret) {
  return candidate.client_id == id && candidate.secret.reveal() == secret;
}

void check_candidates(const client::BasicCredential& credential, std::string_view decoded) {
  const auto& candidates = credential.candidates;
  require(candidates.size() == 1 || candidates.size() == 2, "a credential has one meaning or two");
  const auto colon = decoded.find(':');
  const auto id = decoded.substr(0, colon);
  const auto secret = decoded.substr(colon + 1);
  for (const auto& candidate : candidates) {
    if (candidate.reading == BasicReading::raw) {
      require(means(candidate, id, secret), "the raw reading is the text as it stands");
    } else {
      require(form_decode(id) == candidate.client_id &&
                  form_decode(secret) == std::string(candidate.secret.reveal()),
              "the encoded reading is a form's");
    }
  }
  require(candidates.size() == 1 ||
              (candidates[0].reading == BasicReading::form_decoded &&
               candidates[1].reading == BasicReading::raw && !means(candidates[0], id, secret)),
          "of two readings the specified one comes first, and they differ");
}

void check_header(std::string_view header) {
  const auto credential = client::parse_basic(header);
  if (!credential) {
    require(credential.error().code == "invalid_client", "a bad credential is an invalid client");
    return;
  }
  require(http::is_single_credential(header), "what is read is one credential");
  const auto start = header.find_first_not_of(' ', header.find(' '));
  const auto decoded = base64_decode(header.substr(start));
  require(decoded.has_value(), "what is read is base64");
  check_candidates(*credential, *decoded);
}

/// A client that encodes as RFC 6749, 2.3.1 asks, and one that does not.
void check_clients(const std::string& id, const std::string& secret) {
  if (is_valid_utf8(id) && is_valid_utf8(secret) && (id + secret).find('\0') == std::string::npos) {
    const auto encoded =
        client::parse_basic("Basic " + base64_encode(form_encode(id) + ":" + form_encode(secret)));
    require(encoded && means(encoded->candidates.front(), id, secret), "an encoded credential arrives");
  }
  if (id.find(':') != std::string::npos) return;
  const auto plain = client::parse_basic("bAsIc   " + base64_encode(id + ":" + secret));
  require(plain.has_value(), "any octets can be a credential");
  require(std::any_of(plain->candidates.begin(), plain->candidates.end(),
                      [&](const auto& candidate) { return means(candidate, id, secret); }),
          "a credential that was not encoded arrives");
}

/// Web servers join two lines with a comma.
void check_joined(std::string_view first, std::string_view second) {
  if (!http::is_single_credential(first) || !http::is_single_credential(second)) return;
  for (const auto* comma : {",", ", "}) {
    require(!http::is_single_credential(std::string(first) + comma + std::string(second)),
            "two credentials are not taken for one");
  }
}

}  // namespace
}  // namespace oidcop::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oidcop::fuzz;  // NOLINT: a function without a namespace of its own
  Input input(data, size);
  const auto mode = input.choice(3);
  const auto first = input.line();
  if (mode == 0) check_header(first);
  if (mode == 1) check_clients(std::string(first), std::string(input.rest()));
  if (mode == 2) check_joined(first, input.rest());
  return 0;
}
