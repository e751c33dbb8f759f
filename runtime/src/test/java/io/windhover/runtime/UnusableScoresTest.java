// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.FloatFullyConnected;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.exception.ClassificationException;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.image.Pixels;
import io.windhover.runtime.model.Model;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scores that are no numbers end in an exception, on whatever way a caller asks for the result. */
class UnusableScoresTest {
    /** Two classes over one pixel; {@code weight} is that of the second. */
    private static Graph network(float weight, boolean softmax) {
        GraphBuilder graph = new GraphBuilder("broken").labels(List.of("cat", "dog"));
        int input = graph.input("input", TensorType.FLOAT32, Shape.map(1, 1, 1), null);
        int scores = graph.tensor("scores", TensorType.FLOAT32, Shape.vector(2), null);
        graph.operator(new FloatFullyConnected(
                "scores", new int[] {input}, new int[] {scores}, 2, new float[] {1, weight}, new float[2]));
        if (!softmax) {
            return graph.build(scores);
        }
        int output = graph.tensor("output", TensorType.FLOAT32, Shape.vector(2), null);
        graph.operator(new FloatSoftmax("output", new int[] {scores}, new int[] {output}, 1));
        return graph.build(output);
    }

    private static Classification classify(float weight, boolean softmax) {
        try (Device device = Device.open("reference:");
                Session session =
                        device.load(new Model("broken", "0", network(weight, softmax), null), SessionOptions.DEFAULT)) {
            Frame frame = session.frame();
            session.fill(frame, new Pixels(1, 1, 1, new byte[] {(byte) 255}));
            session.submit(frame);
            session.await(frame);
            return session.classification(frame, 2);
        }
    }

    private static void refused(float weight, boolean softmax, String... words) {
        String message = assertThrows(ClassificationException.class, () -> classify(weight, softmax))
                .getMessage();
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
    }

    @Test
    void a_score_that_is_not_a_number_is_no_result() {
        refused(Float.NaN, false, "broken", "dog", "NaN");
    }

    @Test
    void an_infinite_score_is_no_result() {
        refused(Float.POSITIVE_INFINITY, false, "dog", "Infinity");
        refused(Float.NEGATIVE_INFINITY, false, "dog", "-Infinity");
    }

    @Test
    void a_softmax_over_them_is_none_either() {
        refused(Float.NaN, true, "NaN");
        refused(Float.POSITIVE_INFINITY, true, "NaN");
    }

    @Test
    void an_input_of_what_is_no_finite_number_is_refused() {
        try (Device device = Device.open("reference:");
                Session session =
                        device.load(new Model("broken", "0", network(1, false), null), SessionOptions.DEFAULT)) {
            for (float real : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
                byte[] bytes = ByteBuffer.allocate(Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(real)
                        .array();
                String message = assertThrows(InputException.class, () -> session.fill(session.frame(), 0, bytes))
                        .getMessage();
                assertTrue(message.contains(Float.toString(real)) && message.contains("element 0"), message);
            }
        }
    }

    @Test
    void numbers_are_a_result() {
        assertEquals("dog", classify(3, true).best().label());
        assertEquals("dog", classify(3, false).best().label());
    }

    @Test
    void no_result_can_hold_a_score_that_is_not_a_number() {
        assertThrows(IllegalArgumentException.class, () -> new Classification.Score("cat", 0, Double.NaN));
    }
}
