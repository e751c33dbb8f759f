// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Detections;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.publishing.ResultPublisher;
import java.time.Clock;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The results of a program that runs some inputs and ends, published under a client id of its own. */
public final class GuestPublisher implements ResultPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(GuestPublisher.class);

    private final Publisher publisher;
    private final PublisherSettings settings;
    private final ResultStream results;
    private boolean lossSaid;

    private GuestPublisher(Publisher publisher, PublisherSettings settings, String stream, String device) {
        this.publisher = publisher;
        this.settings = settings;
        this.results = new ResultStream(
                publisher,
                settings.topics(),
                new ResultStream.Origin(stream, UUID.randomUUID().toString(), device),
                new ResultStream.Delivery(1, true, false),
                Clock.systemUTC());
    }

    /** Connects; a {@link WindhoverException} says why the broker cannot be reached. */
    public static GuestPublisher connect(PublisherSettings settings, String stream, String device) {
        String unused = settings.topics().classification(stream);
        return new GuestPublisher(Publisher.connect(settings), settings, stream, device);
    }

    /** Names this program's results among those of others in the same topics. */
    public String session() {
        return results.session();
    }

    @Override
    public void publish(Model model, String source, Classification result) {
        byte[] unused = results.classification(model, source, result, true, () -> {});
    }

    @Override
    public void publish(Model model, String source, Detections result) {
        byte[] unused = results.detections(model, source, result, true, () -> {});
    }

    /** Waits for at most the time that the settings give. Delivered is what the broker has acknowledged. */
    @Override
    public void requireDelivery() {
        publisher.flush(settings.times().delivery());
        if (results.undelivered() > 0) {
            lossSaid = true;
            throw new WindhoverException(loss());
        }
    }

    private String loss() {
        return results.undelivered() + " of " + results.published() + " results were not delivered to "
                + settings.broker() + " within " + settings.times().delivery().toSeconds()
                + " s; check the broker and its limits, then run it again.";
    }

    /** Delivers what is waiting within the time that the settings give; logs how many results remain undelivered. */
    @Override
    public void close() {
        publisher.close();
        if (results.undelivered() > 0 && !lossSaid) {
            lossSaid = true;
            LOG.warn("{}", loss());
        }
    }
}
