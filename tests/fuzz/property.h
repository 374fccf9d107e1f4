#pragma once

#include <stdexcept>

namespace oidcop::fuzz {

/// What a target promises does not hold. libFuzzer takes the exception that nobody catches for a crash;
/// replay names the file and goes on.
class BrokenProperty : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// \param property  the sentence that should be true
inline void require(bool holds, const char* property) {
  if (!holds) throw BrokenProperty(property);
}

}  // namespace oidcop::fuzz
