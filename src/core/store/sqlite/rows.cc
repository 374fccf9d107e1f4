#include "store/sqlite/rows.h"

#include "base/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::store::sqlite {
namespace {

// What was small enough to come in is small enough to come back, wrapped as it may be.
constexpr JsonLimits kOwnDocuments{.octets = 64U << 20U, .depth = 64};

Result<Json> parse_document(std::string_view text) {
  auto document = parse_json(text, kOwnDocuments);
  if (!document)
    return fail(Errc::internal, "a document in the database is damaged: " + document.error().detail);
  return document;
}

/// The four columns of an authentication event.
Result<model::AuthenticationEvent> read_event(Query& row) {
  model::AuthenticationEvent event;
  event.time = row.time();
  event.acr = row.text();
  auto amr = texts_from(row.text_view());
  if (!amr) return fail(std::move(amr).error());
  event.amr = std::move(*amr);
  event.interaction = model::InteractionId(row.text());
  return event;
}

}  // namespace

Result<model::User> read_user(Query& row) {
  model::User user;
  user.id = model::UserId(row.text());
  user.username = row.text();
  user.subject = row.text();
  user.password_hash = row.text();
  user.enabled = row.boolean();
  auto groups = texts_from(row.text_view());
  if (!groups) return fail(std::move(groups).error());
  user.groups = std::move(*groups);
  auto claims = message_from(row.text_view());
  if (!claims) return fail(std::move(claims).error());
  user.claims = std::move(*claims);
  user.created_at = row.time();
  user.updated_at = row.time();
  return user;
}

Result<model::UserSession> read_user_session(Query& row) {
  model::UserSession session;
  session.id = model::SessionId(row.text());
  session.user = model::UserId(row.text());
  session.cookie = row.digest();
  auto event = read_event(row);
  if (!event) return fail(std::move(event).error());
  session.authentication = std::move(*event);
  session.created_at = row.time();
  session.idle_expires_at = row.time();
  session.expires_at = row.time();
  session.ended_at = row.optional_time();
  return session;
}

model::ClientSession read_client_session(Query& row) {
  model::ClientSession session;
  session.id = model::ClientSessionId(row.text());
  session.user_session = model::SessionId(row.text());
  session.client = model::ClientId(row.text());
  session.subject = row.text();
  session.sid = row.text();
  session.created_at = row.time();
  session.ended_at = row.optional_time();
  return session;
}

Result<model::Grant> read_grant(Query& row) {
  model::Grant grant;
  grant.id = model::GrantId(row.text());
  grant.client_session = model::ClientSessionId(row.text());
  grant.scope = scope_from(row.text_view());
  auto request = message_from(row.text_view());
  if (!request) return fail(std::move(request).error());
  grant.authorization_request = std::move(*request);
  auto event = read_event(row);
  if (!event) return fail(std::move(event).error());
  grant.authentication = std::move(*event);
  grant.offline = row.boolean();
  grant.created_at = row.time();
  grant.expires_at = row.time();
  grant.revoked_at = row.optional_time();
  return grant;
}

model::TokenRecord read_token(Query& row) {
  model::TokenRecord token;
  token.digest = row.digest();
  token.token_class = static_cast<model::TokenClass>(row.integer());  // the schema keeps it in 0 … 3
  token.grant = model::GrantId(row.text());
  token.based_on = row.optional_digest();
  token.scope = scope_from(row.text_view());
  token.issued_at = row.time();
  token.expires_at = row.time();
  token.max_usage = static_cast<int>(row.integer());
  token.used = static_cast<int>(row.integer());
  token.used_at = row.optional_time();
  token.revoked_at = row.optional_time();
  token.authentication = row.text();
  if (const auto scope = row.optional_text()) token.exchanged_scope = scope_from(*scope);
  token.audience = words_from(row.text_view());
  return token;
}

std::string to_document(const Message& message) {
  return dump_json(message.json());
}

std::string to_document(const std::vector<std::string>& texts) {
  return dump_json(Json(texts));
}

Result<Message> message_from(std::string_view document) {
  auto value = parse_document(document);
  if (!value) return fail(std::move(value).error());
  if (!value->is_object()) return fail(Errc::internal, "a document in the database is no object");
  return Message(std::move(*value));
}

Result<std::vector<std::string>> texts_from(std::string_view document) {
  if (document == "[]") return std::vector<std::string>();
  auto value = parse_document(document);
  if (!value) return fail(std::move(value).error());
  std::vector<std::string> texts;
  if (!value->is_array()) return fail(Errc::internal, "a document in the database is no list");
  for (const auto& item : *value) {
    if (!item.is_string()) return fail(Errc::internal, "a list in the database has other than texts");
    texts.push_back(item.get_ref<const std::string&>());
  }
  return texts;
}

std::string joined_words(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::vector<std::string> words_from(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

int to_number(model::TokenClass token_class) {
  using model::TokenClass;
  // The numbers are in databases: the enumeration may grow, but not be reordered.
  static_assert(static_cast<int>(TokenClass::authorization_code) == 0);
  static_assert(static_cast<int>(TokenClass::access_token) == 1);
  static_assert(static_cast<int>(TokenClass::refresh_token) == 2);
  static_assert(static_cast<int>(TokenClass::id_token) == 3);
  return static_cast<int>(token_class);
}

model::ScopeSet scope_from(std::string_view text) {
  auto scope = model::ScopeSet::parse(text);
  return scope ? std::move(*scope) : model::ScopeSet();  // a damaged cell grants nothing
}

Result<void> finish(Query& query) {
  const auto done = query.run();
  if (!done) return fail(done.error());
  return {};
}

}  // namespace oidcop::store::sqlite
