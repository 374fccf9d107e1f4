#include "config/initial_text.h"

#include "base/json.h"

#include <nlohmann/json.hpp>

namespace oidcop::config {

namespace {

/// One "name": value with a comment above; the comma goes before all but the first.
void add(std::string& text, std::string_view comment, std::string_view name, const Json& value) {
  if (!text.empty()) text += ",\n\n";
  text += "  // " + std::string(comment) + "\n  \"" + std::string(name) + "\": " + dump_json(value);
}

}  // namespace

std::string default_config_text(const InitialSettings& settings) {
  std::string members;
  add(members, "The https URL that relying parties know this provider by. Do not change it later.", "issuer",
      settings.issuer.text());
  add(members, "The version of this file's format.", "version", 1);
  if (settings.op_name) {
    add(members, "Who this provider is to the people who log in.", "ui", {{"op_name", *settings.op_name}});
  }
  if (settings.database) {
    add(members, "Where clients, users, sessions and tokens are kept.", "database",
        {{"path", settings.database->string()}});
  }
  if (settings.data_dir) {
    add(members, "The folder of the pages: templates, static files, translations.", "data_dir",
        settings.data_dir->string());
  }
  if (settings.listen) {
    add(members, "Where oidcop.fcgi listens for the web server.", "responder",
        {{"listen", *settings.listen}});
  }
  return R"(// The configuration of this OpenID Provider. Every key that is not here has a default: "oidcop config reference"
// lists them all, and "oidcop config check" says what is wrong with a change before it is used. Files *.json in
// the folder "oidcop.json.d" beside this one are read after it.
{
)" + members +
         "\n}\n";
}

}  // namespace oidcop::config
