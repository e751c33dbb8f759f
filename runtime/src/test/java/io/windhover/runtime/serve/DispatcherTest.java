// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.mockito.Mockito.mock;

import io.windhover.runtime.Session;
import io.windhover.runtime.image.Pixels;
import io.windhover.runtime.serve.Dispatcher.Lane;
import io.windhover.runtime.serve.Dispatcher.Ticket;
import io.windhover.runtime.source.SourceFrame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class DispatcherTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Dispatcher dispatcher = new Dispatcher();

    private static Ticket ticket(String name) {
        return new Ticket(mock(StreamRunner.class), SourceFrame.picture(name, new Pixels(1, 1, 1, new byte[1]), 0), 0);
    }

    private String taken() throws InterruptedException {
        return Objects.requireNonNull(dispatcher.take(0)).frame().name();
    }

    @Test
    void the_higher_priority_goes_first() throws InterruptedException {
        Lane low = dispatcher.lane(0, 2, false);
        Lane high = dispatcher.lane(3, 2, false);
        assertNull(low.put(ticket("low")));
        assertNull(high.put(ticket("high")));
        assertEquals("high", taken());
        assertEquals("low", taken());
        assertNull(dispatcher.take(0));
    }

    @Test
    void lanes_of_one_priority_share_the_device_s_time_evenly() throws InterruptedException {
        Map<String, Lane> lanes = new HashMap<>();
        Map<String, Long> cost = Map.of("quick", 1_000_000L, "slow", 4_000_000L);
        Map<String, Integer> frames = new HashMap<>();
        for (String name : cost.keySet()) {
            Lane lane = dispatcher.lane(0, 2, false);
            lanes.put(name, lane);
            lane.put(ticket(name));
            lane.put(ticket(name));
        }
        for (int i = 0; i < 500; i++) {
            String name = taken();
            Lane lane = Objects.requireNonNull(lanes.get(name));
            lane.spent(Objects.requireNonNull(cost.get(name)));
            lane.put(ticket(name));
            frames.merge(name, 1, Integer::sum);
        }
        assertEquals(Map.of("quick", 400, "slow", 100), frames);
    }

    @Test
    void a_lane_whose_frame_is_replaced_while_it_waits_keeps_its_place() throws InterruptedException {
        Map<String, Lane> lanes = Map.of("first", dispatcher.lane(0, 1, true), "second", dispatcher.lane(0, 1, true));
        Map<String, Integer> frames = new HashMap<>();
        Deque<String> inFlight = new ArrayDeque<>();
        for (int i = 0; i < 500; i++) {
            for (Map.Entry<String, Lane> lane : lanes.entrySet()) {
                lane.getValue().put(ticket(lane.getKey()));
            }
            inFlight.add(taken());
            if (inFlight.size() == Session.FRAMES) {
                String done = inFlight.remove();
                Objects.requireNonNull(lanes.get(done)).spent(SECOND);
                frames.merge(done, 1, Integer::sum);
            }
        }
        assertEquals(250, frames.get("first"), 2, frames.toString());
    }

    @Test
    void a_lane_that_was_idle_does_not_catch_up() throws InterruptedException {
        Lane busy = dispatcher.lane(0, 2, false);
        Lane late = dispatcher.lane(0, 2, false);
        for (int i = 0; i < 100; i++) {
            busy.put(ticket("busy"));
            assertEquals("busy", taken());
            busy.spent(SECOND);
        }
        busy.put(ticket("busy"));
        late.put(ticket("late"));
        int lateFrames = 0;
        for (int i = 0; i < 10; i++) {
            boolean isLate = taken().equals("late");
            lateFrames += isLate ? 1 : 0;
            (isLate ? late : busy).spent(SECOND);
            (isLate ? late : busy).put(ticket(isLate ? "late" : "busy"));
        }
        assertEquals(5, lateFrames);
    }

    @Test
    void the_newest_frame_takes_the_place_of_the_one_that_waits() throws InterruptedException {
        Lane lane = dispatcher.lane(0, 1, true);
        assertNull(lane.put(ticket("first")));
        assertEquals(
                "first",
                Objects.requireNonNull(lane.put(ticket("second"))).frame().name());
        assertEquals("second", taken());
    }

    @Test
    void a_full_lane_where_each_frame_counts_has_the_source_wait() throws InterruptedException {
        Lane lane = dispatcher.lane(0, 1, false);
        lane.put(ticket("first"));
        Thread source = new Thread(() -> {
            try {
                lane.put(ticket("second"));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        source.start();
        source.join(100);
        assertEquals(true, source.isAlive());
        assertEquals("first", taken());
        source.join();
        assertEquals("second", taken());
    }

    @Test
    void a_closed_lane_takes_nothing_and_loses_nothing() throws InterruptedException {
        Lane lane = dispatcher.lane(0, 2, false);
        lane.put(ticket("first"));
        lane.close();
        Ticket late = ticket("late");
        assertEquals(late, lane.put(late));
        assertEquals(
                "first",
                Objects.requireNonNull(dispatcher.takeLeftover()).frame().name());
        assertNull(dispatcher.takeLeftover());
    }

    @Test
    void a_wake_ends_a_wait_at_once() throws InterruptedException {
        dispatcher.wake();
        long start = System.nanoTime();
        assertNull(dispatcher.take(5 * SECOND));
        assertFalse(System.nanoTime() - start > SECOND);
        assertNotNull(dispatcher);
    }
}
