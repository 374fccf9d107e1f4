#include "config/load.h"

#include "config/check.h"
#include "config/field_table.h"
#include "config/fill.h"
#include "config/rules.h"

#include <sys/stat.h>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

namespace oidcop::config {

namespace {

namespace fs = std::filesystem;

/// The issuer is the one value without a default, and all others can be checked without it.
Config start_config(const Json& tree, const fs::path& path, ConfigProblems& problems) {
  auto stand_in = Url::parse("https://issuer.invalid");
  if (!tree.contains("issuer")) {
    problems.push_back({path.string(), "issuer",
                        "is missing: the https URL that relying parties know this provider by", ""});
  }
  return Config(std::move(*stand_in));
}

/// The file a value came from: its own, else that of the nearest container that is in a file.
std::string origin_of(const Merged& merged, std::string path) {
  while (true) {
    const auto found = merged.origins.find(path);
    if (found != merged.origins.end()) return found->second;
    const auto cut = path.find_last_of(".[");
    if (cut == std::string::npos) return {};
    path.resize(cut);
  }
}

/// The name under which the file sets a value: a row's own, or an alias of it.
std::string written_as(const Merged& merged, const std::string& path) {
  if (merged.origins.count(path) != 0) return path;
  for (const auto& row : field_table()) {
    if (row.alias_of == path && merged.origins.count(row.path) != 0) return row.path;
  }
  return path;
}

bool is_below(const std::string& path, const std::string& above) {
  return path.compare(0, above.size(), above) == 0 &&
         (path.size() == above.size() || path[above.size()] == '.' || path[above.size()] == '[');
}

/// A value that was refused on its own has its default now; what that contradicts is no news.
bool rests_on_refused(const Finding& finding, const Merged& merged, const ConfigProblems& problems) {
  const auto was_refused = [&](const std::string& path) {
    return std::any_of(problems.begin(), problems.end(), [&](const ConfigProblem& problem) {
      return !problem.path.empty() && (is_below(path, problem.path) || is_below(problem.path, path));
    });
  };
  return std::any_of(finding.paths.begin(), finding.paths.end(), [&](const std::string& path) {
    return was_refused(path) || was_refused(written_as(merged, path));
  });
}

void report(const std::vector<Finding>& findings, const Merged& merged, const fs::path& path,
            const ConfigProblems& refused, ConfigProblems& to) {
  for (const auto& finding : findings) {
    if (rests_on_refused(finding, merged, refused)) continue;
    // A default can be what contradicts; then the value that was set is the place to look at.
    auto place = written_as(merged, finding.paths.front());
    auto file = origin_of(merged, place);
    to.push_back(
        {file.empty() ? path.string() : std::move(file), std::move(place), finding.message, finding.nearest});
  }
}

bool holds_inline_secret(const Json& tree) {
  for (const auto& row : field_table()) {
    if (row.type != FieldType::secret) continue;
    for (const auto& [place, value] : matches(row, tree)) {
      if (value->is_string()) return true;
    }
  }
  return false;
}

/// Files that secrets were read from (slot.cc).
void add_named_files(const Json& tree, const fs::path& folder, std::vector<fs::path>& files) {
  for (const auto& row : field_table()) {
    if (row.type != FieldType::secret) continue;
    for (const auto& [place, value] : matches(row, tree)) {
      const auto name = json_text(*value, "file");
      if (name && *name) files.push_back((folder / **name).lexically_normal());
    }
  }
}

void warn_of_permissions(const Source& source, ConfigProblems& warnings) {
  struct stat status {};
  if (stat(source.file.c_str(), &status) != 0) return;
  const auto file = source.file.string();
  if ((status.st_mode & S_IWOTH) != 0) {
    warnings.push_back({file, "", "can be changed by every user of this machine; chmod o-w " + file, ""});
  }
  if ((status.st_mode & (S_IROTH | S_IWOTH)) != 0 && holds_inline_secret(*source.tree)) {
    warnings.push_back({file, "",
                        "holds a secret and can be read by every user of this machine; chmod o-rwx " + file +
                            ", or put the secret into a file of its own: {\"file\": \"PATH\"}",
                        ""});
  }
}

}  // namespace

Result<LoadedConfig, ConfigProblems> load_config(const fs::path& path, const Environment& environment) {
  std::error_code error;
  auto absolute = fs::absolute(path, error).lexically_normal();
  if (error) return fail(ConfigProblems{{path.string(), "", "has no absolute path: " + error.message(), ""}});

  ConfigProblems problems;
  const auto sources = read_sources(absolute, problems);
  // Without the file itself there is nothing that its fragments could mean.
  if (sources.empty() || sources.front().fragment) return fail(std::move(problems));
  for (const auto& source : sources) check_source(source, problems);
  const auto merged = merge(sources, problems);

  LoadedConfig loaded{start_config(*merged.tree, absolute, problems), {}, {}, {}};
  const auto folder = absolute.parent_path();
  fill(loaded.config, merged, {folder, environment}, problems);
  resolve_paths(loaded.config, folder);
  std::stable_sort(loaded.config.authentication.begin(), loaded.config.authentication.end(),
                   [](const auto& a, const auto& b) { return a.position < b.position; });

  const auto findings = find_contradictions(loaded.config);
  const auto refused = problems;
  report(findings.contradictions, merged, absolute, refused, problems);
  if (!problems.empty()) return fail(std::move(problems));
  report(findings.doubts, merged, absolute, {}, loaded.warnings);
  for (const auto& source : sources) {
    warn_of_permissions(source, loaded.warnings);
    loaded.files.push_back(source.file);
    if (holds_inline_secret(*source.tree)) loaded.secret_files.push_back(source.file);
  }
  add_named_files(*merged.tree, folder, loaded.secret_files);
  return loaded;
}

}  // namespace oidcop::config
