#include "model/scope.h"

#include <algorithm>
#include <unordered_set>

namespace oidcop::model {
namespace {

/// scope-token = 1*( %x21 / %x23-5B / %x5D-7E ), RFC 6749, 3.3
bool is_scope_token(std::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(),
                                       [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; });
}

}  // namespace

ScopeSet::ScopeSet(const std::vector<std::string>& values) {
  values_.reserve(values.size());
  for (const auto& value : values) add(value);
}

Result<ScopeSet> ScopeSet::parse(std::string_view text) {
  constexpr std::ptrdiff_t kFew = 16;
  ScopeSet set;
  std::unordered_set<std::string_view> more;  // beyond the first few: a hostile request may name thousands
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto value = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (value.empty()) continue;
    if (!is_scope_token(value)) {
      return fail(Errc::malformed, "a scope value has a character that scopes cannot have");
    }
    const auto& values = set.values_;
    const auto few_end = values.begin() + std::min(kFew, std::ssize(values));
    if (std::find(values.begin(), few_end, value) != few_end) continue;
    if (std::ssize(values) >= kFew && !more.insert(value).second) continue;
    set.values_.emplace_back(value);
  }
  return set;
}

bool ScopeSet::contains(std::string_view value) const {
  return std::find(values_.begin(), values_.end(), value) != values_.end();
}

bool ScopeSet::is_subset_of(const ScopeSet& other) const {
  return std::all_of(values_.begin(), values_.end(),
                     [&](const auto& value) { return other.contains(value); });
}

ScopeSet ScopeSet::intersection(const ScopeSet& other) const {
  ScopeSet common;
  std::copy_if(values_.begin(), values_.end(), std::back_inserter(common.values_),
               [&](const auto& value) { return other.contains(value); });
  return common;
}

ScopeSet ScopeSet::united_with(const ScopeSet& other) const {
  ScopeSet all = *this;
  for (const auto& value : other.values_) all.add(value);
  return all;
}

void ScopeSet::add(std::string_view value) {
  if (!value.empty() && !contains(value)) values_.emplace_back(value);
}

void ScopeSet::remove(std::string_view value) {
  values_.erase(std::remove(values_.begin(), values_.end(), value), values_.end());
}

std::string ScopeSet::text() const {
  std::string text;
  for (const auto& value : values_) {
    if (!text.empty()) text += ' ';
    text += value;
  }
  return text;
}

bool ScopeSet::operator==(const ScopeSet& other) const {
  return values_.size() == other.values_.size() && is_subset_of(other);
}

}  // namespace oidcop::model
