#include "config/sources.h"

#include "base/file.h"
#include "base/json.h"
#include "config/field_table.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

namespace oidcop::config {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 1U << 20U;

std::vector<fs::path> fragments_of(const fs::path& path, ConfigProblems& problems) {
  auto folder = path;
  folder += ".d";
  std::error_code error;
  if (!fs::exists(folder, error)) return {};
  std::vector<fs::path> files;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const auto name = entries->path().filename().string();
    // Hidden files are editors' leftovers.
    if (name.front() != '.' && entries->path().extension() == ".json") files.push_back(entries->path());
  }
  if (error) problems.push_back({folder.string(), "", "cannot be listed: " + error.message(), ""});
  std::sort(files.begin(), files.end());
  return files;
}

/// Messages of failed reads begin with the file's name, and problems do so, too.
std::string without_name(const std::string& detail, const fs::path& file) {
  const auto name = file.string() + ": ";
  return detail.rfind(name, 0) == 0 ? detail.substr(name.size()) : detail;
}

void read_source(std::vector<Source>& sources, const fs::path& file, bool fragment,
                 ConfigProblems& problems) {
  const auto text = read_file(file, kLargestFile);
  if (!text) {
    problems.push_back({file.string(), "", without_name(text.error().detail, file), ""});
    return;
  }
  auto tree = parse_json(*text, {kLargestFile, 16, JsonComments::allowed});
  if (!tree) {
    problems.push_back({file.string(), "", tree.error().detail, ""});
  } else if (!tree->is_object()) {
    problems.push_back({file.string(), "", "must hold one object", ""});
  } else {
    sources.push_back({file, std::make_shared<const Json>(std::move(*tree)), fragment});
  }
}

/// Merges one file after the other, remembering where each value came from.
class Merger {
 public:
  explicit Merger(ConfigProblems& problems) : problems_(problems) {}

  void add(const Source& source) {
    source_ = &source;
    merge_object(tree_, *source.tree);
  }
  Merged take() && {
    merged_.tree = std::make_shared<const Json>(std::move(tree_));
    return std::move(merged_);
  }

 private:
  // Depth is bounded by the parser.
  void merge_object(Json& into, const Json& from) {
    for (const auto& [name, value] : from.items()) {
      place_.push_back(name);
      const auto* row = field_at(place_);
      const bool known_value = row != nullptr && !row->is_container();
      auto& member = into[name];
      if (value.is_object() && !known_value) {
        if (!member.is_object()) member = Json::object();
        merged_.origins.emplace(path_text(place_), source_->file.string());
        merge_object(member, value);
      } else {
        note_origin(value, row != nullptr && row->type == FieldType::secret);
        member = value;
      }
      place_.pop_back();
    }
  }

  void note_origin(const Json& value, bool secret) {
    const auto path = path_text(place_);
    const auto file = source_->file.string();
    const bool scalar = secret || (!value.is_array() && !value.is_object());
    if (scalar && source_->fragment) {
      const auto [earlier, first] = fragment_scalars_.emplace(path, &value);
      if (!first && !(path == "version" && *earlier->second == value)) {
        problems_.push_back(
            {file, path, "is set in " + merged_.origins[path] + ", too; only one may set it", ""});
      }
    }
    merged_.origins[path] = file;
  }

  ConfigProblems& problems_;
  Json tree_ = Json::object();
  Merged merged_;
  const Source* source_ = nullptr;
  Place place_;
  std::map<std::string, const Json*> fragment_scalars_;
};

}  // namespace

std::vector<Source> read_sources(const fs::path& path, ConfigProblems& problems) {
  std::vector<Source> sources;
  read_source(sources, path, false, problems);
  for (const auto& fragment : fragments_of(path, problems)) read_source(sources, fragment, true, problems);
  return sources;
}

Merged merge(const std::vector<Source>& sources, ConfigProblems& problems) {
  Merger merger(problems);
  for (const auto& source : sources) merger.add(source);
  return std::move(merger).take();
}

}  // namespace oidcop::config
