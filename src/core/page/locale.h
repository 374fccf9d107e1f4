#pragma once

#include <oidcop/result.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::page {

/// A piece of a text: words of the translator, or a place for a value.
struct TextPart {
  std::string words;
  std::string placeholder;  ///< "client" for "{client}"; empty for words
};

using Text = std::vector<TextPart>;
using Texts = std::map<std::string, Text, std::less<>>;

/// Splits "Sign in to {client}" into its parts. Errors: malformed (a brace that is not closed or names
/// nothing).
Result<Text> parse_text(std::string_view text);

/// All texts of one language, complete: what its files leave out is English. Immutable and thread-safe; lives
/// as long as the Pages it came from.
class Locale {
 public:
  Locale(std::string tag, Texts texts);
  Locale(Locale&& other) noexcept;
  Locale& operator=(Locale&& other) noexcept;
  ~Locale();

  const std::string& tag() const { return tag_; }  ///< e.g. "de"
  /// The text, or null when no language has it (a scope or claim that only one client knows).
  const Text* find(std::string_view name) const;

  struct Frame;  ///< the texts in the template engine's own form
  const Frame& frame() const { return *frame_; }

 private:
  std::string tag_;
  Texts texts_;
  std::unique_ptr<const Frame> frame_;
};

}  // namespace oidcop::page
