#include "config/check.h"

#include "config/field_table.h"
#include "config/nearest.h"
#include "config/value.h"

#include <nlohmann/json.hpp>

namespace oidcop::config {

namespace {

/// Walks a file and the table side by side.
class Checker {
 public:
  Checker(const Source& source, ConfigProblems& problems)
      : file_(source.file.string()), problems_(problems), most_(problems.size() + kMostProblems) {}

  void check_all(const Json& tree) {
    check_object(field_tree(), tree);
    if (problems_.size() >= most_)
      problems_.push_back({file_, "", "has more problems than are shown here", ""});
  }

 private:
  void check_object(const FieldNode& node, const Json& object) {
    for (const auto& [name, value] : object.items()) {
      if (problems_.size() >= most_) return;
      place_.push_back(name);
      check_member(node, name, value);
      place_.pop_back();
    }
    if (problems_.size() == most_)
      problems_.push_back({file_, "", "has more problems than are shown here", ""});
  }

  void report(std::string message, std::string nearest_name = {}) {
    problems_.push_back({file_, path_text(place_), std::move(message), std::move(nearest_name)});
  }

  void check_member(const FieldNode& parent, const std::string& name, const Json& value) {
    const auto* node = parent.child(name);
    if (node == nullptr || node->field == nullptr) return report_unknown(parent, name);
    const auto& row = *node->field;
    if (row.type == FieldType::unavailable) return report(std::string(row.doc));
    if (parent.field != nullptr && parent.field->type == FieldType::map && !fits(parent.field->shape, name)) {
      return report("has a name that is not " + std::string(parent.field->shape.words));
    }
    if (!row.is_container()) return check_value(row, value);
    if (row.type == FieldType::list) return check_list(*node, value);
    if (!value.is_object()) return report_type(row, value);
    if (row.at_least_one && value.empty()) report("is empty");
    check_object(*node, value);
  }

  void check_value(const Field& row, const Json& value) {
    auto parsed = parse_value(row, value);
    if (parsed) return;
    auto& complaint = parsed.error();
    problems_.push_back({file_, path_text(place_) + complaint.where, complaint.message, complaint.nearest});
  }

  void check_list(const FieldNode& node, const Json& list) {
    if (!list.is_array()) return report_type(*node.field, list);
    if (node.field->at_least_one && list.empty()) report("is empty");
    const auto& element_node = *node.element();
    std::size_t index = 0;
    for (const auto& element : list) {
      place_.push_back(std::to_string(index++));
      if (element.is_object()) {
        check_object(element_node, element);
      } else {
        report_type(*element_node.field, element);
      }
      place_.pop_back();
    }
  }

  void report_type(const Field& row, const Json& value) {
    report("expected " + std::string(kind_of(row.type)) + ", found " + std::string(kind_of(value)));
  }

  void report_unknown(const FieldNode& parent, const std::string& name) {
    if (name == "class" || name == "kwargs" || name == "function") {
      return report(
          "unknown key: there are no classes to name here, and what stood in \"kwargs\" stands one level up");
    }
    report("unknown key", nearest_key(parent, name));
  }

  /// A sibling that looks like it, else a key of that name that belongs elsewhere.
  std::string nearest_key(const FieldNode& parent, const std::string& name) const {
    std::vector<std::string> siblings;
    for (const auto& [sibling, node] : parent.children) {
      if (node.field != nullptr && node.field->type != FieldType::unavailable && sibling != "*" &&
          sibling != "[]") {
        siblings.push_back(sibling);
      }
    }
    if (const auto sibling = nearest(name, siblings); !sibling.empty()) {
      auto place = place_;
      place.back() = sibling;
      return path_text(place);
    }
    for (const auto& row : field_table()) {
      if (row.type != FieldType::unavailable && row.alias_of.empty() && segments_of(row).back() == name) {
        return pattern_text(row);
      }
    }
    return {};
  }

  std::string file_;
  ConfigProblems& problems_;
  std::size_t most_;
  Place place_;
};

}  // namespace

void check_source(const Source& source, ConfigProblems& problems) {
  Checker(source, problems).check_all(*source.tree);
}

}  // namespace oidcop::config
