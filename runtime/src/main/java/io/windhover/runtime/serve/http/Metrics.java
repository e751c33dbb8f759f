// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.Labels;
import io.windhover.runtime.serve.monitor.NodeState;
import io.windhover.runtime.serve.monitor.NodeState.Activity;
import io.windhover.runtime.serve.monitor.NodeState.BrokerState;
import io.windhover.runtime.serve.monitor.NodeState.DeviceState;
import io.windhover.runtime.serve.monitor.NodeState.ModelState;
import io.windhover.runtime.serve.monitor.NodeState.StreamState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** The node's state as Prometheus reads it; {@code runtime/doc/http.md} lists the names. */
final class Metrics {
    private final MetricFamilies families = new MetricFamilies();

    private Metrics() {}

    static Answer of(NodeState state, boolean alive) {
        Metrics metrics = new Metrics();
        metrics.node(state, alive);
        metrics.device(state.device());
        metrics.models(state.models());
        metrics.streams(state.streams());
        if (state.broker() != null) {
            metrics.broker(state.broker());
        }
        metrics.process();
        PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            writer.write(text, metrics.families.snapshots());
        } catch (IOException inMemory) {
            throw new AssertionError(inMemory);
        }
        return Answer.ok(writer.getContentType(), text.toByteArray());
    }

    private void node(NodeState state, boolean alive) {
        families.info("windhover_node", "This node.", Labels.of("node", state.node(), "version", state.version()));
        families.gauge("windhover_uptime_seconds", "Since the service started.", Labels.EMPTY, state.uptimeSeconds());
        families.gauge("windhover_alive", "1 while the inference loop makes progress.", Labels.EMPTY, bit(alive));
        families.gauge("windhover_ready", "1 while all that should run does.", Labels.EMPTY, bit(state.ready()));
        families.counter("windhover_reloads", "Configurations taken.", Labels.EMPTY, state.reloads());
        state.refusals()
                .forEach((kind, count) ->
                        families.counter("windhover_refused", "Refused, by kind.", Labels.of("kind", kind), count));
    }

    private void device(DeviceState device) {
        Labels labels = Labels.of("device", device.locator());
        families.gauge("windhover_device_up", "1 while the device works.", labels, bit(device.trouble() == null));
        families.counter("windhover_device_resets", "Resets of the device.", labels, device.resets());
        families.counter("windhover_device_frames", "Frames that the device ran.", labels, device.frames());
    }

    private void models(List<ModelState> models) {
        for (ModelState model : models) {
            families.info(
                    "windhover_model",
                    "A resident model.",
                    Labels.of("model", model.key(), "name", model.name(), "sha256", model.sha256()));
        }
    }

    private void streams(List<StreamState> streams) {
        for (StreamState stream : streams) {
            Labels labels = Labels.of("stream", stream.name());
            families.counter(
                    "windhover_frames", "Frames that were run.", labels.add("model", stream.model()), stream.frames());
            families.counter("windhover_frames_skipped", "Left out for newer ones.", labels, stream.skipped());
            families.counter("windhover_frames_refused", "Frames that cannot be used.", labels, stream.refused());
            families.counter("windhover_results_published", "Handed to the queue.", labels, stream.published());
            families.counter("windhover_source_restarts", "Restarts of the source.", labels, stream.restarts());
            families.gauge(
                    "windhover_stream_running",
                    "1 unless stopped or ended.",
                    labels,
                    bit(stream.activity() == Activity.RUNNING));
            families.gauge(
                    "windhover_stream_up", "1 unless the source has trouble.", labels, bit(stream.trouble() == null));
            stream.stages()
                    .forEach((stage, latency) -> families.latency(
                            "windhover_latency_seconds",
                            "Of a stage, over the last minute.",
                            labels.add("stage", stage),
                            latency));
        }
    }

    private void broker(BrokerState broker) {
        Labels labels = Labels.of("broker", broker.address());
        families.gauge("windhover_broker_connected", "1 while connected.", labels, bit(broker.connected()));
        families.counter("windhover_broker_delivered", "Acknowledged messages.", labels, broker.delivered());
        families.counter("windhover_broker_dropped", "Messages given up.", labels, broker.dropped());
        families.counter("windhover_broker_reconnects", "Connections after the first.", labels, broker.reconnects());
        families.gauge("windhover_queue_messages", "Not yet acknowledged.", labels, broker.waiting());
        families.gauge(
                "windhover_queue_oldest_seconds",
                "Age of the oldest result that waits, 0 where none does.",
                labels,
                broker.oldestSeconds());
        families.gauge("windhover_queue_bytes", "On disk.", labels, broker.queueBytes());
        families.counter("windhover_queue_damaged", "Found damaged on disk.", labels, broker.queueDamaged());
        families.gauge("windhover_queue_on_disk", "1 while the disk takes messages.", labels, bit(broker.onDisk()));
    }

    private void process() {
        Runtime runtime = Runtime.getRuntime();
        Labels heap = Labels.of("area", "heap");
        families.gauge("jvm_memory_used_bytes", "Used memory.", heap, runtime.totalMemory() - runtime.freeMemory());
        families.gauge("jvm_memory_max_bytes", "Largest memory.", heap, runtime.maxMemory());
        ProcessFigures.residentBytes()
                .ifPresent(bytes ->
                        families.gauge("process_resident_memory_bytes", "Resident memory.", Labels.EMPTY, bytes));
        ProcessFigures.threads()
                .ifPresent(
                        count -> families.gauge("process_threads", "Threads, native ones too.", Labels.EMPTY, count));
        ProcessFigures.openDescriptors()
                .ifPresent(count -> families.gauge("process_open_fds", "Open file descriptors.", Labels.EMPTY, count));
    }

    private static long bit(boolean value) {
        return value ? 1 : 0;
    }
}
