#pragma once

#include "page/views.h"

#include <oidcop/http.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::page {

enum class Scripts : std::uint8_t { none, own };
enum class FramedBy : std::uint8_t { nobody, anybody };

/// What differs between the headers of pages.
struct HeaderNeeds {
  std::string_view language = {};                ///< a tag of ours
  std::optional<std::string> image_origin = {};  ///< origin of a logo that is shown, from a parsed https URL
  FormEnd form_end = FormEnd::here;
  Scripts scripts = Scripts::none;              ///< own: static files of ours; never inline
  std::vector<std::string> frame_origins = {};  ///< of the documents that it frames, from parsed URLs
  FramedBy framed_by = FramedBy::nobody;
  bool returns_to_opener = false;  ///< part of a flow that a relying party may run in a popup window
};

/// The headers every page carries, in a fixed order.
std::vector<http::Header> page_headers(const HeaderNeeds& needs);

}  // namespace oidcop::page
