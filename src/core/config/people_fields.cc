#include "config/field_table.h"
#include "config/shapes.h"

#include <algorithm>
#include <iterator>

namespace oidcop::config {

namespace {

constexpr std::size_t kMinute = 60, kDay = 86400;

AuthenticationMethod* method_at(Config& config, const Place& place) {
  const auto found =
      std::find_if(config.authentication.begin(), config.authentication.end(),
                   [&](const AuthenticationMethod& method) { return method.id == place.at(1); });
  return found == config.authentication.end() ? nullptr : &*found;
}

#define OIDCOP_METHOD(member)                             \
  [](Config& config, const Place& place) {                \
    auto* method = method_at(config, place);              \
    return method == nullptr ? nullptr : &method->member; \
  }

std::vector<Field> method_containers() {
  auto methods =
      section("authentication",
              "The ways people may authenticate, each under a name of your choice. If it is there, exactly "
              "these exist.");
  methods.type = FieldType::map;
  methods.shape = kName;
  methods.at_least_one = true;
  methods.enter = [](Config& config, const Place&) { config.authentication.clear(); };
  methods.members = [](const Config& config) {
    std::vector<std::string> ids;
    for (const auto& method : config.authentication) ids.push_back(method.id);
    return ids;
  };
  auto method = section("authentication.*", "One way to authenticate.");
  method.enter = [](Config& config, const Place& place) {
    config.authentication.emplace_back();
    config.authentication.back().id = place.at(1);
  };
  return {std::move(methods), std::move(method)};
}

std::vector<Field> authentication_fields() {
  auto rows = method_containers();
  std::vector<Field> more = {
      field("authentication.*.method", OIDCOP_METHOD(method),
            "How: `password` is a user name and a password on a page."),
      field("authentication.*.position", OIDCOP_METHOD(position),
            "Which is taken when a request does not say: the lowest; equal ones in order of their names.")
          .within(0, 1000, "place"),
      field("authentication.*.acr", OIDCOP_METHOD(acr),
            "The authentication context class this is, as requests (`acr_values`) and ID tokens name it.")
          .shaped(kWord),
      field("authentication.*.amr", OIDCOP_METHOD(amr),
            "The authentication method references in ID tokens (RFC 8176).")
          .shaped(kWord),
      field("authentication.*.expires_in", OIDCOP_METHOD(expires_in),
            "How long an authentication of this kind counts. It may be shorter than the session, for example "
            "for a "
            "method that is asked for in addition.")
          .within(kMinute, 365 * kDay),
      field("authentication.*.concurrent_hashes", OIDCOP_METHOD(concurrent_hashes),
            "How many passwords a process checks at the same time. Each takes a processor and some "
            "megabytes; further "
            "attempts are answered 503 rather than queued.")
          .within(1, 64, "checks"),
      section("authentication.*.throttle",
              "How many failed attempts are too many. Attempts of strangers never close an account to a "
              "browser that "
              "logged in to it before."),
      field("authentication.*.throttle.window", OIDCOP_METHOD(throttle.window),
            "The time in which attempts are counted.")
          .within(kMinute, kDay),
      field("authentication.*.throttle.known_device_attempts", OIDCOP_METHOD(throttle.known_device_attempts),
            "For one account from one browser that it knows.")
          .within(1, 1000, "attempts"),
      field("authentication.*.throttle.unknown_device_attempts",
            OIDCOP_METHOD(throttle.unknown_device_attempts),
            "For one account from all other browsers together.")
          .within(1, 1000, "attempts"),
      field("authentication.*.throttle.network_attempts", OIDCOP_METHOD(throttle.network_attempts),
            "From one network (an IPv4 /24, an IPv6 /48) for all accounts together.")
          .within(1, 100'000, "attempts"),
  };
  rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return rows;
}

#undef OIDCOP_METHOD

std::vector<Field> hint_fields() {
  auto schemes =
      section("login_hint2acrs.scheme_map",
              "From the scheme of a hint (`email` in `email:ada@example.org`) to the classes in question.");
  schemes.type = FieldType::map;
  schemes.shape = kScheme;
  schemes.enter = [](Config& config, const Place&) { config.login_hint_scheme_map.clear(); };
  schemes.members = [](const Config& config) {
    std::vector<std::string> names;
    for (const auto& [name, acrs] : config.login_hint_scheme_map) names.push_back(name);
    return names;
  };
  return {
      section("login_hint2acrs", "How a `login_hint` chooses the way to authenticate."),
      std::move(schemes),
      field(
          "login_hint2acrs.scheme_map.*",
          [](Config& c, const Place& p) { return &c.login_hint_scheme_map[p.at(2)]; },
          "Authentication context classes, in order of preference.")
          .shaped(kWord)
          .never_empty(),
  };
}

std::vector<Field> cookie_fields() {
  return {
      section("cookie_handler", "The cookies. They are always Secure, and never readable by scripts."),
      field("cookie_handler.name_prefix", OIDCOP_AT(cookie_handler.name_prefix),
            "How their names begin, after `__Host-` or `__Secure-`. They end in a hash of the issuer, so "
            "that two "
            "providers on one host do not meet.")
          .shaped(kName),
      field("cookie_handler.same_site", OIDCOP_AT(cookie_handler.same_site),
            "`none` is for relying parties that renew logins silently in a frame; browsers that block "
            "third-party "
            "cookies defeat it anyway."),
      field("cookie_handler.path_scoped", OIDCOP_AT(cookie_handler.path_scoped),
            "`true` names cookies `__Secure-…` and ties them to the issuer's path; `false` names them "
            "`__Host-…`, which "
            "browsers protect better but send to the whole host."),
  };
}

std::vector<Field> page_fields() {
  return {
      field("template_dir", OIDCOP_AT(template_dir),
            "A folder of your own pages. Files in its `templates/` and `static/` take the place of the "
            "shipped ones of "
            "the same name, those in `locale/` change single texts or add a language.")
          .if_absent("the shipped pages"),
      field("data_dir", OIDCOP_AT(data_dir),
            "The folder of the shipped pages (`templates/`, `static/`, `locale/`)."),
      section("ui", "What the pages say about this provider. Links must be https."),
      field("ui.op_name", OIDCOP_AT(ui.op_name),
            "Who this provider is to its people, for example \"Example Bank\".")
          .shaped(kLine),
      field("ui.op_policy_uri", OIDCOP_AT(ui.op_policy_uri),
            "Its privacy policy, linked at the foot of the pages and in the metadata.")
          .if_absent("no link"),
      field("ui.op_tos_uri", OIDCOP_AT(ui.op_tos_uri), "Its terms of service, in the same places.")
          .if_absent("no link"),
      field("ui.service_documentation", OIDCOP_AT(ui.service_documentation),
            "What developers of relying parties should read, named in the metadata.")
          .if_absent("no link"),
      field(
          "ui.registration_page", OIDCOP_AT(ui.registration_page),
          "An https page of yours where people make themselves an account. Requests with `prompt=create` "
          "lead "
          "there (Initiating User Registration via OpenID Connect 1.0); its parameter `continue` is where to "
          "send the person afterwards.")
          .if_absent("`prompt=create` is refused"),
      field("ui.default_locale", OIDCOP_AT(ui.default_locale),
            "The language of the pages when neither request nor browser asks for one there is.")
          .shaped(kLocale),
  };
}

}  // namespace

std::vector<Field> people_fields() {
  std::vector<Field> rows;
  for (auto part : {authentication_fields, hint_fields, cookie_fields, page_fields}) {
    auto more = part();
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return rows;
}

}  // namespace oidcop::config
