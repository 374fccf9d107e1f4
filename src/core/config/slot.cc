#include "base/file.h"
#include "config/claim_specs.h"
#include "config/duration.h"
#include "config/value.h"

#include <nlohmann/json.hpp>

namespace oidcop::config {

namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

std::filesystem::path resolved(const std::filesystem::path& folder, const std::string& text) {
  return (folder / text).lexically_normal();
}

/// Files and variables often end in the newline of the editor or shell that wrote them.
Secret without_last_newline(std::string_view text) {
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return Secret(std::string(text));
}

Result<Secret, Complaint> fetch(const SecretSource& source, const FillContext& context) {
  Secret secret;
  if (source.kind == SecretSource::Kind::from_text) {
    secret = Secret(source.text);
  } else if (source.kind == SecretSource::Kind::from_file) {
    auto content = read_private_file(resolved(context.folder, source.text));
    if (!content) return fail(Complaint{{}, "cannot be read from its file: " + content.error().detail, {}});
    secret = without_last_newline(content->reveal());
  } else {
    auto variable = context.environment.get(source.text);
    if (!variable) return fail(Complaint{{}, "is in an environment variable that is not set", {}});
    secret = without_last_newline(*variable);
    wipe(*variable);
  }
  if (secret.empty()) return fail(Complaint{{}, "is empty", {}});
  return secret;
}

template <class T>
Json optional_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

}  // namespace

Result<void, Complaint> assign(const Slot& slot, const Value& value, const FillContext& context) {
  if (const auto* source = std::get_if<SecretSource>(&value)) {
    auto secret = fetch(*source, context);
    if (!secret) return fail(std::move(secret).error());
    *std::get<std::optional<Secret>*>(slot) = std::move(*secret);
    return {};
  }
  const auto path = [&] { return resolved(context.folder, std::get<PathText>(value).text); };
  std::visit(Overloaded{
                 [](std::monostate) {},
                 [](std::optional<Secret>*) {},
                 [&](std::filesystem::path* member) { *member = path(); },
                 [&](std::optional<std::filesystem::path>* member) { *member = path(); },
                 [&](std::optional<std::string>* member) { *member = std::get<std::string>(value); },
                 [&](std::optional<std::size_t>* member) { *member = std::get<std::size_t>(value); },
                 [&](std::optional<Url>* member) { *member = std::get<Url>(value); },
                 [&](std::optional<std::vector<std::string>>* member) {
                   *member = std::get<std::vector<std::string>>(value);
                 },
                 [&](const Choice& member) { *member.value = std::get<ChoiceIndex>(value).index; },
                 [&](auto* member) { *member = std::get<std::remove_pointer_t<decltype(member)>>(value); },
             },
             slot);
  return {};
}

Json read(const Field& row, const Slot& slot) {
  return std::visit(
      Overloaded{
          [](std::monostate) { return Json(); },
          [](const std::string* member) { return member->empty() ? Json() : Json(*member); },
          [](const Seconds* member) { return Json(duration_text(*member)); },
          [](const std::filesystem::path* member) { return Json(member->string()); },
          [](const std::optional<std::filesystem::path>* member) {
            return *member ? Json((*member)->string()) : Json();
          },
          [](const Url* member) { return Json(member->text()); },
          [](const std::optional<Url>* member) { return *member ? Json((*member)->text()) : Json(); },
          [](const std::optional<std::size_t>* member) { return optional_json(*member); },
          [](const std::optional<std::string>* member) { return optional_json(*member); },
          [](const std::optional<std::vector<std::string>>* member) { return optional_json(*member); },
          [](const std::optional<Secret>* member) { return *member ? Json(kMaskedSecret) : Json(); },
          [](const std::vector<ClaimSpec>* member) { return claim_specs_json(*member); },
          [](const std::vector<TokenClass>* member) {
            const auto names = names_of(static_cast<const TokenClass*>(nullptr));
            auto list = Json::array();
            for (auto token_class : *member) list.push_back(names.at(static_cast<std::size_t>(token_class)));
            return list;
          },
          [&](const Choice& member) { return Json(row.allowed.at(*member.value)); },
          [](const auto* member) { return Json(*member); },
      },
      slot);
}

}  // namespace oidcop::config
