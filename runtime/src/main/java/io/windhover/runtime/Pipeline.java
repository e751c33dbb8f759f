// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime;

import io.windhover.runtime.exception.InputException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a stream of inputs through a session with all its frames in flight: while the device works on one frame, the
 * next is decoded and filled, and the one before goes to the sink.
 */
public final class Pipeline {
    private Pipeline() {}

    /** Fills a frame from an input. */
    @FunctionalInterface
    public interface Filler<T> {
        void fill(Session session, Frame frame, T input);
    }

    /**
     * Runs all inputs; ends with the first that cannot be used.
     *
     * @param sink gets each input with its awaited frame, in order; the frame's outputs are valid during the call
     */
    public static <T> void run(Session session, Iterator<T> inputs, Filler<T> filler, BiConsumer<T, Frame> sink) {
        run(session, inputs, filler, sink, (input, problem) -> {
            throw problem;
        });
    }

    /**
     * Runs all inputs.
     *
     * @param sink gets each good input with its awaited frame, in order; the frame's outputs are valid during the call
     * @param refuse gets each input that cannot be used instead, in the same order
     */
    public static <T> void run(
            Session session,
            Iterator<T> inputs,
            Filler<T> filler,
            BiConsumer<T, Frame> sink,
            BiConsumer<T, InputException> refuse) {
        Deque<Map.Entry<T, Frame>> inFlight = new ArrayDeque<>(Session.FRAMES);
        while (inputs.hasNext()) {
            if (inFlight.size() == Session.FRAMES) {
                finish(session, inFlight, sink);
            }
            T input = inputs.next();
            Frame frame = session.frame();
            InputException problem = fill(session, frame, input, filler);
            if (problem == null) {
                session.submit(frame);
                inFlight.add(Map.entry(input, frame));
            } else {
                finishAll(session, inFlight, sink);
                refuse.accept(input, problem);
            }
        }
        finishAll(session, inFlight, sink);
    }

    private static <T> @Nullable InputException fill(Session session, Frame frame, T input, Filler<T> filler) {
        try {
            filler.fill(session, frame, input);
            return null;
        } catch (InputException problem) {
            return problem;
        }
    }

    private static <T> void finishAll(Session session, Deque<Map.Entry<T, Frame>> inFlight, BiConsumer<T, Frame> sink) {
        while (!inFlight.isEmpty()) {
            finish(session, inFlight, sink);
        }
    }

    private static <T> void finish(Session session, Deque<Map.Entry<T, Frame>> inFlight, BiConsumer<T, Frame> sink) {
        Map.Entry<T, Frame> oldest = inFlight.remove();
        session.await(oldest.getValue());
        sink.accept(oldest.getKey(), oldest.getValue());
    }
}
