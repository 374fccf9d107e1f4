#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace oidcop::fuzz {

/// What the fuzzer made up, taken from the front. It reads as text, so that seeds can be written by hand.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size)
      : left_(reinterpret_cast<const char*>(data), size) {}  // NOLINT: octets as chars

  /// One octet as a number below `count`: '0' is the first. The first one, too, when nothing is left.
  std::size_t choice(std::size_t count) {
    if (left_.empty()) return 0;
    const auto octet = static_cast<std::uint8_t>(left_.front() - '0');
    left_.remove_prefix(1);
    return octet % count;
  }

  /// Up to the end of the line, which is dropped.
  std::string_view line() {
    const auto end = std::min(left_.find('\n'), left_.size());
    const auto line = left_.substr(0, end);
    left_.remove_prefix(std::min(end + 1, left_.size()));
    return line;
  }

  std::string_view rest() const { return left_; }

 private:
  std::string_view left_;
};

}  // namespace oidcop::fuzz
