#include "page/template.h"

#include "page/shown_text.h"

#include <algorithm>
#include <exception>

namespace oidcop::page {

namespace {

constexpr int kPartialDepth = 8;

/// The source of a template with its partials in place and its indentation gone (the engine would handle each
/// blank as a node of its own).
Result<std::string> assemble(const std::string& name, const Template::Source& source, int depth);
std::string without_indentation(std::string_view source);
bool names_value(std::string_view source, std::string_view value);
std::string_view trim(std::string_view text);

/// What the engine writes to.
struct Appender {
  std::string& out;
  Appender& operator<<(const std::string& text) {
    out += text;
    return *this;
  }
};

}  // namespace

Result<Template> Template::load(const std::string& name, const Source& source,
                                const std::vector<std::string_view>& needed) {
  const auto refuse = [&](const std::string& what) {
    return fail(Errc::malformed, "template " + name + ": " + what);
  };
  auto text = assemble(name, source, kPartialDepth);
  if (!text) return fail(std::move(text).error());
  if (const auto checked = check_template(*text); !checked) return refuse(checked.error().detail);
  for (const auto value : needed) {
    if (!names_value(*text, value)) return refuse("the page needs {{" + std::string(value) + "}}");
  }
  try {
    Template result(*text);
    if (!result.engine_.is_valid()) return refuse(result.engine_.error_message());
    return result;
  } catch (const std::exception& e) {
    return refuse(e.what());
  }
}

Template::Template(const std::string& source) : engine_(source) {
  engine_.set_custom_escape([](const std::string& value) { return escape_html(value); });
}

Result<std::string> Template::render(const Data& page, const Locale& locale) const {
  try {
    kainjow::mustache::context<std::string> context(&locale.frame().data);
    context.push(&page);
    std::string html;
    html.reserve(8192);
    Appender appender{html};
    engine_.render(context, appender);
    return html;
  } catch (const std::exception& e) {
    return fail(Errc::internal, std::string("template engine: ") + e.what());
  }
}

namespace {

/// The one script element there may be: a page's own static file, under a policy that allows no other.
constexpr std::string_view kOwnScript = R"(<script src="{{script}}" defer></script>)";

enum class Place : std::uint8_t { text, tag, double_quoted, single_quoted, comment };

Place next_place(Place place, std::string_view rest) {
  switch (place) {
    case Place::text:
      if (rest.substr(0, 4) == "<!--") return Place::comment;
      return rest[0] == '<' ? Place::tag : place;
    case Place::tag:
      if (rest[0] == '"') return Place::double_quoted;
      if (rest[0] == '\'') return Place::single_quoted;
      return rest[0] == '>' ? Place::text : place;
    case Place::double_quoted:
      return rest[0] == '"' ? Place::tag : place;
    case Place::single_quoted:
      return rest[0] == '\'' ? Place::tag : place;
    case Place::comment:
      return rest.substr(0, 3) == "-->" ? Place::text : place;
  }
  return place;
}

bool opens_element(std::string_view rest, std::string_view name) {
  if (rest.size() <= name.size() || rest[0] != '<') return false;
  return std::equal(name.begin(), name.end(), rest.begin() + 1,
                    [](char wanted, char c) { return wanted == (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
}

/// Why the tag {{contents}} may not stand at this place; empty when it may.
std::string_view objection(std::string_view contents, Place place) {
  constexpr std::string_view kUnescaped = "{&=";
  constexpr std::string_view kNotValues = "#^/!";
  contents = trim(contents);
  if (contents.empty()) return "has no name";
  if (kUnescaped.find(contents[0]) != std::string_view::npos) return "would be written unescaped";
  if (kNotValues.find(contents[0]) != std::string_view::npos) return {};
  if (place == Place::tag) return "stands in a tag outside quotes";
  if (place == Place::comment) return "stands in a comment";
  return {};
}

}  // namespace

Result<void> check_template(std::string_view source) {
  std::size_t line = 1;
  const auto refuse = [&](const std::string& what) {
    return fail(Errc::malformed, "line " + std::to_string(line) + ": " + what);
  };
  Place place = Place::text;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const auto rest = source.substr(i);
    if (rest.substr(0, 2) == "{{") {
      const auto close = rest.find("}}");
      if (close == std::string_view::npos) return refuse("a tag is not closed");
      const auto contents = rest.substr(2, close - 2);
      if (const auto why = objection(contents, place); !why.empty()) {
        return refuse("{{" + shown_text(contents) + "}} " + std::string(why));
      }
      i += close + 1;
      continue;
    }
    if (place == Place::text && rest.substr(0, kOwnScript.size()) == kOwnScript) {
      i += kOwnScript.size() - 1;
      continue;
    }
    if (place == Place::text && (opens_element(rest, "script") || opens_element(rest, "style"))) {
      return refuse("script and style elements are forbidden by the pages' own policy; use site.css");
    }
    if (rest[0] == '\n') ++line;
    place = next_place(place, rest);
  }
  return {};
}

namespace {

Result<std::string> assemble(const std::string& name, const Template::Source& source, int depth) {
  if (depth == 0) return fail(Errc::malformed, "template " + name + ": partials are nested too deeply");
  auto loaded = source(name);
  if (!loaded) return fail(std::move(loaded).error());
  std::string text = without_indentation(*loaded);
  std::string whole;
  std::string_view rest = text;
  for (auto open = rest.find("{{>"); open != std::string_view::npos; open = rest.find("{{>")) {
    whole += rest.substr(0, open);
    const auto close = rest.find("}}", open);
    if (close == std::string_view::npos)
      return fail(Errc::malformed, "template " + name + ": a tag is not closed");
    auto partial = assemble(std::string(trim(rest.substr(open + 3, close - open - 3))), source, depth - 1);
    if (!partial) return partial;
    whole += *partial;
    rest.remove_prefix(close + 2);
    if (!partial->empty() && partial->back() == '\n' && rest.substr(0, 1) == "\n") rest.remove_prefix(1);
  }
  whole += rest;
  return whole;
}

std::string without_indentation(std::string_view source) {
  std::string text;
  text.reserve(source.size());
  bool at_start = true;
  for (const char c : source) {
    if (at_start && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) continue;
    text += c;
    at_start = c == '\n';
  }
  return text;
}

bool names_value(std::string_view source, std::string_view value) {
  for (auto open = source.find("{{"); open != std::string_view::npos; open = source.find("{{", open + 2)) {
    const auto close = source.find("}}", open);
    if (close == std::string_view::npos) return false;
    if (trim(source.substr(open + 2, close - open - 2)) == value) return true;
  }
  return false;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

}  // namespace oidcop::page
