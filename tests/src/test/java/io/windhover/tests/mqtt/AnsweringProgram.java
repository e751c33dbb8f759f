// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.mqtt;

import io.windhover.runtime.mqtt.BrokerAddress;
import io.windhover.runtime.mqtt.IncomingMessage;
import io.windhover.runtime.mqtt.Publisher;
import io.windhover.runtime.mqtt.PublisherSettings;
import io.windhover.runtime.mqtt.Subscription;
import io.windhover.runtime.mqtt.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;

/** A node that answers what its group is asked, from a process of its own: PORT NODE. */
final class AnsweringProgram {
    static final String GROUP = "counters";
    static final String PREFIX = "windhover";
    private static final int WORK_MILLIS = 3;

    private AnsweringProgram() {}

    public static void main(String... arguments) throws Exception {
        Topics topics = new Topics(PREFIX, arguments[1]);
        LinkedBlockingQueue<IncomingMessage> requests = new LinkedBlockingQueue<>();
        try (Publisher publisher = Publisher.start(PublisherSettings.service(
                        new BrokerAddress("127.0.0.1", Integer.parseInt(arguments[0]), false, null, null), topics)
                .withTimes(Duration.ofSeconds(3), Duration.ofMillis(100))
                .withSubscriptions(List.of(new Subscription(topics.sharedInferFilter(GROUP), 1, requests::add))))) {
            while (true) {
                IncomingMessage request = requests.take();
                Thread.sleep(WORK_MILLIS);
                publisher.answer(
                        Objects.requireNonNull(request.answerTo()),
                        request.correlation(),
                        topics.node().getBytes(StandardCharsets.UTF_8),
                        request.receipt());
            }
        }
    }
}
