#include "fcgi/record.h"

#include <fastcgi.h>

namespace oidcop::fcgi {
namespace {

std::uint8_t octet_of(std::string_view octets, std::size_t at) {
  return static_cast<std::uint8_t>(octets[at]);
}

std::uint16_t number(std::string_view octets, std::size_t at) {
  return static_cast<std::uint16_t>(octet_of(octets, at) << 8U | octet_of(octets, at + 1));
}

/// One octet below 128, or four with the top bit set.
std::optional<std::size_t> take_length(std::string_view& octets) {
  if (octets.empty()) return std::nullopt;
  const std::size_t first = octet_of(octets, 0);
  if ((first & 0x80U) == 0) {
    octets.remove_prefix(1);
    return first;
  }
  if (octets.size() < 4) return std::nullopt;
  const std::size_t low = number(octets, 2);
  const std::size_t length = (first & 0x7fU) << 24U | std::size_t{octet_of(octets, 1)} << 16U | low;
  octets.remove_prefix(4);
  return length;
}

}  // namespace

std::optional<RecordHeader> RecordHeader::read(std::string_view octets) {
  if (octets.size() < kOctets) return std::nullopt;
  return RecordHeader{octet_of(octets, 0), octet_of(octets, 1), number(octets, 2), number(octets, 4),
                      octet_of(octets, 6)};
}

std::string make_record(std::uint8_t type, std::uint16_t request_id, std::string_view content) {
  std::string record;
  const auto octet = [&](std::size_t value) { record += static_cast<char>(value & 0xffU); };
  octet(FCGI_VERSION_1);
  octet(type);
  octet(request_id >> 8U);
  octet(request_id);
  octet(content.size() >> 8U);
  octet(content.size());
  octet(0);  // no padding
  octet(0);
  record += content;
  return record;
}

std::string make_end_request(std::uint16_t request_id, std::uint8_t protocol_status) {
  std::string body(8, '\0');  // four octets of exit status, always 0; then the protocol status; then nothing
  body[4] = static_cast<char>(protocol_status);
  return make_record(FCGI_END_REQUEST, request_id, body);
}

std::string answer_management(const RecordHeader& header, std::string_view content) {
  if (header.type != FCGI_GET_VALUES) {
    std::string body(8, '\0');
    body[0] = static_cast<char>(header.type);
    return make_record(FCGI_UNKNOWN_TYPE, 0, body);
  }
  // Several requests over one connection at once are the only thing worth denying; about the numbers of
  // connections and requests a web server need not worry (4.1 lets us leave them out).
  std::string values;
  while (const auto pair = take_pair(content)) {
    constexpr std::string_view kName = FCGI_MPXS_CONNS;
    if (pair->first != kName || !values.empty()) continue;
    values += static_cast<char>(kName.size());
    values += '\1';
    values += kName;
    values += '0';
  }
  return make_record(FCGI_GET_VALUES_RESULT, 0, values);
}

std::optional<NameAndValue> take_pair(std::string_view& octets) {
  const auto name_octets = take_length(octets);
  if (!name_octets) return std::nullopt;
  const auto value_octets = take_length(octets);
  if (!value_octets || *name_octets + *value_octets > octets.size()) return std::nullopt;
  const NameAndValue pair{octets.substr(0, *name_octets), octets.substr(*name_octets, *value_octets)};
  octets.remove_prefix(*name_octets + *value_octets);
  return pair;
}

}  // namespace oidcop::fcgi
