package io.windhover.runtime.mqtt;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Model;
import java.time.Clock;
import java.time.Duration;

/** All that one node publishes: availability, results of a stream, health and statistics. */
public final class NodePublisher implements AutoCloseable {
    private final Publisher publisher;
    private final Topics topics;
    private final String stream;
    private final ResultStream results;
    private final StatisticsReporter statistics;
    private final Health health;
    private volatile boolean failed;

    private NodePublisher(Publisher publisher, Topics topics, String stream, String device) {
        this.publisher = publisher;
        this.topics = topics;
        this.stream = stream;
        this.results = new ResultStream(publisher, topics, stream, device, Clock.systemUTC());
        this.statistics = new StatisticsReporter(publisher, topics, StatisticsReporter.INTERVAL);
        this.health = new Health(publisher, topics);
        health.stream(stream, Health.State.ONLINE);
        health.accelerator(Health.State.ONLINE);
    }

    /** Connects; a {@link io.windhover.runtime.WindhoverException} says why the broker cannot be reached. */
    public static NodePublisher connect(PublisherSettings settings, String stream, String device) {
        return new NodePublisher(Publisher.connect(settings), settings.topics(), stream, device);
    }

    /** Publishes one frame's result; source says which image it was. Never blocks. */
    public void publish(Model model, String source, Classification result) {
        results.publish(model, source, result);
    }

    /** Waits until all that was published is acknowledged; false when that takes longer. */
    public boolean flush(Duration timeout) {
        return publisher.flush(timeout);
    }

    /** The accelerator failed: say so on its status topic. */
    public void acceleratorFailed() {
        failed = true;
        health.accelerator(Health.State.OFFLINE);
    }

    @Override
    public void close() {
        health.stream(stream, Health.State.DISABLED);
        if (!failed) {
            health.accelerator(Health.State.DISABLED);
        }
        statistics.close();
        publisher.close();
    }
}
