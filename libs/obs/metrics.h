// Metrics in Prometheus' model, without its types. Handles are cheap to copy, thread-safe, and live as long
// as their Metrics; get them once, when the object that uses them is made.
//
//   obs::Counter admitted_ = metrics.counter(kDecisions, {"admitted"});
//   admitted_.add();
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "libs/obs/catalogue.h"

namespace pratique::obs {

class Counter {
 public:
  void add(double by = 1) const;

 private:
  friend class Metrics;
  void* inner_ = nullptr;
};

class Gauge {
 public:
  void set(double value) const;
  void add(double by) const;

 private:
  friend class Metrics;
  void* inner_ = nullptr;
};

class Histogram {
 public:
  void observe(double value) const;

 private:
  friend class Metrics;
  void* inner_ = nullptr;
};

class Metrics {
 public:
  explicit Metrics(const Catalogue& catalogue);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // One value a label, in the order of the declaration. An undeclared metric or a wrong number of values is a
  // defect of ours: std::logic_error, at the first start.
  Counter counter(const CounterSpec& spec, std::initializer_list<std::string_view> values = {});
  Gauge gauge(const GaugeSpec& spec, std::initializer_list<std::string_view> values = {});
  Histogram histogram(const HistogramSpec& spec, std::initializer_list<std::string_view> values = {});

  /// The text exposition format, version 0.0.4.
  std::string text() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace pratique::obs
