// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.publishing;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Pipeline;
import io.windhover.runtime.Session;
import io.windhover.runtime.exception.InputException;
import java.util.Iterator;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The way from inputs to subscribers: runs them through a session, ranks each frame and publishes its classification.
 */
public final class ClassificationStream {
    private final Session session;
    private final ResultPublisher publisher;
    private final int top;

    /** @param top most classes of one result */
    public ClassificationStream(Session session, ResultPublisher publisher, int top) {
        this.session = session;
        this.publisher = publisher;
        this.top = top;
    }

    /**
     * Runs all inputs as {@link Pipeline} does and publishes the result of each.
     *
     * @param source what an input is called in its result
     * @param sink gets each good input with its classification, in order, once it is handed to the publisher
     * @param refuse gets each input that cannot be used instead, in the same order
     */
    public <T> void run(
            Iterator<T> inputs,
            Pipeline.Filler<T> filler,
            Function<T, String> source,
            BiConsumer<T, Classification> sink,
            BiConsumer<T, InputException> refuse) {
        Pipeline.run(
                session,
                inputs,
                filler,
                (input, frame) -> sink.accept(input, publish(frame, source.apply(input))),
                refuse);
    }

    /** Runs one filled frame; its result is not published yet. */
    public void run(Frame frame) {
        session.submit(frame);
        session.await(frame);
    }

    /** Ranks an awaited frame and publishes its classification. */
    public Classification publish(Frame frame, String source) {
        Classification result = session.classification(frame, top);
        publisher.publish(session.model(), source, result);
        return result;
    }
}
