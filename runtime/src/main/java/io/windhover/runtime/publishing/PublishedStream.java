// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.publishing;

import io.windhover.runtime.Frame;
import io.windhover.runtime.Pipeline;
import io.windhover.runtime.Session;
import io.windhover.runtime.exception.InputException;
import java.util.Iterator;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The way from inputs to subscribers: runs them through a session, and publishes what each frame gives. */
public abstract sealed class PublishedStream<R> permits ClassificationStream, DetectionStream {
    final Session session;
    final ResultPublisher publisher;

    PublishedStream(Session session, ResultPublisher publisher) {
        this.session = session;
        this.publisher = publisher;
    }

    /**
     * Runs all inputs as {@link Pipeline} does and publishes the result of each.
     *
     * @param source what an input is called in its result
     * @param sink gets each good input with its result, in order, once that is handed to the publisher
     * @param refuse gets each input that cannot be used instead, in the same order
     */
    public final <T> void run(
            Iterator<T> inputs,
            Pipeline.Filler<T> filler,
            Function<T, String> source,
            BiConsumer<T, R> sink,
            BiConsumer<T, InputException> refuse) {
        Pipeline.run(
                session,
                inputs,
                filler,
                (input, frame) -> sink.accept(input, publish(frame, source.apply(input))),
                refuse);
    }

    /** Makes an awaited frame's result and publishes it. */
    public abstract R publish(Frame frame, String source);
}
