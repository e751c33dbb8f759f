package io.windhover.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Runs a stream of inputs through a session with all its frames in flight: while the device works on one frame, the next is
 * decoded and filled, and the one before goes to the sink.
 */
public final class Pipeline {
    private Pipeline() {}

    /** Fills a frame from an input. */
    @FunctionalInterface
    public interface Filler<T> {
        void fill(Session session, Frame frame, T input);
    }

    /**
     * Runs all inputs.
     *
     * @param sink gets each input with its awaited frame, in order; the frame's outputs are valid during the call
     */
    public static <T> void run(Session session, Iterator<T> inputs, Filler<T> filler, BiConsumer<T, Frame> sink) {
        Deque<Map.Entry<T, Frame>> inFlight = new ArrayDeque<>(Session.FRAMES);
        while (inputs.hasNext()) {
            if (inFlight.size() == Session.FRAMES) {
                finish(session, inFlight, sink);
            }
            T input = inputs.next();
            Frame frame = session.frame();
            filler.fill(session, frame, input);
            session.submit(frame);
            inFlight.add(Map.entry(input, frame));
        }
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
