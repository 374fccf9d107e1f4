#pragma once

#include <oidcop/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace oidcop::model {

/// A set of scope values in the order they were first named (RFC 6749, 3.3).
class ScopeSet {
 public:
  ScopeSet() = default;
  explicit ScopeSet(const std::vector<std::string>& values);  ///< for values that are known to be well formed
  /// Space-separated; repetitions fold. Errors: malformed when a value has a character outside scope-token.
  static Result<ScopeSet> parse(std::string_view text);

  bool contains(std::string_view value) const;
  bool is_subset_of(const ScopeSet& other) const;
  ScopeSet intersection(const ScopeSet& other) const;  ///< in the order of *this
  ScopeSet united_with(const ScopeSet& other) const;
  void add(std::string_view value);
  void remove(std::string_view value);
  bool empty() const { return values_.empty(); }
  const std::vector<std::string>& values() const { return values_; }
  std::string text() const;
  bool operator==(const ScopeSet& other) const;  ///< as sets

 private:
  std::vector<std::string> values_;
};

}  // namespace oidcop::model
