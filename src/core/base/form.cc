#include "base/form.h"

#include "base/json.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>

namespace oidcop {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_plain(char c) {  // needs no escape in a form (the WHATWG URL standard's set)
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '*';
}

void append_encoded(std::string& out, std::string_view value) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : value) {
    if (is_plain(c)) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      const auto octet = static_cast<std::uint8_t>(c);
      out += '%';
      out += kDigits[octet >> 4U];
      out += kDigits[octet & 15U];
    }
  }
}

/// Null when decoded into `out`, else what is wrong.
const char* decode_into(std::string& out, std::string_view value) {
  out.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    char c = value[i];
    if (c == '+') {
      c = ' ';
    } else if (c == '%') {
      const int high = i + 2 < value.size() ? hex_value(value[i + 1]) : -1;
      const int low = high < 0 ? -1 : hex_value(value[i + 2]);
      if (low < 0) return "a bad percent escape";
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0') return "a NUL";
    out += c;
  }
  return is_valid_utf8(out) ? nullptr : "octets that are not UTF-8";
}

/// How an error message may call a field: by its name only if that is a harmless one.
std::string safe_name(std::string_view name, std::size_t number) {
  const auto harmless = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (!name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), harmless)) {
    return "form field " + std::string(name);
  }
  return "form field number " + std::to_string(number);
}

}  // namespace

Result<FormFields> decode_form(std::string_view text, const FormLimits& limits) {
  FormFields fields;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto piece = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (piece.empty()) continue;
    if (fields.size() == limits.fields) return fail(Errc::malformed, "more form fields than are allowed");
    auto& [name, value] = fields.emplace_back();
    const auto equals = std::min(piece.find('='), piece.size());
    const auto raw_value = piece.substr(std::min(equals + 1, piece.size()));
    if (const char* wrong = decode_into(name, piece.substr(0, equals)); wrong != nullptr) {
      return fail(Errc::malformed, safe_name({}, fields.size()) + ": the name holds " + wrong);
    }
    if (name.size() > limits.name_octets) {
      return fail(Errc::malformed, safe_name({}, fields.size()) + ": the name is too long");
    }
    if (const char* wrong = decode_into(value, raw_value); wrong != nullptr) {
      return fail(Errc::malformed, safe_name(name, fields.size()) + " holds " + wrong);
    }
    if (value.size() > limits.value_octets) {
      return fail(Errc::malformed, safe_name(name, fields.size()) + " is too long");
    }
  }
  return fields;
}

std::string encode_form(const FormFields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    if (!text.empty()) text += '&';
    append_encoded(text, name);
    text += '=';
    append_encoded(text, value);
  }
  return text;
}

FormFields fields_of(const Message& message) {
  FormFields fields;
  for (const auto& name : message.names()) {
    const Json& value = *message.find(name);
    fields.emplace_back(name, value.is_string() ? value.get_ref<const std::string&>() : dump_json(value));
  }
  return fields;
}

std::string form_encode(std::string_view value) {
  std::string text;
  append_encoded(text, value);
  return text;
}

Result<std::string> form_decode(std::string_view value) {
  std::string text;
  if (const char* wrong = decode_into(text, value); wrong != nullptr) {
    return fail(Errc::malformed, std::string("the form value holds ") + wrong);
  }
  return text;
}

bool is_valid_utf8(std::string_view text) {
  const auto* at = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto* const end = at + text.size();
  const auto continues = [&](std::ptrdiff_t i) { return (at[i] & 0xC0U) == 0x80U; };
  while (at != end) {
    if (std::uint64_t eight = 0; end - at >= 8) {  // nearly everything is ASCII
      std::memcpy(&eight, at, sizeof eight);
      if ((eight & 0x8080808080808080U) == 0) {
        at += 8;
        continue;
      }
    }
    const auto lead = at[0];
    if (lead < 0x80) {
      ++at;
    } else if (lead >= 0xC2 && lead <= 0xDF) {
      if (end - at < 2 || !continues(1)) return false;
      at += 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      if (end - at < 3 || !continues(1) || !continues(2)) return false;
      if (lead == 0xE0 && at[1] < 0xA0) return false;  // overlong
      if (lead == 0xED && at[1] > 0x9F) return false;  // surrogate
      at += 3;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      if (end - at < 4 || !continues(1) || !continues(2) || !continues(3)) return false;
      if (lead == 0xF0 && at[1] < 0x90) return false;  // overlong
      if (lead == 0xF4 && at[1] > 0x8F) return false;  // above U+10FFFF
      at += 4;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace oidcop
