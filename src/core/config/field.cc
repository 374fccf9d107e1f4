#include "config/field.h"

namespace oidcop::config {

Field Field::within(std::size_t low, std::size_t high, std::string_view unit_name) && {
  min = low;
  max = high;
  unit = unit_name;
  return std::move(*this);
}

Field Field::one_of(std::vector<std::string_view> values) && {
  allowed = std::move(values);
  return std::move(*this);
}

Field Field::or_declared_in(std::string_view row) && {
  declared_in = row;
  return std::move(*this);
}

Field Field::shaped(Shape how) && {
  shape = how;
  return std::move(*this);
}

Field Field::never_empty() && {
  at_least_one = true;
  return std::move(*this);
}

Field Field::same_as(std::string_view canonical) && {
  alias_of = canonical;
  return std::move(*this);
}

Field Field::if_absent(std::string_view meaning) && {
  absent = meaning;
  return std::move(*this);
}

Field Field::only(std::string_view condition) && {
  needs = condition;
  return std::move(*this);
}

Field section(std::string path, std::string_view doc) {
  Field row;
  row.path = std::move(path);
  row.type = FieldType::section;
  row.doc = doc;
  return row;
}

Field unavailable(std::string path, std::string_view instead) {
  Field row;
  row.path = std::move(path);
  row.type = FieldType::unavailable;
  row.doc = instead;
  return row;
}

std::vector<std::string_view> names_of(const Profile*) {
  return {"oidc", "oauth21"};
}
std::vector<std::string_view> names_of(const Synchronous*) {
  return {"full", "normal"};
}
std::vector<std::string_view> names_of(const KeyType*) {
  return {"RSA", "EC", "OKP"};
}
std::vector<std::string_view> names_of(const Cors*) {
  return {"none", "any"};
}
std::vector<std::string_view> names_of(const LogoutConfirmation*) {
  return {"always", "unproven"};
}
std::vector<std::string_view> names_of(const RegistrationPolicy*) {
  return {"initial_access_token", "open"};
}
std::vector<std::string_view> names_of(const AuthenticationKind*) {
  return {"password"};
}
std::vector<std::string_view> names_of(const SubjectType*) {
  return {"public", "pairwise"};
}
std::vector<std::string_view> names_of(const TokenClass*) {
  return {"authorization_code", "access_token", "refresh_token", "id_token"};
}
std::vector<std::string_view> names_of(const Rotation*) {
  return {"always", "public_clients", "never"};
}
std::vector<std::string_view> names_of(const TokenFormat*) {
  return {"opaque", "jwt"};
}
std::vector<std::string_view> names_of(const ResourceTokenFormat*) {
  return {"inherited", "opaque", "jwt"};
}
std::vector<std::string_view> names_of(const SameSite*) {
  return {"lax", "none"};
}
std::vector<std::string_view> names_of(const LogFormat*) {
  return {"logfmt", "json"};
}
std::vector<std::string_view> names_of(const LogTarget*) {
  return {"stderr", "syslog"};
}
std::vector<std::string_view> names_of(const LogLevel*) {
  return {"debug", "info", "warning", "error"};
}

}  // namespace oidcop::config
