#include "config/field_table.h"

#include <algorithm>
#include <iterator>

namespace oidcop::config {

namespace {

std::vector<Field> make_table() {
  std::vector<Field> table;
  for (auto part : {provider_fields, capability_fields, policy_fields, people_fields, service_fields}) {
    auto rows = part();
    table.insert(table.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
  }
  return table;
}

/// Names of a file may be anything; in a message they must neither mislead nor fill the screen.
std::string name_text(const std::string& name) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  constexpr std::size_t longest = 64;
  if (!name.empty() && name.size() <= longest && name.find_first_not_of(plain) == std::string::npos)
    return name;
  constexpr std::string_view hex = "0123456789abcdef";
  std::string text = "\"";
  for (const char c : name.substr(0, longest)) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || octet >= 0x7f || c == '"' || c == '\\') {
      text += std::string("\\x") + hex[octet >> 4U] + hex[octet & 15U];
    } else {
      text += c;
    }
  }
  return text + (name.size() > longest ? "…\"" : "\"");
}

FieldNode make_tree() {
  FieldNode root;
  for (const auto& row : field_table()) {
    auto* node = &root;
    for (const auto& segment : segments_of(row)) node = &node->children[segment];
    node->field = &row;
  }
  return root;
}

}  // namespace

const FieldNode* FieldNode::child(std::string_view name) const {
  // "*" and "[]" stand for names; as names in a file they mean nothing.
  auto found = name == "[]" || name == "*" ? children.end() : children.find(name);
  if (found == children.end()) found = children.find("*");
  return found == children.end() ? nullptr : &found->second;
}

const FieldNode* FieldNode::element() const {
  const auto found = children.find("[]");
  return found == children.end() ? nullptr : &found->second;
}

const std::vector<Field>& field_table() {
  static const auto table = make_table();
  return table;
}

const FieldNode& field_tree() {
  static const auto tree = make_tree();
  return tree;
}

const Field* field_at(const Place& place) {
  const auto* node = &field_tree();
  for (const auto& segment : place) {
    const auto* element = node->element();
    node = element != nullptr ? element : node->child(segment);
    if (node == nullptr) return nullptr;
  }
  return node->field;
}

std::string path_text(const Place& place) {
  std::string text;
  const auto* node = &field_tree();
  for (const auto& segment : place) {
    const auto* element = node != nullptr ? node->element() : nullptr;
    if (element != nullptr) {
      text += "[" + segment + "]";
    } else {
      text += (text.empty() ? "" : ".") + name_text(segment);
    }
    if (node != nullptr) node = element != nullptr ? element : node->child(segment);
  }
  return text;
}

std::string pattern_text(const Field& row) {
  auto text = row.path;
  for (auto at = text.find(".[]"); at != std::string::npos; at = text.find(".[]")) text.erase(at, 1);
  return text;
}

Place segments_of(const Field& row) {
  Place segments;
  for (std::size_t at = 0; at <= row.path.size();) {
    const auto dot = std::min(row.path.find('.', at), row.path.size());
    segments.push_back(row.path.substr(at, dot - at));
    at = dot + 1;
  }
  return segments;
}

}  // namespace oidcop::config
