#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oidcop::fcgi {

/// The eight octets before every FastCGI record (FastCGI 1.0, 3.3).
struct RecordHeader {
  static constexpr std::size_t kOctets = 8;
  std::uint8_t version = 0;
  std::uint8_t type = 0;
  std::uint16_t request_id = 0;
  std::uint16_t content_octets = 0;
  std::uint8_t padding_octets = 0;

  /// Nothing when there are fewer than eight octets yet.
  static std::optional<RecordHeader> read(std::string_view octets);
  std::size_t total_octets() const { return kOctets + content_octets + padding_octets; }
};

/// One whole record without padding; `content` is shorter than 64 KiB.
std::string make_record(std::uint8_t type, std::uint16_t request_id, std::string_view content);

/// The record that ends a request (5.5).
std::string make_end_request(std::uint16_t request_id, std::uint8_t protocol_status);

/// The answer to a management record (4.1, 4.2): what we can do, or that we do not know the type.
std::string answer_management(const RecordHeader& header, std::string_view content);

using NameAndValue = std::pair<std::string_view, std::string_view>;

/// Takes one name-value pair off the front of `octets` (3.4). Nothing when a length is cut off or points
/// beyond the end; then `octets` is of no further use.
std::optional<NameAndValue> take_pair(std::string_view& octets);

}  // namespace oidcop::fcgi
