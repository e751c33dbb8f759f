// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.publishing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Detections;
import io.windhover.runtime.Device;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.model.Model;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClassificationStreamTest {
    private static final int BYTES = 784;
    private static final int TOP = 3;

    private final List<String> log = new ArrayList<>();
    private final Device device = Device.open("reference:");
    private final Session session = device.load("zoo:lenet_300_100");
    private final ClassificationStream stream = new ClassificationStream(session, new Log(), TOP);

    /** Writes down what it is told. */
    private final class Log implements ResultPublisher {
        @Override
        public void publish(Model model, String source, Classification result) {
            assertSame(session.model(), model);
            assertEquals(TOP, result.top().size());
            log.add("published " + source);
        }

        @Override
        public void publish(Model model, String source, Detections result) {
            throw new AssertionError("a classifier finds nothing");
        }

        @Override
        public void requireDelivery() {}

        @Override
        public void close() {}
    }

    @AfterEach
    void close() {
        device.close();
    }

    private void run(Integer... sizes) {
        Iterator<Integer> inputs = List.of(sizes).iterator();
        stream.run(
                inputs,
                (of, frame, size) -> of.fill(frame, 0, new byte[size]),
                String::valueOf,
                (size, result) -> log.add("passed on " + size),
                (size, problem) -> log.add("refused " + size));
    }

    @Test
    void every_result_is_published_before_it_is_passed_on() {
        run(BYTES, BYTES);
        assertEquals(List.of("published 784", "passed on 784", "published 784", "passed on 784"), log);
    }

    @Test
    void an_input_that_cannot_be_used_is_refused_in_its_turn_and_not_published() {
        run(BYTES, 1, BYTES);
        assertEquals(List.of("published 784", "passed on 784", "refused 1", "published 784", "passed on 784"), log);
    }

    @Test
    void a_single_frame_is_published_when_its_caller_asks() {
        Frame frame = session.frame();
        session.fill(frame, 0, new byte[BYTES]);
        session.submit(frame);
        session.await(frame);
        assertEquals(List.of(), log);
        assertEquals(TOP, stream.publish(frame, "tensor").top().size());
        assertEquals(List.of("published tensor"), log);
    }
}
