#pragma once

#include "endpoint/grant/grant_services.h"
#include "endpoint/grant/grant_type.h"

#include <string>
#include <string_view>
#include <vector>

namespace oidcop::endpoint {

/// What tells one kind of code from another while it is spent. Of static lifetime.
struct CodeKind {
  std::string_view grant_type;
  /// One text for every way in which a code can be worthless, so that nothing can be learnt by trying.
  std::string_view worthless;
};

/// invalid_grant with the kind's one text. \param detail  for the log
ProtocolError worthless_code(const CodeKind& kind, std::string detail);

/// The presented code, which is in the scope and passed every check but "unused". It is spent in the same
/// transaction that inserts what it buys; one that was spent before revokes all that came from it (RFC 6749,
/// 4.1.2).
class CodeExchangeRequest final : public GrantRequest {
 public:
  CodeExchangeRequest(const GrantServices& services, const CodeKind& kind, std::vector<std::string> resources)
      : services_(services), kind_(kind), resources_(std::move(resources)) {}
  Result<ResponseArgs, ProtocolError> process(RequestScope& scope) const override;

 private:
  Result<ResponseArgs, ProtocolError> settle(Purchased purchased, RequestScope& scope) const;
  ResponseArgs log_issue(ResponseArgs response, const RequestScope& scope) const;
  ProtocolError replayed(const RequestScope& scope) const;

  const GrantServices& services_;
  const CodeKind& kind_;
  std::vector<std::string> resources_;
};

}  // namespace oidcop::endpoint
