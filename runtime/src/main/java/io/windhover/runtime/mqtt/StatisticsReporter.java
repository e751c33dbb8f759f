// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import com.google.gson.Gson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Publishes a publisher's own counters on the node's {@code stats} topic, regularly and once more at the end. */
final class StatisticsReporter implements AutoCloseable {
    /** How often, unless said otherwise. */
    static final Duration INTERVAL = Duration.ofSeconds(60);

    private final Publisher publisher;
    private final Topics topics;
    private final long startedNanos = System.nanoTime();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "windhover-stats");
        thread.setDaemon(true);
        return thread;
    });

    record Payload(
            int schema, String node, long uptimeS, long delivered, long waiting, long dropped, long reconnects) {}

    StatisticsReporter(Publisher publisher, Topics topics, Duration interval) {
        this.publisher = publisher;
        this.topics = topics;
        Future<?> unused = timer.scheduleAtFixedRate(
                this::report, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void report() {
        Publisher.Statistics now = publisher.statistics();
        long uptimeSeconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos);
        Payload payload = new Payload(
                ResultStream.SCHEMA,
                topics.node(),
                uptimeSeconds,
                now.delivered(),
                now.waiting(),
                now.dropped(),
                now.reconnects());
        publisher.publish(topics.statistics(), new Gson().toJson(payload).getBytes(StandardCharsets.UTF_8), false);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        report();
    }
}
