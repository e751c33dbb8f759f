// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.windhover.runtime.serve.monitor.NodeState.Latency;
import java.util.Map;
import java.util.TreeMap;

/** Metrics by name, each with a value for every combination of labels that was given. */
final class MetricFamilies {
    private static final double MICROSECONDS_PER_SECOND = 1e6;

    private final Map<String, CounterSnapshot.Builder> counters = new TreeMap<>();
    private final Map<String, GaugeSnapshot.Builder> gauges = new TreeMap<>();
    private final Map<String, InfoSnapshot.Builder> infos = new TreeMap<>();
    private final Map<String, SummarySnapshot.Builder> summaries = new TreeMap<>();

    /** Its name ends with _total when written. */
    void counter(String name, String help, Labels labels, long value) {
        counters.computeIfAbsent(
                        name, key -> CounterSnapshot.builder().name(key).help(help))
                .dataPoint(CounterDataPointSnapshot.builder()
                        .labels(labels)
                        .value((double) value)
                        .build());
    }

    void gauge(String name, String help, Labels labels, long value) {
        gauges.computeIfAbsent(name, key -> GaugeSnapshot.builder().name(key).help(help))
                .dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels)
                        .value((double) value)
                        .build());
    }

    /** Its name ends with _info when written. */
    void info(String name, String help, Labels labels) {
        infos.computeIfAbsent(name, key -> InfoSnapshot.builder().name(key).help(help))
                .dataPoint(InfoDataPointSnapshot.builder().labels(labels).build());
    }

    /**
     * Without count and sum, which must not fall: those of a window do. Quantile 1 is the maximum. Nothing where no
     * frame was measured: 0 would be a latency.
     */
    void latency(String name, String help, Labels labels, Latency latency) {
        if (latency.frames() == 0) {
            return;
        }
        summaries
                .computeIfAbsent(
                        name, key -> SummarySnapshot.builder().name(key).help(help))
                .dataPoint(SummaryDataPointSnapshot.builder()
                        .labels(labels)
                        .quantiles(Quantiles.of(
                                quantile(0.5, latency.p50()),
                                quantile(0.9, latency.p90()),
                                quantile(0.99, latency.p99()),
                                quantile(1, latency.max())))
                        .build());
    }

    private static Quantile quantile(double share, long microseconds) {
        return new Quantile(share, microseconds / MICROSECONDS_PER_SECOND);
    }

    MetricSnapshots snapshots() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        counters.values().forEach(family -> all.metricSnapshot(family.build()));
        gauges.values().forEach(family -> all.metricSnapshot(family.build()));
        infos.values().forEach(family -> all.metricSnapshot(family.build()));
        summaries.values().forEach(family -> all.metricSnapshot(family.build()));
        return all.build();
    }
}
