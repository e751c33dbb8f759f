// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import io.windhover.runtime.Classification;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.publishing.ResultPublisher;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that one program publishes over MQTT: the results of a stream and, as a {@link Role#SERVICE},
 * availability, health and statistics.
 */
public final class NodePublisher implements ResultPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(NodePublisher.class);

    private final Publisher publisher;
    private final PublisherSettings settings;
    private final String stream;
    private final ResultStream results;
    private final @Nullable StatisticsReporter statistics;
    private final @Nullable Health health;
    private volatile boolean failed;
    private boolean lossSaid;

    private NodePublisher(Publisher publisher, PublisherSettings settings, String stream, String device) {
        boolean service = settings.role() == Role.SERVICE;
        this.publisher = publisher;
        this.settings = settings;
        this.stream = stream;
        this.results = new ResultStream(
                publisher,
                settings.topics(),
                new ResultStream.Origin(stream, UUID.randomUUID().toString(), device),
                new ResultStream.Delivery(1, true, false),
                Clock.systemUTC());
        this.statistics =
                service ? new StatisticsReporter(publisher, settings.topics(), StatisticsReporter.INTERVAL) : null;
        this.health = service ? new Health(publisher, settings.topics()) : null;
        if (health != null) {
            health.stream(stream, Health.State.ONLINE);
            health.accelerator(Health.State.ONLINE);
        }
    }

    /** Connects; a {@link WindhoverException} says why the broker cannot be reached. */
    public static NodePublisher connect(PublisherSettings settings, String stream, String device) {
        settings.topics().classification(stream);
        return new NodePublisher(Publisher.connect(settings), settings, stream, device);
    }

    /** Names this program's results among those of others in the same topics. */
    public String session() {
        return results.session();
    }

    @Override
    public void publish(Model model, String source, Classification result) {
        byte[] unused = results.classification(model, source, result, true, () -> {});
    }

    /** Waits for at most the time that the settings give. Delivered is what the broker has acknowledged. */
    @Override
    public void requireDelivery() {
        publisher.flush(settings.delivery());
        if (results.undelivered() > 0) {
            lossSaid = true;
            throw new WindhoverException(loss());
        }
    }

    private String loss() {
        return results.undelivered() + " of " + results.published() + " results were not delivered to "
                + settings.broker() + " within " + settings.delivery().toSeconds()
                + " s; check the broker and its limits, then run it again.";
    }

    /** A service says so on the status topic of the accelerator. */
    @Override
    public void acceleratorFailed() {
        failed = true;
        if (health != null) {
            health.accelerator(Health.State.OFFLINE);
        }
    }

    /**
     * Publishes the last states, delivers what is waiting within the time that the settings give, and disconnects; logs
     * how many results remain undelivered.
     */
    @Override
    public void close() {
        if (health != null) {
            health.stream(stream, Health.State.DISABLED);
            if (!failed) {
                health.accelerator(Health.State.DISABLED);
            }
        }
        if (statistics != null) {
            statistics.close();
        }
        publisher.close();
        if (results.undelivered() > 0 && !lossSaid) {
            lossSaid = true;
            LOG.warn("{}", loss());
        }
    }
}
