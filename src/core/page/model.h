#pragma once

#include "page/locale.h"

#include <initializer_list>
#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace oidcop::page {

// What a template sees, in the engine's own types. Private to this room: the engine's header is big.

using Data = kainjow::mustache::data;  ///< an empty object when made from nothing
using List = kainjow::mustache::list;

/// The texts without placeholders, under their names. Templates find them behind the page's own values.
struct Locale::Frame {
  Data data;
};

/// Values for the placeholders of a text, ready to be shown.
using Values = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// A text as a list of parts {words} or {value}; a template sets the values apart from the words (<bdi>).
Data parts_of(const Text& text, Values values);

/// A text in one string for where no element can stand (title, attributes); each value is isolated by U+2068
/// and U+2069, which do in plain text what <bdi> does in HTML.
std::string plain_text(const Text& text, Values values);

/// Moves a value into an object. The engine's own set() copies deeply, and so do its lists when they grow:
/// reserve.
inline void put(Data& object, const std::string& name, Data value) {
  object[name] = std::move(value);
}

}  // namespace oidcop::page
