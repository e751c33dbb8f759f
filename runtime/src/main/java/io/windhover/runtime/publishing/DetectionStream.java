// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.publishing;

import io.windhover.runtime.Detections;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Pipeline;
import io.windhover.runtime.Session;
import io.windhover.runtime.exception.InputException;
import java.util.Iterator;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** As {@link ClassificationStream}, of what a detector finds. */
public final class DetectionStream {
    private final Session session;
    private final ResultPublisher publisher;

    public DetectionStream(Session session, ResultPublisher publisher) {
        this.session = session;
        this.publisher = publisher;
    }

    /**
     * Runs all inputs as {@link Pipeline} does and publishes the result of each.
     *
     * @param source what an input is called in its result
     * @param sink gets each good input with what was found in it, in order, once that is handed to the publisher
     * @param refuse gets each input that cannot be used instead, in the same order
     */
    public <T> void run(
            Iterator<T> inputs,
            Pipeline.Filler<T> filler,
            Function<T, String> source,
            BiConsumer<T, Detections> sink,
            BiConsumer<T, InputException> refuse) {
        Pipeline.run(
                session,
                inputs,
                filler,
                (input, frame) -> sink.accept(input, publish(frame, source.apply(input))),
                refuse);
    }

    /** Looks for boxes in an awaited frame and publishes them. */
    public Detections publish(Frame frame, String source) {
        Detections result = session.detections(frame);
        publisher.publish(session.model(), source, result);
        return result;
    }
}
