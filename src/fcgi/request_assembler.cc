#include "fcgi/request_assembler.h"

#include <fastcgi.h>

#include <utility>

namespace oidcop::fcgi {
namespace {

constexpr std::size_t kBeginBodyOctets = 8;

bool holds(std::string_view text, char c) {
  return text.find(c) != std::string_view::npos;
}

}  // namespace

RequestAssembler::Event RequestAssembler::advance() {
  std::size_t used = 0;
  auto event = Event::incomplete;
  while (event == Event::incomplete) {
    const auto rest = std::string_view(unread_).substr(used);
    const auto header = RecordHeader::read(rest);
    if (!rest.empty() && static_cast<std::uint8_t>(rest.front()) != FCGI_VERSION_1) return Event::broken;
    if (!header || rest.size() < header->total_octets()) break;
    used += header->total_octets();
    if (const auto happened = read_record(*header, rest.substr(0, header->total_octets()))) event = *happened;
  }
  unread_.erase(0, used);
  return event;
}

AssembledRequest RequestAssembler::take() {
  const bool keep = keep_connection_ && !refusal_;
  if (refusal_) unread_.clear();
  AssembledRequest request{std::move(records_), keep, std::move(refusal_)};
  forget();
  return request;
}

void RequestAssembler::refuse(http::Refusal refusal) {
  refusal_ = std::move(refusal);
  phase_ = Phase::refused;
  std::string begin(kBeginBodyOctets, '\0');
  begin[1] = FCGI_RESPONDER;
  records_ = make_record(FCGI_BEGIN_REQUEST, request_id_, begin) + make_record(FCGI_PARAMS, request_id_, {}) +
             make_record(FCGI_STDIN, request_id_, {});
}

std::optional<RequestAssembler::Event> RequestAssembler::read_record(const RecordHeader& header,
                                                                     std::string_view record) {
  const auto content = record.substr(RecordHeader::kOctets, header.content_octets);
  if (header.type == FCGI_BEGIN_REQUEST) return begin(header, content);
  if (header.request_id == FCGI_NULL_REQUEST_ID) {
    replies_ += answer_management(header, content);
    return std::nullopt;
  }
  // Records of a request that is over, or was never begun, have no meaning and are passed over (3.3).
  if (phase_ == Phase::idle || header.request_id != request_id_) return std::nullopt;
  switch (header.type) {
    case FCGI_ABORT_REQUEST:
      replies_ += make_end_request(request_id_, FCGI_REQUEST_COMPLETE);
      forget();
      return Event::aborted;
    case FCGI_PARAMS:
      return read_parameters(record, content);
    case FCGI_STDIN:
      return read_body(record, content);
    default:
      return Event::broken;
  }
}

std::optional<RequestAssembler::Event> RequestAssembler::begin(const RecordHeader& header,
                                                               std::string_view content) {
  if (header.request_id == FCGI_NULL_REQUEST_ID || content.size() != kBeginBodyOctets) return Event::broken;
  if (phase_ != Phase::idle) {
    if (header.request_id == request_id_) return Event::broken;
    replies_ += make_end_request(header.request_id, FCGI_CANT_MPX_CONN);
    return std::nullopt;
  }
  if (content[0] != 0 || content[1] != FCGI_RESPONDER) {
    replies_ += make_end_request(header.request_id, FCGI_UNKNOWN_ROLE);
    return std::nullopt;
  }
  request_id_ = header.request_id;
  keep_connection_ = (static_cast<unsigned char>(content[2]) & FCGI_KEEP_CONN) != 0;
  records_ = make_record(FCGI_BEGIN_REQUEST, request_id_, content);
  phase_ = Phase::parameters;
  return std::nullopt;
}

std::optional<RequestAssembler::Event> RequestAssembler::read_parameters(std::string_view record,
                                                                         std::string_view content) {
  if (phase_ != Phase::parameters) return Event::broken;
  records_ += record;
  parameters_ += content;
  // Eight octets of lengths at most come with each pair, besides the names and values that the policy counts.
  if (parameters_.size() > policy_->max_parameter_octets + 8 * policy_->max_parameters) {
    return refused_now(431, "The request's headers are too long.");
  }
  if (!content.empty()) return std::nullopt;
  if (auto refusal = check_parameters()) {
    refuse(std::move(*refusal));
    return Event::complete;
  }
  parameters_.clear();
  phase_ = Phase::body;
  return std::nullopt;
}

/// What libfcgi must not see: lengths beyond the end, and names and values that its "name=value" strings,
/// ended by a NUL, would cut elsewhere than the web server did.
std::optional<http::Refusal> RequestAssembler::check_parameters() const {
  std::string_view rest = parameters_;
  std::size_t count = 0;
  while (!rest.empty()) {
    const auto pair = take_pair(rest);
    if (!pair) return http::Refusal{400, "The request's parameters are malformed.", {}};
    const auto& [name, value] = *pair;
    if (name.empty() || holds(name, '=') || holds(name, '\0') || holds(value, '\0')) {
      return http::Refusal{400, "A parameter has a character that it must not have.", {}};
    }
    if (++count > policy_->max_parameters) return http::Refusal{431, "The request has too many headers.", {}};
    if (name != "CONTENT_LENGTH") continue;
    auto announced = http::announced_length(value, *policy_);
    if (!announced) return std::move(announced).error();
  }
  return std::nullopt;
}

std::optional<RequestAssembler::Event> RequestAssembler::read_body(std::string_view record,
                                                                   std::string_view content) {
  if (phase_ != Phase::body) return Event::broken;
  body_octets_ += content.size();
  if (body_octets_ > policy_->max_body) return refused_now(413, "The request's body is too long.");
  records_ += record;
  return content.empty() ? std::optional(Event::complete) : std::nullopt;
}

RequestAssembler::Event RequestAssembler::refused_now(int status, std::string reason) {
  refuse({status, std::move(reason), {}});
  return Event::complete;
}

void RequestAssembler::forget() {
  phase_ = Phase::idle;
  records_.clear();
  parameters_.clear();
  body_octets_ = 0;
  refusal_.reset();
}

}  // namespace oidcop::fcgi
