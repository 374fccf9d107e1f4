#pragma once

#include "base/url.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::client {

/// Members of a client's document that only the provider decides (RFC 7591, 3.2.1). Never taken from a
/// registration, and never kept in Client::metadata: a secret must not get into the record by this way.
inline constexpr std::array<std::string_view, 6> kProviderMembers{"client_id",
                                                                  "client_secret",
                                                                  "client_secret_expires_at",
                                                                  "client_id_issued_at",
                                                                  "registration_access_token",
                                                                  "registration_client_uri"};

/// invalid_client_metadata about one member (RFC 7591, 3.2.2); the description begins with its name.
ProtocolError invalid_metadata(std::string_view member, std::string_view reason);

// Members of client metadata, typed. Absent -> nothing; another type -> invalid_client_metadata.
template <class T>
using Member = Result<std::optional<T>, ProtocolError>;
Member<std::string> text_member(const Message& metadata, std::string_view name);
Member<std::vector<std::string>> texts_member(const Message& metadata, std::string_view name);
Member<bool> bool_member(const Message& metadata, std::string_view name);
Member<std::int64_t> integer_member(const Message& metadata, std::string_view name);
/// An https URL. \param name  language tags included, "logo_uri#fr"
Member<std::string> https_member(const Message& metadata, std::string_view name);

/// Refuses control and bidi characters in any text of the document, whatever its member and depth, and in the
/// names of members: they would make a page or a log say something else than it holds. Line breaks count.
Verdict check_characters(const Message& metadata);

}  // namespace oidcop::client
