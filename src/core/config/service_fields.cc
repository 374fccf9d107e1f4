#include "config/field_table.h"
#include "config/shapes.h"

#include <iterator>

namespace oidcop::config {

namespace {

std::vector<Field> log_fields() {
  return {
      section("log", "What is written about what happens: one line per event, without secrets."),
      field("log.format", OIDCOP_AT(log.format), "How a line looks."),
      field("log.target", OIDCOP_AT(log.target),
            "Where lines go: `stderr` (the web server's error log, or the journal) or `syslog`."),
      field("log.level", OIDCOP_AT(log.level), "The least important events to write."),
  };
}

std::vector<Field> responder_fields() {
  return {
      section("responder", "The FastCGI program `oidcop.fcgi`."),
      field("responder.workers", OIDCOP_AT(responder.workers),
            "How many requests are worked on at the same time, each on a thread with a database connection.")
          .within(1, 256, "threads"),
      field("responder.listen", OIDCOP_AT(responder.listen),
            "Where to listen: `unix:PATH`, or `HOST:PORT` on this machine. The option `--listen` comes "
            "before it.")
          .shaped(kListen)
          .if_absent("on the descriptor 0 it was started with, as web servers and systemd do it"),
      field("responder.allow_remote_tcp", OIDCOP_AT(responder.allow_remote_tcp),
            "Allow `listen` on an address that other machines reach. FastCGI is neither encrypted nor "
            "authenticated: "
            "whoever reaches the port can be anyone."),
      field("responder.allowed_peers", OIDCOP_AT(responder.allowed_peers),
            "The users (names or numbers) that may connect to a Unix socket we opened, besides root and our "
            "own: the web "
            "server's.")
          .shaped(kUser),
      field("responder.socket_group", OIDCOP_AT(responder.socket_group),
            "A group (name or number) that may connect to a Unix socket we open, besides its owner.")
          .shaped(kUser)
          .if_absent("only the owner may connect"),
      field("responder.shared_secret", OIDCOP_AT(responder.shared_secret),
            "Over TCP, what the web server must send as the parameter `OIDCOP_SECRET` with each "
            "request before "
            "REMOTE_USER and client certificates are believed. At least 16 characters.")
          .if_absent("over TCP they are never believed"),
      field("responder.read_timeout", OIDCOP_AT(responder.read_timeout),
            "How long a request may take to arrive, from its first octet to its last.")
          .within(1, 300),
      field("responder.write_timeout", OIDCOP_AT(responder.write_timeout),
            "How long an answer may take to leave.")
          .within(1, 300),
      field("responder.idle_timeout", OIDCOP_AT(responder.idle_timeout),
            "How long a kept connection may be silent between requests. 0: for ever, as web servers expect "
            "that keep "
            "connections for later.")
          .within(0, 86400),
      field("responder.stop_timeout", OIDCOP_AT(responder.stop_timeout),
            "How long requests in flight may still take when the responder is told to stop.")
          .within(1, 300),
      section("responder.limits", "How large things may be. What is larger is refused (413, 414, 431)."),
      field("responder.limits.body", OIDCOP_AT(responder.limits.body), "The body of a request.")
          .within(4096, 16U << 20U, "octets"),
      field("responder.limits.uri", OIDCOP_AT(responder.limits.uri), "The path and query of a request.")
          .within(2048, 1U << 20U, "octets"),
      field("responder.limits.parameters", OIDCOP_AT(responder.limits.parameters),
            "How many parameters a request may have: headers, and what the web server adds.")
          .within(64, 4096, "parameters"),
      field("responder.limits.parameter_octets", OIDCOP_AT(responder.limits.parameter_octets),
            "Their names and values together.")
          .within(8192, 1U << 20U, "octets"),
      field("responder.limits.connections", OIDCOP_AT(responder.limits.connections),
            "Connections at the same time; further ones wait in the system's queue.")
          .within(1, 65536, "connections"),
      field("responder.limits.buffered", OIDCOP_AT(responder.limits.buffered),
            "Unfinished requests and unsent answers of all connections together.")
          .within(1U << 20U, std::size_t{4} << 30U, "octets"),
      field("responder.tls_terminated_upstream", OIDCOP_AT(responder.tls_terminated_upstream),
            "Believe that requests came by https although the web server does not say so (HTTPS=on), because "
            "a proxy in "
            "front of it ended TLS. Without it such requests are answered 403."),
      section("responder.remote_user",
              "Whether the web server's own login (REMOTE_USER) counts. Only in a location whose "
              "configuration sends the "
              "marker: that, not the path of a request, is the proof that the web server protected it."),
      field("responder.remote_user.marker", OIDCOP_AT(responder.remote_user.marker),
            "What the web server must send as the parameter `OIDCOP_MARKER`. At least 16 "
            "characters.")
          .if_absent("REMOTE_USER is never believed"),
      field("responder.remote_user.auth_types", OIDCOP_AT(responder.remote_user.auth_types),
            "The values of AUTH_TYPE to accept.")
          .shaped(kWord)
          .never_empty(),
  };
}

std::vector<Field> fetching_fields() {
  return {
      section("httpc_params",
              "How the provider fetches what clients name by URL (`jwks_uri`, `sector_identifier_uri`, "
              "`request_uri`) and delivers messages to them: https with a verified certificate, public "
              "addresses, no redirects, no proxy."),
      field("httpc_params.connect_timeout", OIDCOP_AT(httpc_params.connect_timeout),
            "How long a connection may take.")
          .within(1, 60),
      field("httpc_params.timeout", OIDCOP_AT(httpc_params.timeout),
            "How long the whole may take, from the look-up of the name to the last octet.")
          .within(1, 60),
      field("httpc_params.max_octets", OIDCOP_AT(httpc_params.max_octets),
            "The largest answer to accept, as it arrives; contents are never decompressed.")
          .within(4096, 16U << 20U, "octets"),
      field("httpc_params.ca_file", OIDCOP_AT(httpc_params.ca_file),
            "Certificate authorities (PEM) to trust besides the system's: those of an intranet or a test.")
          .if_absent("the system's alone"),
      field("httpc_params.allowed_networks", OIDCOP_AT(httpc_params.allowed_networks),
            "Blocks of addresses to allow besides the public Internet: an intranet's, or `127.0.0.0/8` for a "
            "test. Every client can then make the provider send requests there.")
          .shaped(kNetwork),
      field("httpc_params.module_path", OIDCOP_AT(httpc_params.module_path),
            "The shared object that fetches (`oidcop-fetch.so`); loaded when it is needed first.")
          .if_absent("where the installation put it"),
  };
}

/// Names people know from the reference implementation or expect; each says what to do instead.
std::vector<Field> foreign_names() {
  constexpr std::string_view kTexts = "the words of the pages are in the folder `locale/` of `template_dir`";
  return {
      unavailable("client_db", "clients live in the database: `oidcop client register`"),
      unavailable("clients", "clients live in the database: `oidcop client register`"),
      unavailable("userinfo",
                  "users live in the database: `oidcop user add`; claims at the userinfo endpoint are "
                  "configured in `claims.userinfo`"),
      unavailable("base_url", "every URL is made from `issuer`"),
      unavailable("domain", "every URL is made from `issuer`"),
      unavailable("port", "every URL is made from `issuer`; where to listen is `responder.listen`"),
      unavailable("sso_ttl", "it is `session_params.sso_lifetime` here"),
      unavailable("id_token",
                  "ID tokens are configured in `token_handler_args.id_token` and `claims.id_token`"),
      unavailable("claims_interface", "claims are configured in `claims`"),
      unavailable("template_handler", "templates are files: `template_dir`"),
      unavailable("template_loader", "templates are files: `template_dir`"),
      unavailable("scopes_handler", "scopes are configured in `scopes_to_claims` and `allowed_scopes`"),
      unavailable("httpc_params.verify",
                  "certificates are always verified; name further authorities in `httpc_params.ca_file`"),
      unavailable("httpc_params.client_cert", "the provider shows no certificate of its own when it fetches"),
      unavailable("httpc_params.client_key", "the provider shows no certificate of its own when it fetches"),
      unavailable("verify_ssl",
                  "certificates are always verified; name further authorities in `httpc_params.ca_file`"),
      unavailable("login_hint_lookup", "not available in this version"),
      unavailable("logging", "it is `log` here"),
      unavailable("session_params.password", "secrets are in the file `keys.secrets_path`"),
      unavailable("session_params.salt", "secrets are in the file `keys.secrets_path`"),
      unavailable("session_params.sub_func", "it is `session_params.default_subject_type` here"),
      unavailable("authentication.*.page_header", kTexts),
      unavailable("authentication.*.user_label", kTexts),
      unavailable("authentication.*.passwd_label", kTexts),
      unavailable("authentication.*.submit_btn", kTexts),
      unavailable("authentication.*.verify_endpoint", "the page posts to the authorization endpoint"),
      unavailable("authentication.*.template", "templates are files: `template_dir`"),
      unavailable("authentication.*.db", "users live in the database: `oidcop user add`"),
      unavailable("ui.logo_uri", "pictures are in the folder `static/` of `template_dir`"),
      unavailable("cookie_handler.keys", "secrets are in the file `keys.secrets_path`"),
      unavailable("cookie_handler.sign_key", "secrets are in the file `keys.secrets_path`"),
      unavailable("cookie_handler.enc_key", "secrets are in the file `keys.secrets_path`"),
      unavailable("token_handler_args.jwks_file", "secrets are in the file `keys.secrets_path`"),
      unavailable("token_handler_args.jwks_def", "secrets are in the file `keys.secrets_path`"),
      unavailable("add_on.dpop", "not available in this version"),
      unavailable("add_on.extra_args", "it is `add_on.authorization_response_iss` here"),
      unavailable("add_on.claims", "scopes are configured in `scopes_to_claims`"),
  };
}

}  // namespace

std::vector<Field> service_fields() {
  std::vector<Field> rows;
  for (auto part : {log_fields, responder_fields, fetching_fields, foreign_names}) {
    auto more = part();
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return rows;
}

}  // namespace oidcop::config
