#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace oidcop {

/// What kind of failure an Error is. Callers branch on this; the text is for people.
enum class Errc : std::uint8_t {
  malformed,      ///< the input is not what it should be
  not_found,      ///< there is no such thing
  expired,        ///< it was valid once
  bad_signature,  ///< a signature, tag or digest does not match
  refused,        ///< understood, but policy says no
  conflict,       ///< something else exists or happened first
  unavailable,    ///< busy or broken now, may work later (locked database, full disk, random source)
  internal,       ///< a defect or a broken invariant of ours
};

/// Failure below the pipeline: what went wrong, for the log and for the administrator at the shell.
/// `detail` never goes over the wire to a client or browser, and never holds a secret.
struct Error {
  Errc code = Errc::internal;
  std::string detail;
};

/// A value or the reason why there is none. A class of ours on top of tl::expected because an alias could be
/// ignored by a caller without a warning.
template <class T, class E = Error>
class [[nodiscard]] Result : public tl::expected<T, E> {
 public:
  using tl::expected<T, E>::expected;
};

/// Wraps any error type for return from a function that returns Result.
template <class E>
[[nodiscard]] tl::unexpected<std::decay_t<E>> fail(E&& error) {
  return tl::unexpected<std::decay_t<E>>(std::forward<E>(error));
}

[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string detail) {
  return tl::unexpected<Error>(Error{code, std::move(detail)});
}

}  // namespace oidcop
