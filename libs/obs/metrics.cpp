#include "libs/obs/metrics.h"

#include <fmt/format.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <stdexcept>

namespace pratique::obs {
namespace {

template <typename Kind, typename Spec>
std::map<std::string_view, prometheus::Family<Kind>*> families(prometheus::detail::Builder<Kind> (*builder)(),
                                                               const std::vector<const Spec*>& specs,
                                                               prometheus::Registry& registry) {
  std::map<std::string_view, prometheus::Family<Kind>*> out;
  for (const auto* spec : specs)
    out[spec->name] =
        &builder().Name(std::string(spec->name)).Help(std::string(spec->help)).Register(registry);
  return out;
}

template <typename Kind, typename Spec>
prometheus::Family<Kind>& family(const std::map<std::string_view, prometheus::Family<Kind>*>& all, const Spec& spec) {
  const auto found = all.find(spec.name);
  if (found == all.end()) throw std::logic_error(fmt::format("metric {} is not in the catalogue", spec.name));
  return *found->second;
}

prometheus::Labels labels(std::string_view metric, const Labels& names,
                          std::initializer_list<std::string_view> values) {
  if (names.size() != values.size())
    throw std::logic_error(fmt::format("metric {} has {} labels, not {}", metric, names.size(), values.size()));
  prometheus::Labels out;
  std::size_t index = 0;
  for (const auto value : values) out.emplace(names.names[index++], value);
  return out;
}

}  // namespace

struct Metrics::Inside {
  prometheus::Registry registry;
  std::map<std::string_view, prometheus::Family<prometheus::Counter>*> counters;
  std::map<std::string_view, prometheus::Family<prometheus::Gauge>*> gauges;
  std::map<std::string_view, prometheus::Family<prometheus::Histogram>*> histograms;
};

void Counter::add(double by) const { static_cast<prometheus::Counter*>(inner_)->Increment(by); }
void Gauge::set(double value) const { static_cast<prometheus::Gauge*>(inner_)->Set(value); }
void Gauge::add(double by) const { static_cast<prometheus::Gauge*>(inner_)->Increment(by); }
void Histogram::observe(double value) const { static_cast<prometheus::Histogram*>(inner_)->Observe(value); }

Metrics::Metrics(const Catalogue& catalogue) : inside_(std::make_unique<Inside>()) {
  inside_->counters = families<prometheus::Counter>(prometheus::BuildCounter, catalogue.counters(), inside_->registry);
  inside_->gauges = families<prometheus::Gauge>(prometheus::BuildGauge, catalogue.gauges(), inside_->registry);
  inside_->histograms =
      families<prometheus::Histogram>(prometheus::BuildHistogram, catalogue.histograms(), inside_->registry);
}
Metrics::~Metrics() = default;

Counter Metrics::counter(const CounterSpec& spec, std::initializer_list<std::string_view> values) {
  Counter out;
  out.inner_ = &family(inside_->counters, spec).Add(labels(spec.name, spec.labels, values));
  return out;
}
Gauge Metrics::gauge(const GaugeSpec& spec, std::initializer_list<std::string_view> values) {
  Gauge out;
  out.inner_ = &family(inside_->gauges, spec).Add(labels(spec.name, spec.labels, values));
  return out;
}
Histogram Metrics::histogram(const HistogramSpec& spec, std::initializer_list<std::string_view> values) {
  Histogram out;
  out.inner_ = &family(inside_->histograms, spec)
                    .Add(labels(spec.name, spec.labels, values),
                         prometheus::Histogram::BucketBoundaries(spec.buckets.begin(), spec.buckets.end()));
  return out;
}

std::string Metrics::text() const { return prometheus::TextSerializer().Serialize(inside_->registry.Collect()); }

}  // namespace pratique::obs
