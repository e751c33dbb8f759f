// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.Pixels;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionTest {
    private final Device device = Device.open("reference:");
    private final Session session = device.load("zoo:lenet_300_100");

    @AfterEach
    void close() {
        device.close();
    }

    private static byte[] input(long seed) {
        byte[] bytes = new byte[784];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private ByteBuffer expected(byte[] input) {
        return ByteBuffer.wrap(
                new ReferenceExecutor(session.model().graph()).infer(input).get(0));
    }

    @Test
    void two_frames_in_flight_give_each_its_own_answer() {
        Frame first = session.frame();
        Frame second = session.frame();
        assertNotSame(first, second);
        session.fill(first, 0, input(1));
        session.submit(first);
        session.fill(second, 0, input(2));
        session.submit(second);
        session.await(first);
        session.await(second);
        assertEquals(expected(input(1)), first.output(0));
        assertEquals(expected(input(2)), second.output(0));
        assertSame(first, session.frame());
    }

    @Test
    void a_third_frame_in_flight_is_refused() {
        session.submit(session.frame());
        session.submit(session.frame());
        assertThrows(IllegalStateException.class, session::frame);
    }

    @Test
    void outputs_are_refused_before_they_are_there() {
        Frame frame = session.frame();
        assertThrows(IllegalStateException.class, () -> frame.output(0));
        assertThrows(IllegalStateException.class, () -> session.await(frame));
        session.submit(frame);
        assertThrows(IllegalStateException.class, () -> frame.output(0));
        assertThrows(IllegalStateException.class, () -> session.submit(frame));
    }

    @Test
    void a_closed_session_says_so() {
        Frame frame = session.frame();
        device.close();
        device.close();
        assertThrows(IllegalStateException.class, session::frame);
        assertThrows(IllegalStateException.class, () -> session.submit(frame));
        assertThrows(IllegalStateException.class, () -> frame.input(0));
    }

    @Test
    void bytes_of_the_wrong_size_are_refused() {
        Frame frame = session.frame();
        String message = assertThrows(WindhoverException.class, () -> session.fill(frame, 0, new byte[3]))
                .getMessage();
        assertTrue(message.contains("784") && message.contains("3"), message);
    }

    @Test
    void a_pipeline_keeps_the_order_of_its_inputs() {
        List<Integer> inputs = IntStream.range(0, 25).boxed().toList();
        List<Integer> done = new ArrayList<>();
        Pipeline.run(session, inputs.iterator(), (of, frame, seed) -> of.fill(frame, 0, input(seed)), (seed, frame) -> {
            assertEquals(expected(input(seed)), frame.output(0));
            done.add(seed);
        });
        assertEquals(inputs, done);
    }

    @Test
    void a_pipeline_passes_over_bad_inputs_and_keeps_the_order_of_all() {
        List<Integer> inputs = IntStream.range(0, 25).boxed().toList();
        List<Integer> done = new ArrayList<>();
        Pipeline.run(
                session,
                inputs.iterator(),
                (of, frame, seed) -> of.fill(frame, 0, seed % 4 == 3 ? new byte[1] : input(seed)),
                (seed, frame) -> {
                    assertEquals(expected(input(seed)), frame.output(0));
                    done.add(seed);
                },
                (seed, problem) -> {
                    assertEquals(3, seed % 4);
                    assertTrue(problem.getMessage().contains("784 bytes"), problem.getMessage());
                    done.add(seed);
                });
        assertEquals(inputs, done);
    }

    @Test
    void classification_is_best_first_and_sums_to_one() {
        Frame frame = session.frame();
        session.fill(frame, new Pixels(28, 28, 1, input(5)));
        session.submit(frame);
        session.await(frame);
        Classification result = session.classification(frame, 10);
        assertEquals(10, result.top().size());
        assertEquals(
                1,
                result.top().stream().mapToDouble(Classification.Score::score).sum(),
                0.02);
        for (int i = 1; i < 10; i++) {
            assertTrue(result.top().get(i - 1).score() >= result.top().get(i).score());
        }
        assertSame(result.top().get(0), result.best());
        for (int count = 0; count <= 10; count++) {
            double least = count == 0 ? 2 : result.top().get(count - 1).score();
            List<Classification.Score> expected = result.top().stream()
                    .filter(score -> score.score() >= least)
                    .toList();
            assertEquals(expected, session.classification(frame, 10, least).top());
        }
    }
}
