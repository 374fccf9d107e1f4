#pragma once

#include "base/log.h"
#include "base/secret.h"
#include "base/url.h"

#include <oidcop/time.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The typed configuration. The initialisers below are the built-in defaults, and the only place where they
/// stand: the reference manual and the schema read them from here (see field_table.h). A file that holds
/// nothing but `issuer` gives exactly Config(issuer) with its relative paths resolved.
///
/// Everything here is a plain value, made once by load_config() and never changed afterwards, hence safe to
/// share between threads as a `const Config`. Rooms take the small struct they need, not the whole.
namespace oidcop::config {

/// A named set of policy defaults and floors. It comes after the built-in default and before what a client
/// says.
enum class Profile : std::uint8_t { oidc, oauth21 };

/// What a profile insists on; neither the configuration nor a client's own record may go below it.
struct ProfileFloor {
  bool pkce_for_all = false;                    ///< no client may go without PKCE
  bool rotation_for_public_clients = false;     ///< no public client's refresh tokens may stay the same
  bool no_front_channel_access_tokens = false;  ///< no response type with "token"
};
ProfileFloor floor_of(Profile profile);

enum class Synchronous : std::uint8_t { full, normal };

struct Database {
  std::filesystem::path path = "state/oidcop.db";
  Synchronous synchronous = Synchronous::full;
  Seconds busy_timeout{5};
};

enum class KeyType : std::uint8_t { rsa, ec, okp };

/// What one of the provider's signing keys is like (a member of `keys.key_defs`).
struct KeyDefinition {
  KeyType type = KeyType::rsa;
  std::string crv;                 ///< of signature_curves(); RSA: empty
  std::size_t bits = 2048;         ///< RSA only
  std::optional<std::string> alg;  ///< absent: whatever fits the type
  std::vector<std::string> use = {"sig"};

  bool operator==(const KeyDefinition&) const = default;
};

/// RSA with 2048 bits, and EC P-256.
std::vector<KeyDefinition> default_key_definitions();

struct Keys {
  std::vector<KeyDefinition> key_defs = default_key_definitions();
  std::filesystem::path private_path = "private/jwks.json";
  std::optional<std::filesystem::path> public_path;  ///< absent: no copy of the public set is written
  std::filesystem::path secrets_path = "private/secrets.json";
  bool read_only = false;
  Seconds max_age = std::chrono::hours(1);  ///< Cache-Control of the JWKS; a new key waits at least this long
  Seconds reload_interval{2};
};

enum class Cors : std::uint8_t { none, any };

/// One endpoint that is on. An endpoint that is not in Config::endpoint is off: absent from the metadata,
/// 404.
struct Endpoint {
  std::string path;  ///< relative to the issuer, without a leading '/'
  /// Built-in names and those of AddOn::client_authn_method; empty where the endpoint does not authenticate
  /// clients.
  std::vector<std::string> client_authn_method;
  Cors cors = Cors::none;
  std::vector<std::string> resource_servers;  ///< of introspection: clients that may look into every token
  Seconds request_lifetime{90};               ///< of pushed_authorization: how long a request may be opened
};

/// When a person is asked before their session ends.
enum class LogoutConfirmation : std::uint8_t { always, unproven };

/// Settings of the end_session endpoint besides those that every endpoint has.
struct EndSession {
  LogoutConfirmation confirmation = LogoutConfirmation::always;
  bool frontchannel_logout_supported = true;
  bool backchannel_logout_supported = true;
};

/// Settings of the device_authorization endpoint besides those that every endpoint has.
struct DeviceAuthorization {
  std::string verification_path = "device";  ///< of the page for people, below the issuer
  Seconds expires_in = std::chrono::minutes(10);
  Seconds interval{5};
};

/// Settings of the WebFinger endpoint besides those that every endpoint has.
struct Webfinger {
  /// Hosts whose accounts and URLs belong to this issuer, in lower case, with a port where resources name
  /// one; absent: the issuer's.
  std::optional<std::vector<std::string>> hosts;
};

/// Settings of provider_info besides those that every endpoint has.
struct ProviderInfo {
  bool signed_metadata = false;
};

/// Who may register a client (RFC 7591, 3). Nobody may where the endpoint is off.
enum class RegistrationPolicy : std::uint8_t { initial_access_token, open };

/// Settings of the registration endpoint besides those that every endpoint has.
struct Registration {
  RegistrationPolicy policy = RegistrationPolicy::initial_access_token;
  bool client_secret_expires = false;
  Seconds client_secret_expires_in = std::chrono::hours(24 * 30);
  std::size_t network_registrations = 20;  ///< within an hour, of one network (/24, /48), without a token
  std::size_t most_unvetted = 1000;
  Seconds unused_lifetime = std::chrono::hours(24 * 7);  ///< of an unvetted client that nobody uses
  bool redirect_errors = false;  ///< of unvetted clients: at once, and not by a link on a page
  bool require_software_statement = false;
};

/// Somebody whose software statements count (RFC 7591, 2.3).
struct StatementIssuer {
  std::optional<std::filesystem::path> jwks_path;  ///< its public keys; must be there
};

/// Settings of the registration_api endpoint besides those that every endpoint has.
struct RegistrationApi {
  bool rotate_registration_access_token = false;  ///< with each update
  bool rotate_client_secret = false;              ///< with each update
};

/// The names that Config::endpoint may hold in this version.
/// provider_info, jwks, authorization, token, refresh_token, userinfo, revocation, introspection,
/// pushed_authorization, device_authorization, end_session, registration and registration_api
using Endpoints = std::map<std::string, Endpoint, std::less<>>;

/// The client authentication methods that need no hook.
std::vector<std::string_view> built_in_client_methods();
/// Of them those that prove something, all but `none`.
std::vector<std::string_view> proving_client_methods();

/// The endpoint as it is when the file names it without saying more. Unknown names get an empty Endpoint.
Endpoint default_endpoint(std::string_view name);
/// provider_info, jwks, authorization, pushed_authorization, token, userinfo, revocation, end_session: what
/// is on when the file has no `endpoint`. The refresh token grant is then served at the token endpoint.
Endpoints default_endpoints();

/// Can only narrow what the provider is able to do; absent = everything it is able to do.
struct Capabilities {
  using List = std::optional<std::vector<std::string>>;
  List response_types_supported, response_modes_supported, grant_types_supported, subject_types_supported,
      scopes_supported, claims_supported, claims_locales_supported, ui_locales_supported,
      acr_values_supported, id_token_signing_alg_values_supported,
      token_endpoint_auth_signing_alg_values_supported, request_object_signing_alg_values_supported;
  bool claims_parameter_supported = true;
  bool request_parameter_supported = true;
  bool request_uri_parameter_supported = false;
  bool require_signed_request_object = false;          ///< of every client (RFC 9101, 10.5)
  bool require_pushed_authorization_requests = false;  ///< of every client (RFC 9126, 5)
  bool deny_unknown_scopes = false;  ///< true: invalid_scope; false: scopes that are not allowed are left out
};

/// How many failed attempts within the window close a bucket (each bucket on its own).
struct Throttle {
  Seconds window = std::chrono::minutes(15);
  std::size_t known_device_attempts = 10;
  std::size_t unknown_device_attempts = 10;
  std::size_t network_attempts = 100;
};

enum class AuthenticationKind : std::uint8_t { password };

/// One way to authenticate a person (a member of `authentication`).
struct AuthenticationMethod {
  std::string id;
  std::size_t position = 100;  ///< lower ones are offered first; equal ones in order of their ids
  std::string acr = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
  AuthenticationKind method = AuthenticationKind::password;
  std::vector<std::string> amr = {"pwd"};       ///< RFC 8176
  Seconds expires_in = std::chrono::hours(24);  ///< how long the event counts; the session may end earlier
  std::size_t concurrent_hashes = 2;
  Throttle throttle;
};

enum class SubjectType : std::uint8_t { public_, pairwise };

struct SessionParams {
  Seconds sso_idle_lifetime = std::chrono::hours(8);
  Seconds sso_lifetime = std::chrono::hours(24);
  Seconds interaction_lifetime = std::chrono::hours(24);
  Seconds consent_lifetime = std::chrono::hours(24 * 365);
  Seconds known_device_lifetime = std::chrono::hours(24 * 180);
  SubjectType default_subject_type = SubjectType::public_;
};

enum class TokenClass : std::uint8_t { authorization_code, access_token, refresh_token, id_token };

/// What a token of one class may do. A client's own token_usage_rules override these member by member.
struct UsageRule {
  std::vector<TokenClass> supports_minting;
  std::optional<std::size_t> max_usage;  ///< of codes: 1; else absent
  Seconds expires_in{};
};

struct UsageRules {
  UsageRule authorization_code{
      {TokenClass::access_token, TokenClass::refresh_token, TokenClass::id_token}, 1, Seconds{60}};
  UsageRule access_token{{}, std::nullopt, std::chrono::hours(1)};
  UsageRule refresh_token{{TokenClass::access_token, TokenClass::refresh_token, TokenClass::id_token},
                          std::nullopt,
                          std::chrono::hours(24 * 30)};  ///< idle: counted anew from each rotation
  UsageRule id_token{{}, std::nullopt, std::chrono::minutes(10)};
};

struct GrantConfig {
  UsageRules usage_rules;
  Seconds expires_in =
      std::chrono::hours(24 * 180);  ///< absolute end of the grant, hence of its refresh family
};

enum class Rotation : std::uint8_t { always, public_clients, never };

struct RefreshPolicy {
  Rotation rotation = Rotation::always;
  Seconds grace{10};  ///< how long the immediate predecessor is still answered; 0: not at all
  bool require_offline_access =
      true;                       ///< false: every code exchange of a client with that grant type mints one
  std::size_t max_families = 20;  ///< of one person at one client; the oldest ends for one more
};

struct Authz {
  GrantConfig grant_config;
  RefreshPolicy refresh;
};

enum class TokenFormat : std::uint8_t { opaque, jwt };

struct TokenHandlerArgs {
  TokenFormat access_token_format = TokenFormat::opaque;
  std::string access_token_alg = "RS256";          ///< of JWT access tokens
  std::vector<std::string> access_token_audience;  ///< of JWT access tokens; empty: the issuer
  std::string id_token_alg = "RS256";  ///< for clients that registered no id_token_signed_response_alg
};

/// The format that a resource wants; `inherited`: the client's own, else the provider's.
enum class ResourceTokenFormat : std::uint8_t { inherited, opaque, jwt };

/// A protected resource that access tokens can be asked for (RFC 8707).
struct Resource {
  ResourceTokenFormat access_token_format = ResourceTokenFormat::inherited;
  std::vector<std::string> resource_servers;  ///< client_ids under which it may ask about its tokens
};

/// One claim as configured: its name, and what a user's value must be.
struct ClaimSpec {
  std::string name;
  bool essential = false;
  std::vector<std::string> values;  ///< empty: any value
};

/// Which claims go out at one release point, besides those the request asks for.
struct ReleasePoint {
  std::vector<ClaimSpec> base_claims;
  std::vector<ClaimSpec> always_add_claims;
  bool add_claims_by_scope = false;
  bool enable_claims_per_client = false;  ///< a client's own add_claims replace the lists above
};

struct Claims {
  ReleasePoint userinfo{{}, {}, true, false};
  ReleasePoint id_token;
  ReleasePoint access_token;
  ReleasePoint introspection;
};

struct Pkce {
  bool essential = true;  ///< for confidential clients; public ones always need it
  std::vector<std::string> code_challenge_methods = {"S256"};
};

struct AddOn {
  Pkce pkce;
  bool authorization_response_iss = true;  ///< RFC 9207
  /// Names of client authentication methods that the embedding program's hooks bring along.
  std::vector<std::string> client_authn_method;
  std::vector<std::string> grant_types;  ///< URIs of those that its hooks bring along
};

enum class SameSite : std::uint8_t { lax, none };

struct CookieHandler {
  std::string name_prefix = "oidcop";
  SameSite same_site = SameSite::lax;
  bool path_scoped = false;  ///< true: __Secure- and the issuer's path; false: __Host- and Path=/
};

/// What people see on the pages besides the templates' own words.
struct Ui {
  std::string op_name = "OpenID Provider";
  std::optional<Url> op_policy_uri, op_tos_uri, service_documentation;
  std::optional<Url> registration_page;  ///< where people make an account; https
  std::string default_locale = "en";
};

struct LogConfig {
  LogFormat format = LogFormat::logfmt;
  LogTarget target = LogTarget::standard_error;
  LogLevel level = LogLevel::info;
};

/// When the web server's REMOTE_USER is believed. Off as long as there is no marker.
struct RemoteUserPolicy {
  std::optional<Secret> marker;  ///< value the web server must send in the marker parameter
  std::vector<std::string> auth_types = {"Basic"};  ///< accepted AUTH_TYPE values
};

struct Limits {
  std::size_t body = 64U << 10U;               ///< octets of a request body
  std::size_t uri = 32U << 10U;                ///< octets of path and query together
  std::size_t parameters = 512;                ///< FastCGI parameters (headers and what the web server adds)
  std::size_t parameter_octets = 128U << 10U;  ///< their names and values together
  std::size_t connections = 1024;
  std::size_t buffered = 256U << 20U;  ///< octets of unfinished requests and unsent answers, all connections
};

struct Responder {
  std::size_t workers = 4;
  std::optional<std::string> listen;  ///< "unix:PATH" (made absolute) or "HOST:PORT"; absent: descriptor 0
  bool allow_remote_tcp = false;
  Seconds read_timeout{30};
  Seconds write_timeout{30};
  Seconds idle_timeout{0};  ///< 0: a kept connection may be silent for ever
  Seconds stop_timeout{20};
  Limits limits;
  std::vector<std::string> allowed_peers;   ///< users (names or numbers) besides root and our own
  std::optional<std::string> socket_group;  ///< may also connect to a Unix socket we open; name or number
  std::optional<Secret> shared_secret;  ///< over TCP: makes identity and certificate parameters believable
  bool tls_terminated_upstream = false;
  RemoteUserPolicy remote_user;
};

/// How URLs that clients named are fetched, and messages delivered to them.
struct HttpcParams {
  Seconds connect_timeout{3};
  Seconds timeout{5};                            ///< for the whole exchange
  std::size_t max_octets = 256U << 10U;          ///< of an answer
  std::optional<std::filesystem::path> ca_file;  ///< certificate authorities besides the system's
  std::vector<std::string> allowed_networks;     ///< CIDR blocks besides the public Internet
  std::optional<std::filesystem::path> module_path;

  /// The module to load: module_path, else what the installation put there.
  std::filesystem::path module() const;
};

struct Config {
  explicit Config(Url issuer_url) : issuer(std::move(issuer_url)) {}

  Url issuer;  ///< https, no query, no fragment; may have a path, never a trailing '/'
  std::size_t version = 1;
  Profile profile = Profile::oidc;
  Database database;
  Keys keys;
  Endpoints endpoint = default_endpoints();
  EndSession end_session;
  DeviceAuthorization device_authorization;
  ProviderInfo provider_info;
  Webfinger webfinger;
  Registration registration;
  RegistrationApi registration_api;
  Capabilities capabilities;
  std::vector<AuthenticationMethod> authentication = {default_authentication()};  ///< in order of preference
  SessionParams session_params;
  std::map<std::string, std::vector<std::string>, std::less<>> scopes_to_claims = standard_scopes();
  std::optional<std::vector<std::string>> allowed_scopes;  ///< absent: the keys of scopes_to_claims
  Authz authz;
  TokenHandlerArgs token_handler_args;
  std::map<std::string, Resource, std::less<>> resources;                          ///< by resource indicator
  std::map<std::string, StatementIssuer, std::less<>> software_statement_issuers;  ///< by `iss`
  Claims claims;
  AddOn add_on;
  CookieHandler cookie_handler;
  std::map<std::string, std::vector<std::string>, std::less<>> login_hint_scheme_map;  ///< scheme -> ACRs
  /// The site's own folder of pages (templates/, static/, locale/), whose files take the place of shipped
  /// ones.
  std::optional<std::filesystem::path> template_dir;
  /// What the project ships: the folder that has templates/, static/ and locale/.
  std::filesystem::path data_dir = shipped_data_dir();
  Ui ui;
  LogConfig log;
  Responder responder;
  HttpcParams httpc_params;

  static AuthenticationMethod default_authentication();
  /// openid, profile, email, address, phone, offline_access (OpenID Connect Core 5.4 and 11).
  static std::map<std::string, std::vector<std::string>, std::less<>> standard_scopes();
  /// The folder that the installation put templates, static files and translations in.
  static std::filesystem::path shipped_data_dir();

  /// The scopes that may be asked for: allowed_scopes, else the keys of scopes_to_claims.
  std::vector<std::string> scopes() const;
  /// The absolute URL of an endpoint that is on; nothing when it is off.
  std::optional<std::string> endpoint_url(std::string_view name) const;
};

}  // namespace oidcop::config
