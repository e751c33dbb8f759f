// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.windhover.runtime.Classification;
import io.windhover.runtime.Classification.Score;
import io.windhover.runtime.Detections;
import io.windhover.runtime.Device;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.detection.Box;
import io.windhover.runtime.detection.Detection;
import io.windhover.runtime.serve.configuration.ResultConfiguration;
import io.windhover.runtime.serve.configuration.ResultConfiguration.When;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResultFilterTest {
    private static final long MILLI = 1_000_000;

    /** The latest result, kept so that it has to be made. */
    private static volatile @Nullable Classification kept;

    private static Classification best(int index) {
        List<Score> top = index < 0 ? List.of() : List.of(new Score("class " + index, index, 0.9));
        return new Classification(top, new Classification.Timings(0, 0, 0, 0));
    }

    private static ResultFilter filter(When when, long holdOffMillis, double mostPerSecond) {
        return new ResultFilter(
                new ResultConfiguration(5, 0, 1, when, Duration.ofMillis(holdOffMillis), mostPerSecond));
    }

    @Test
    void a_change_is_published_once() {
        ResultFilter filter = filter(When.CHANGE, 0, Double.POSITIVE_INFINITY);
        List<Integer> published = new ArrayList<>();
        int[] seen = {3, 3, 3, 5, 5, -1, -1, 3};
        for (int i = 0; i < seen.length; i++) {
            if (filter.isDue(best(seen[i]), i * MILLI)) {
                published.add(seen[i]);
            }
        }
        assertEquals(List.of(3, 5, -1, 3), published);
    }

    private static Detections found(int... classes) {
        return new Detections(
                10,
                10,
                IntStream.of(classes)
                        .mapToObj(index -> new Detection("class " + index, index, 0.9, new Box(0, 0, 1, 1)))
                        .toList(),
                new Classification.Timings(0, 0, 0, 0));
    }

    /** These pairs have one hash code. */
    @Test
    void other_things_that_are_found_are_a_change() {
        ResultFilter filter = filter(When.CHANGE, 0, Double.POSITIVE_INFINITY);
        int[][] seen = {{0, 56}, {1, 25}, {25, 1}, {0, 1, 25}, {0, 0, 56}, {}, {}, {29, 29}, {28, 60}};
        List<Integer> due = new ArrayList<>();
        for (int i = 0; i < seen.length; i++) {
            if (filter.isDue(found(seen[i]), i * MILLI)) {
                due.add(i);
            }
        }
        assertEquals(List.of(0, 1, 3, 4, 5, 7, 8), due);
    }

    @Test
    void a_new_best_class_must_stay_the_best_for_the_hold_off() {
        ResultFilter filter = filter(When.CHANGE, 100, Double.POSITIVE_INFINITY);
        assertFalse(filter.isDue(best(1), 0));
        assertTrue(filter.isDue(best(1), 100 * MILLI));
        assertFalse(filter.isDue(best(2), 150 * MILLI));
        assertFalse(filter.isDue(best(1), 200 * MILLI), "back to the one before");
        assertFalse(filter.isDue(best(2), 240 * MILLI), "the hold-off begins again");
        assertFalse(filter.isDue(best(2), 339 * MILLI));
        assertTrue(filter.isDue(best(2), 340 * MILLI));
    }

    @Test
    void a_rate_limit_keeps_the_mean_rate_and_delays_a_change() {
        ResultFilter every = filter(When.EVERY, 0, 10);
        int published = 0;
        for (int frame = 0; frame < 300; frame++) {
            published += every.isDue(best(frame % 3), frame * (1000 * MILLI) / 30) ? 1 : 0;
        }
        assertEquals(100, published, 1);
        ResultFilter change = filter(When.CHANGE, 0, 1);
        assertTrue(change.isDue(best(1), 0));
        assertFalse(change.isDue(best(2), 500 * MILLI));
        assertTrue(change.isDue(best(2), 1000 * MILLI), "the change is not forgotten");
    }

    @Test
    void the_first_result_of_another_model_is_a_change() {
        ResultFilter filter = filter(When.CHANGE, 0, 1);
        assertTrue(filter.isDue(best(1), 0));
        assertFalse(filter.isDue(best(1), 1000 * MILLI));
        filter.reset();
        assertTrue(filter.isDue(best(1), 5000 * MILLI));
        filter.reset();
        assertFalse(filter.isDue(best(1), 5500 * MILLI), "its rate is limited as before");
        assertTrue(filter.isDue(best(1), 6000 * MILLI));
    }

    @Test
    void a_rate_limit_holds_for_results_without_classes() {
        ResultFilter filter = filter(When.EVERY, 0, 10);
        int published = 0;
        for (int frame = 0; frame < 300; frame++) {
            published += filter.isDue(frame * (1000 * MILLI) / 30) ? 1 : 0;
        }
        assertEquals(100, published, 1);
    }

    private static long allocatedBytes(Supplier<Classification> result) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(self);
        for (int i = 0; i < 200; i++) {
            before = i == 100 ? threads.getThreadAllocatedBytes(self) : before;
            kept = result.get();
        }
        long bytes = threads.getThreadAllocatedBytes(self) - before;
        assertNotNull(kept);
        return bytes;
    }

    /** What a session allocates for a result is measured where there is an accelerator. */
    @Test
    void a_result_takes_no_more_memory_than_the_sessions_own() {
        try (Device device = Device.open("reference:");
                Session session = device.load("zoo:lenet_300_100")) {
            Frame frame = session.frame();
            session.submit(frame);
            session.await(frame);
            ResultFilter plain = new ResultFilter(ResultConfiguration.DEFAULT);
            ResultFilter smoothing = new ResultFilter(new ResultConfiguration(5, 0, 3, When.EVERY, Duration.ZERO, 10));
            double[] probabilities = new double[session.model().classes()];
            requireNoMore(
                    allocatedBytes(() -> session.classification(frame, 5)),
                    allocatedBytes(() -> plain.result(session, frame)));
            requireNoMore(
                    allocatedBytes(() -> {
                        session.probabilities(frame, probabilities);
                        return session.classification(frame, probabilities, 5, 0);
                    }),
                    allocatedBytes(() -> smoothing.result(session, frame)));
        }
    }

    /** Not half of the smallest object more for each result; the compiler at work may save a few bytes of either. */
    private static void requireNoMore(long sessions, long filters) {
        assertTrue(filters < sessions + 100 * 8, filters + " bytes, not " + sessions);
    }
}
