#pragma once

#include <map>
#include <optional>
#include <string>

namespace oidcop::config {

/// Where {"env": "NAME"} is looked up. An interface, so that nothing reads the process environment behind
/// one's back.
class Environment {
 public:
  virtual ~Environment() = default;
  /// The value of a variable, or nothing when it is not set.
  virtual std::optional<std::string> get(const std::string& name) const = 0;
};

/// The environment of this process. Not safe while another thread changes it (nothing of ours does).
class ProcessEnvironment final : public Environment {
 public:
  std::optional<std::string> get(const std::string& name) const override;
};

/// A fixed environment: tests, and embedding programs that bring their own.
class FixedEnvironment final : public Environment {
 public:
  FixedEnvironment() = default;
  explicit FixedEnvironment(std::map<std::string, std::string> variables)
      : variables_(std::move(variables)) {}
  std::optional<std::string> get(const std::string& name) const override;

 private:
  std::map<std::string, std::string> variables_;
};

}  // namespace oidcop::config
