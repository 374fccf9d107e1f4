#include "page/locale_negotiation.h"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace oidcop::page {

namespace {

constexpr std::size_t kRangesLookedAt = 32;

struct WeightedRange {
  std::string range;
  int weight;  // thousandths
};

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
std::string lower(std::string_view text);
std::string_view trim(std::string_view text);
/// Accept-Language by falling weight, order kept among equals; weight 0 is in it, too.
std::vector<WeightedRange> parse_accept_language(std::string_view header);
/// The weight of ";q=0.8" in thousandths; 1000 when there is none, 0 for what cannot be read.
int parse_weight(std::string_view parameters);
/// RFC 4647, 3.4: the range, then the range shortened from its end, until a tag equals it.
std::optional<std::string> look_up(const std::vector<std::string>& tags, std::string_view range);

}  // namespace

std::string negotiate_locale(const std::vector<std::string>& available, std::string_view fallback,
                             const std::vector<std::string>& ui_locales, std::string_view accept_language) {
  for (std::size_t i = 0; i < std::min(ui_locales.size(), kRangesLookedAt); ++i) {
    if (auto tag = look_up(available, ui_locales[i])) return *tag;
  }
  const auto ranges = parse_accept_language(accept_language);
  std::vector<std::string> acceptable;
  std::copy_if(available.begin(), available.end(), std::back_inserter(acceptable), [&](const auto& tag) {
    return std::none_of(ranges.begin(), ranges.end(),
                        [&](const auto& item) { return item.weight == 0 && lower(tag) == item.range; });
  });
  for (const auto& item : ranges) {
    if (item.weight == 0 || item.range == "*") continue;
    if (auto tag = look_up(acceptable, item.range)) return *tag;
  }
  return std::string(fallback);
}

bool is_language_tag(std::string_view text) {
  if (text.empty() || text.size() > 35) return false;
  std::size_t subtag = 0;
  for (const char c : text) {
    if (c == '-') {
      if (subtag == 0) return false;
      subtag = 0;
    } else if (!is_alphanumeric(c) || ++subtag > 8) {
      return false;
    }
  }
  return subtag > 0;
}

namespace {

std::optional<std::string> look_up(const std::vector<std::string>& tags, std::string_view range) {
  if (!is_language_tag(range)) return std::nullopt;
  std::string wanted = lower(range);
  while (!wanted.empty()) {
    const auto found =
        std::find_if(tags.begin(), tags.end(), [&](const auto& tag) { return lower(tag) == wanted; });
    if (found != tags.end()) return *found;
    auto end = wanted.rfind('-');
    if (end == std::string::npos) break;
    // A single letter or digit introduces what follows it and goes with it ("zh-Hant-x-private").
    if (end >= 2 && wanted[end - 2] == '-') end -= 2;
    wanted.resize(end);
  }
  return std::nullopt;
}

std::vector<WeightedRange> parse_accept_language(std::string_view header) {
  std::vector<WeightedRange> ranges;
  while (!header.empty() && ranges.size() < kRangesLookedAt) {
    const auto comma = header.find(',');
    const auto item = header.substr(0, comma);
    header = comma == std::string_view::npos ? std::string_view() : header.substr(comma + 1);
    const auto semicolon = item.find(';');
    const auto range = trim(item.substr(0, semicolon));
    if (range != "*" && !is_language_tag(range)) continue;
    const auto parameters =
        semicolon == std::string_view::npos ? std::string_view() : item.substr(semicolon + 1);
    ranges.push_back({lower(range), parse_weight(parameters)});
  }
  std::stable_sort(ranges.begin(), ranges.end(),
                   [](const auto& a, const auto& b) { return a.weight > b.weight; });
  return ranges;
}

int parse_weight(std::string_view parameters) {
  auto text = trim(parameters);
  if (text.empty()) return 1000;
  if (text.size() < 3 || (text[0] != 'q' && text[0] != 'Q') || text[1] != '=') return 0;
  text = text.substr(2);
  if ((text[0] != '0' && text[0] != '1') || text.size() > 5 || (text.size() > 1 && text[1] != '.')) return 0;
  int weight = (text[0] - '0') * 1000;
  int place = 100;
  for (std::size_t i = 2; i < text.size(); ++i, place /= 10) {
    if (text[i] < '0' || text[i] > '9') return 0;
    weight += (text[i] - '0') * place;
  }
  return std::min(weight, 1000);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

}  // namespace oidcop::page
