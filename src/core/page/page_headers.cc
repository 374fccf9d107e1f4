#include "page/page_headers.h"

#include <iterator>

namespace oidcop::page {

namespace {

std::string content_security_policy(const HeaderNeeds& needs) {
  std::string policy = "default-src 'none'; style-src 'self'; img-src 'self'";
  if (needs.image_origin) policy += " " + *needs.image_origin;
  if (needs.scripts == Scripts::own) policy += "; script-src 'self'";
  std::string frames;
  for (const auto& origin : needs.frame_origins) {
    if ((frames + ' ').find(' ' + origin + ' ') == std::string::npos) frames += ' ' + origin;
  }
  if (!frames.empty()) policy += "; frame-src" + frames;
  policy += "; base-uri 'none'; object-src 'none'; frame-ancestors ";
  policy += needs.framed_by == FramedBy::anybody ? "*" : "'none'";
  // Browsers apply form-action to every redirect that follows the post, so a form whose answer leads to the
  // relying party would be stopped on its way there.
  if (needs.form_end == FormEnd::here) policy += "; form-action 'self'";
  return policy;
}

}  // namespace

std::vector<http::Header> page_headers(const HeaderNeeds& needs) {
  std::vector<http::Header> headers = {
      {"Content-Type", "text/html; charset=utf-8"},
      {"Content-Language", std::string(needs.language)},
      {"Cache-Control", "no-store"},
      {"Content-Security-Policy", content_security_policy(needs)},
  };
  const bool framed = needs.framed_by == FramedBy::anybody;
  if (!framed) headers.push_back({"X-Frame-Options", "DENY"});  // knows no "anybody"
  const http::Header others[] = {
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "same-origin"},
      {"Permissions-Policy",
       "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
       "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"},
      {"Cross-Origin-Resource-Policy", framed ? "cross-origin" : "same-origin"},
  };
  headers.insert(headers.end(), std::begin(others), std::end(others));
  // A login in a popup window ends at the relying party's own page, which then speaks to its opener. A policy
  // of same-origin on any page before that would cut the two apart for good; the last pages of a way can have
  // it.
  if (!needs.returns_to_opener && !framed) headers.push_back({"Cross-Origin-Opener-Policy", "same-origin"});
  return headers;
}

}  // namespace oidcop::page
