#pragma once

#include "page/model.h"

#include <oidcop/result.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::page {

/// One page's Mustache template, parsed once. Thread-safe: rendering changes nothing.
///
/// The dialect is Mustache without what could write something unescaped or cost a parse per page: partials
/// are put in place at loading, {{{…}}}, {{&…}} and {{=…=}} are refused. Values may stand in text and in
/// quoted attributes, the two places that escape_html is made for. Script and style elements are refused: the
/// pages' policy forbids both.
class Template {
 public:
  /// Finds a template's source by its name without suffix.
  using Source = std::function<Result<std::string>(const std::string& name)>;

  /// \param needed  values without which the page would not work; a template that never names one is refused
  /// Errors: malformed, naming the template; what `source` fails with.
  static Result<Template> load(const std::string& name, const Source& source,
                               const std::vector<std::string_view>& needed);

  /// Fills in the values; a name the page does not have is looked up among the texts, then it is empty.
  /// Errors: internal (the engine threw).
  Result<std::string> render(const Data& page, const Locale& locale) const;

 private:
  explicit Template(const std::string& source);

  // The engine's render() is not const, but with neither partials nor lambdas, which is all that load() lets
  // through, it only reads the parsed tree. A test renders one template from many threads under the thread
  // sanitizer.
  mutable kainjow::mustache::mustache engine_;
};

/// Checks where values stand in a template's source; partials must be in place already.
/// Errors: malformed, with what is wrong and the line.
Result<void> check_template(std::string_view source);

}  // namespace oidcop::page
