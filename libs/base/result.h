// Result<T>: a value or an Error, everywhere. Ignoring one does not compile.
//
//   Result<Voucher> parse(ByteView der) {
//     TRY(const auto signed_data, cms::parse(der));     // declares signed_data or returns the Error
//     TRY_VOID(check_limits(signed_data));              // for Result<void>
//     return Voucher{…};
//   }
//
// g++ 12's std::expected lacks and_then and transform; the thin class below adds them.
#pragma once

#include <expected>
#include <type_traits>
#include <utility>

#include "libs/base/error.h"

namespace pratique {

template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : inner_(std::move(value)) {}                         // NOLINT: implicit by design
  Result(Error error) : inner_(std::unexpected(std::move(error))) {}    // NOLINT
  template <typename U>
    requires(std::is_convertible_v<U &&, T> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
             !std::is_same_v<std::remove_cvref_t<U>, Error> && !std::is_same_v<std::remove_cvref_t<U>, T>)
  Result(U&& value) : inner_(T(std::forward<U>(value))) {}              // NOLINT

  bool has_value() const { return inner_.has_value(); }
  explicit operator bool() const { return inner_.has_value(); }

  const T& operator*() const& { return *inner_; }
  T& operator*() & { return *inner_; }
  T&& operator*() && { return *std::move(inner_); }
  const T* operator->() const { return &*inner_; }
  T* operator->() { return &*inner_; }

  const Error& error() const& { return inner_.error(); }
  Error&& error() && { return std::move(inner_).error(); }

  T value_or(T fallback) && { return has_value() ? *std::move(inner_) : std::move(fallback); }

  /// f(T) -> Result<U>, called on success.
  template <typename F>
  auto and_then(F&& f) && -> std::invoke_result_t<F, T&&> {
    if (!has_value()) return std::move(inner_).error();
    return std::forward<F>(f)(*std::move(inner_));
  }
  /// f(T) -> U, called on success; gives Result<U>.
  template <typename F>
  auto transform(F&& f) && -> Result<std::invoke_result_t<F, T&&>> {
    if (!has_value()) return std::move(inner_).error();
    return std::forward<F>(f)(*std::move(inner_));
  }
  /// The same result; on failure with `context + ": "` before the message.
  Result with_context(std::string_view context) && {
    if (!has_value()) return std::move(inner_).error().with_context(context);
    return std::move(*this);
  }

 private:
  std::expected<T, Error> inner_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : inner_(std::unexpected(std::move(error))) {}  // NOLINT: implicit by design

  bool has_value() const { return inner_.has_value(); }
  explicit operator bool() const { return inner_.has_value(); }
  const Error& error() const& { return inner_.error(); }
  Error&& error() && { return std::move(inner_).error(); }

  template <typename F>
  auto and_then(F&& f) && -> std::invoke_result_t<F> {
    if (!has_value()) return std::move(inner_).error();
    return std::forward<F>(f)();
  }
  Result with_context(std::string_view context) && {
    if (!has_value()) return std::move(inner_).error().with_context(context);
    return std::move(*this);
  }

 private:
  std::expected<void, Error> inner_;
};

}  // namespace pratique

#define PRATIQUE_CONCAT_(a, b) a##b
#define PRATIQUE_CONCAT(a, b) PRATIQUE_CONCAT_(a, b)
#define PRATIQUE_TRY_(name, declaration, ...)                \
  auto name = (__VA_ARGS__);                                 \
  if (!name.has_value()) return std::move(name).error();     \
  declaration = *std::move(name)
/// TRY(auto x, expression): x is the value of the Result, or the enclosing function returns its Error.
#define TRY(declaration, ...) PRATIQUE_TRY_(PRATIQUE_CONCAT(try_, __COUNTER__), declaration, __VA_ARGS__)
#define PRATIQUE_TRY_VOID_(name, ...) \
  if (auto name = (__VA_ARGS__); !name.has_value()) return std::move(name).error()
/// TRY_VOID(expression): the enclosing function returns the Error of the Result, if it has one.
#define TRY_VOID(...) PRATIQUE_TRY_VOID_(PRATIQUE_CONCAT(try_, __COUNTER__), __VA_ARGS__)
