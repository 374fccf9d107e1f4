#include "page/views.h"

namespace oidcop::page {

ErrorCause cause_of(std::string_view code) {
  if (code == "server_error") return ErrorCause::ours;
  if (code == "temporarily_unavailable") return ErrorCause::busy;
  if (code == "interaction_lost") return ErrorCause::lost;
  return ErrorCause::application;
}

ErrorPage error_page(const ProtocolError& error, std::string request_id) {
  ErrorPage page;
  page.status = error.http_status;
  page.code = error.code;
  page.parameter = error.parameter;
  page.description = error.description;
  page.cause = cause_of(error.code);
  if (error.http_status == 403) page.cause = ErrorCause::not_allowed;
  if (error.http_status == 404) page.cause = ErrorCause::not_found;
  if (error.http_status == 429 || error.http_status == 503) page.cause = ErrorCause::busy;
  page.retry_after = std::chrono::seconds(error.retry_after);
  page.request_id = std::move(request_id);
  return page;
}

}  // namespace oidcop::page
