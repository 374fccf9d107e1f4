#include "page/view_data.h"

#include "page/shown_text.h"

#include <algorithm>

namespace oidcop::page {

namespace {

/// Longer than what comes from requests: descriptions are this house's own words.
constexpr std::size_t kDescriptionCharacters = 512;
constexpr std::size_t kClaimCharacters = 128;
constexpr std::size_t kHostCharacters = 253;

/// A name for a text with placeholders, as parts; nothing when no language has the text.
void put_text(Data& object, const std::string& name, const Locale& locale, std::string_view text,
              Values values);
void put_if(Data& object, const std::string& name, const std::string& value);
/// Cleaned name, host, links and logo of the relying party.
void put_client(Data& object, const ClientView& client, const Locale& locale);
/// "Error: Sign in to X": what the window's title says of the page's step and error.
void put_title(Data& object, const Locale& locale, std::string_view text, Values values, bool has_error);
std::string plain(const Locale& locale, std::string_view text, Values values);

std::string_view message_for(LoginError error, std::chrono::seconds retry_after);
std::string_view note_for(LoginReason reason);
std::string_view message_for(DeviceCodeError error, std::chrono::seconds retry_after);
void put_items(Data& object, const std::vector<RequestedItem>& items, const Locale& locale,
               std::string_view client);
Data item_data(const RequestedItem& item, const Locale& locale, std::string_view client);
void put_claims(Data& object, const std::vector<ReleasedClaim>& claims, const Locale& locale);
void put_claim_list(Data& object, const std::string& name, const List& claims);
std::string_view stem_of(ErrorCause cause);

}  // namespace

void put_https(Data& object, const std::string& name, const std::optional<Url>& url) {
  put(object, name, url && url->is_https() ? Data(url->text()) : Data(false));
}

Data data_of(const LoginPage& page, const Locale& locale) {
  Data data;
  const std::string client = shown_text(page.client.name);
  const std::string account = shown_text(page.account);
  const std::string username = prefill_text(page.username);
  const auto minutes = std::to_string((page.retry_after.count() + 59) / 60);
  const auto message = message_for(page.error, page.retry_after);
  const bool is_wrong =
      page.error == LoginError::wrong_credentials || page.error == LoginError::missing_input;
  put(data, "action", page.action);
  put(data, "seal", page.seal);
  put_client(data, page.client, locale);
  put(data, "username", username);
  put(data, "username_first", username.empty());
  put(data, "invalid", is_wrong);
  put(data, "error", !message.empty());
  if (!message.empty()) put_text(data, "error_message", locale, message, {{"minutes", minutes}});
  put_text(data, "client_message", locale, "login_subheading", {{"client", client}});
  const auto note = note_for(page.reason);
  put(data, "note", !note.empty());
  if (!note.empty()) put_text(data, "note_message", locale, note, {{"client", client}, {"account", account}});
  put_title(data, locale, "login_title", {{"client", client}}, !message.empty());
  put_if(data, "request_id", shown_text(page.request_id));
  return data;
}

Data data_of(const ConsentPage& page, const Locale& locale) {
  Data data;
  const std::string client = shown_text(page.client.name);
  put(data, "action", page.action);
  put(data, "seal", page.seal);
  put_client(data, page.client, locale);
  put_text(data, "client_message", locale, "consent_message",
           {{"client", client}, {"account", shown_text(page.account)}});
  put_items(data, page.items, locale, client);
  const bool is_remembered = page.memory == ConsentMemory::remembered;
  put_text(data, "memory", locale, is_remembered ? "consent_remembered" : "consent_asked_again",
           {{"client", client}});
  put_title(data, locale, "consent_title", {{"client", client}}, false);
  put_if(data, "request_id", shown_text(page.request_id));
  return data;
}

Data data_of(const ErrorPage& page, const Locale& locale) {
  Data data;
  const std::string stem(stem_of(page.cause));
  const std::string client = shown_text(page.client);
  const auto text = page.cause == ErrorCause::application && !client.empty() ? "error_application_text_client"
                                                                             : stem + "_text";
  put_text(data, "heading", locale, stem + "_heading", {});
  put_text(data, "explanation", locale, text, {{"client", client}});
  put_text(data, "advice", locale, stem + "_advice", {});
  put(data, "code", shown_text(page.code));
  put_if(data, "parameter", shown_text(page.parameter));
  put_if(data, "description", shown_text(page.description, kDescriptionCharacters));
  put(data, "way_back", page.way_back.has_value() && !page.way_back_url.empty());
  if (page.way_back) {
    const std::string host = shown_text(page.way_back->host, kHostCharacters);
    put_client(data, *page.way_back, locale);
    put(data, "way_back_url", page.way_back_url);
    put_text(data, "way_back_text", locale, "error_way_back", {{"host", host.empty() ? client : host}});
  }
  put_title(data, locale, stem + "_heading", {}, true);
  put_if(data, "request_id", shown_text(page.request_id));
  return data;
}

Data data_of(const ContinuePage& page, const Locale& locale) {
  Data data;
  const std::string client = shown_text(page.client.name);
  put(data, "action", page.action);
  put(data, "seal", page.seal);
  put_client(data, page.client, locale);
  put_text(data, "client_message", locale, "continue_message", {{"client", client}});
  put_title(data, locale, "continue_title", {{"client", client}}, false);
  put_if(data, "request_id", shown_text(page.request_id));
  return data;
}

Data data_of(const FormPostPage& page, const Locale& locale) {
  Data data;
  const std::string client = shown_text(page.client.name);
  put(data, "action", page.action.text());
  List fields;
  fields.reserve(page.fields.size());
  for (const auto& [name, value] : page.fields) {
    Data field;
    put(field, "name", name);
    put(field, "value", value);
    fields.push_back(std::move(field));
  }
  put(data, "fields", fields);
  put_client(data, page.client, locale);
  put_text(data, "client_message", locale, "form_post_message", {{"client", client}});
  put_title(data, locale, "form_post_title", {{"client", client}}, false);
  put_if(data, "request_id", shown_text(page.request_id));
  return data;
}

Data data_of(const LoggedInPage& page, const Locale& locale) {
  Data data;
  put_text(data, "explanation", locale, "logged_in_text", {{"account", shown_text(page.account)}});
  put_title(data, locale, "logged_in_heading", {}, false);
  put_if(data, "request_id", shown_text(page.request_id));
  return data;
}

Data data_of(const LogoutPage& page, const Locale& locale) {
  Data data;
  put(data, "action", page.action);
  put(data, "seal", page.seal);
  put(data, "has_client", page.client.has_value());
  if (page.client) {
    put_client(data, *page.client, locale);
    put_text(data, "client_message", locale, "logout_message", {{"client", shown_text(page.client->name)}});
  }
  put_text(data, "explanation", locale, "logout_text", {{"account", shown_text(page.account)}});
  put_title(data, locale, "logout_heading", {}, false);
  put_if(data, "request_id", shown_text(page.request_id));
  return data;
}

Data data_of(const DeviceCodePage& page, const Locale& locale) {
  Data data;
  const auto message = message_for(page.error, page.retry_after);
  const auto minutes = std::to_string((page.retry_after.count() + 59) / 60);
  put(data, "action", page.action);
  put(data, "seal", page.seal);
  put(data, "user_code", prefill_text(page.user_code));
  put(data, "invalid", page.error == DeviceCodeError::unknown);
  put(data, "error", !message.empty());
  if (!message.empty()) put_text(data, "error_message", locale, message, {{"minutes", minutes}});
  put_title(data, locale, "device_code_heading", {}, !message.empty());
  put_if(data, "request_id", shown_text(page.request_id));
  return data;
}

Data data_of(const DeviceConfirmPage& page, const Locale& locale) {
  Data data;
  const std::string client = shown_text(page.client.name);
  put(data, "action", page.action);
  put(data, "seal", page.seal);
  put(data, "user_code", shown_text(page.user_code));
  put_client(data, page.client, locale);
  put_text(data, "client_message", locale, "device_confirm_message",
           {{"client", client}, {"account", shown_text(page.account)}});
  put_items(data, page.items, locale, client);
  put_title(data, locale, "device_confirm_title", {{"client", client}}, false);
  put_if(data, "request_id", shown_text(page.request_id));
  return data;
}

Data data_of(const DeviceDonePage& page, const Locale& locale) {
  Data data;
  const std::string stem = page.end == DeviceEnd::allowed ? "device_allowed" : "device_denied";
  const std::string client = shown_text(page.client);
  put(data, "allowed", page.end == DeviceEnd::allowed);
  put_text(data, "heading", locale, stem + "_heading", {});
  put_text(data, "explanation", locale, stem + "_text", {{"client", client}});
  put_title(data, locale, stem + "_heading", {}, false);
  put_if(data, "request_id", shown_text(page.request_id));
  return data;
}

Data data_of(const LoggedOutPage& page, const Locale& locale) {
  Data data;
  List frames;
  frames.reserve(page.frames.size());
  for (const auto& frame : page.frames) {
    Data item;
    put(item, "url", frame.text());
    frames.push_back(std::move(item));
  }
  put(data, "frames", frames);
  put_if(data, "next", page.next);
  put_title(data, locale, "logged_out_heading", {}, false);
  put_if(data, "request_id", shown_text(page.request_id));
  return data;
}

namespace {

void put_text(Data& object, const std::string& name, const Locale& locale, std::string_view text,
              Values values) {
  const auto* found = locale.find(text);
  put(object, name, found == nullptr ? Data(false) : parts_of(*found, values));
}

void put_if(Data& object, const std::string& name, const std::string& value) {
  put(object, name, value.empty() ? Data(false) : Data(value));
}

void put_client(Data& object, const ClientView& client, const Locale& locale) {
  const std::string name = shown_text(client.name);
  // A host is not cut: its end says whose it is.
  const std::string host = shown_text(client.host, kHostCharacters);
  put(object, "client_name", name);
  put(object, "client_initial", initial_of(name));
  put_if(object, "client_host", host);
  put_https(object, "client_logo", client.logo);
  put_https(object, "client_policy", client.policy);
  put_https(object, "client_tos", client.tos);
  put(object, "client_links",
      (client.policy && client.policy->is_https()) || (client.tos && client.tos->is_https()));
  put(object, "unvetted", !client.vetted);
  if (!client.vetted) put_text(object, "unvetted_message", locale, "client_unvetted", {{"client", name}});
}

void put_title(Data& object, const Locale& locale, std::string_view text, Values values, bool has_error) {
  const auto title = plain(locale, text, values);
  put(object, "title", has_error ? plain(locale, "title_error", {{"title", title}}) : title);
}

std::string plain(const Locale& locale, std::string_view text, Values values) {
  const auto* found = locale.find(text);
  return found == nullptr ? std::string() : plain_text(*found, values);
}

std::string_view message_for(LoginError error, std::chrono::seconds retry_after) {
  switch (error) {
    case LoginError::none:
      return {};
    case LoginError::wrong_credentials:
      return "login_error_wrong_credentials";
    case LoginError::missing_input:
      return "login_error_missing_input";
    case LoginError::too_many_attempts:
      return retry_after.count() > 0 ? "login_error_wait_minutes" : "login_error_wait";
    case LoginError::restarted:
      return "login_error_restarted";
  }
  return {};
}

std::string_view message_for(DeviceCodeError error, std::chrono::seconds retry_after) {
  switch (error) {
    case DeviceCodeError::none:
      return {};
    case DeviceCodeError::unknown:
      return "device_code_error_unknown";
    case DeviceCodeError::too_many_attempts:
      return message_for(LoginError::too_many_attempts, retry_after);
    case DeviceCodeError::restarted:
      return "device_code_error_restarted";
  }
  return {};
}

std::string_view note_for(LoginReason reason) {
  switch (reason) {
    case LoginReason::sign_in:
      return {};
    case LoginReason::confirm:
      return "login_note_confirm";
    case LoginReason::step_up:
      return "login_note_step_up";
    case LoginReason::other_account:
      return "login_note_other_account";
  }
  return {};
}

void put_items(Data& object, const std::vector<RequestedItem>& items, const Locale& locale,
               std::string_view client) {
  List list;
  list.reserve(items.size());
  for (const auto& item : items) list.push_back(item_data(item, locale, client));
  put(object, "items", list);
}

Data item_data(const RequestedItem& item, const Locale& locale, std::string_view client) {
  Data data;
  const std::string scope = shown_text(item.scope);
  std::string name = item.scope.empty() ? "consent_claims" : "scope_" + item.scope;
  if (locale.find(name) == nullptr) name = "consent_other_scope";
  put_text(data, "title", locale, name, {{"client", client}, {"scope", scope}});
  put_text(data, "detail", locale, name + "_detail", {{"client", client}});
  put(data, "has_detail", locale.find(name + "_detail") != nullptr);
  // The value goes back to us and must be the very scope; a scope holds no character that would need
  // cleaning.
  put(data, "optional", item.optional && !scope.empty() ? Data(item.scope) : Data(false));
  put_claims(data, item.claims, locale);
  return data;
}

void put_claims(Data& object, const std::vector<ReleasedClaim>& claims, const Locale& locale) {
  List with_value;
  List without_value;
  with_value.reserve(claims.size());
  without_value.reserve(claims.size());
  for (const auto& claim : claims) {
    Data data;
    const auto label = plain(locale, "claim_" + claim.name, {});
    put(data, "label", label.empty() ? shown_text(claim.name) : label);
    if (claim.value) put(data, "shown_value", shown_text(*claim.value, kClaimCharacters));
    (claim.value ? with_value : without_value).push_back(std::move(data));
  }
  put_claim_list(object, "with_values", with_value);
  put_claim_list(object, "without_values", without_value);
}

void put_claim_list(Data& object, const std::string& name, const List& claims) {
  Data list;
  put(list, "claims", claims);
  put(object, name, claims.empty() ? Data(false) : std::move(list));
}

std::string_view stem_of(ErrorCause cause) {
  switch (cause) {
    case ErrorCause::application:
      return "error_application";
    case ErrorCause::lost:
      return "error_lost";
    case ErrorCause::busy:
      return "error_busy";
    case ErrorCause::ours:
      return "error_ours";
    case ErrorCause::not_found:
      return "error_not_found";
    case ErrorCause::not_allowed:
      return "error_not_allowed";
    case ErrorCause::logout:
      return "error_logout";
  }
  return "error_ours";
}

}  // namespace

}  // namespace oidcop::page
