// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.onnx.OnnxHostNodesTest.FLOAT;
import static io.windhover.models.onnx.OnnxHostNodesTest.INT32;
import static io.windhover.models.onnx.OnnxHostNodesTest.STEP;
import static io.windhover.models.onnx.OnnxHostNodesTest.assertRefused;
import static io.windhover.models.onnx.OnnxHostNodesTest.cast;
import static io.windhover.models.onnx.OnnxHostNodesTest.channelsLast;
import static io.windhover.models.onnx.OnnxHostNodesTest.coded;
import static io.windhover.models.onnx.OnnxHostNodesTest.run;
import static io.windhover.models.onnx.OnnxHostNodesTest.values;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.windhover.models.ModelException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Elements that are chosen by computed positions are exactly those that ONNX defines. */
class OnnxChosenElementsTest {
    private static final int BOXES = 6;

    /** The boxes of the best scores, as a detector ends. */
    @ParameterizedTest
    @CsvSource({"false,false", "true,false", "true,true"})
    void boxes_of_the_best_scores_are_chosen(boolean quantised, boolean rounded) {
        for (int k = 1; k <= BOXES; k++) {
            OnnxNetwork network = new OnnxNetwork().input("scores", 1, BOXES).input("boxes", 1, BOXES, 4);
            String scores = quantised ? coded(network, "scores", STEP) : "scores";
            String boxes = quantised ? coded(network, "boxes", STEP) : "boxes";
            network.add("", "TopK", List.of(scores, network.ints(k)), List.of("best", "positions"));
            String flat = network.node("Reshape", List.of("positions", network.ints(k)));
            String chosen = network.node("Gather", List.of(boxes, flat), "axis", 1);
            network.output(rounded ? coded(network, chosen, STEP) : chosen).output("positions");
            double[] given = values(new Random(k), 4 * BOXES);
            double[][] inputs = {{0.25, -0.25, 0.5, 0.125, 0, 0.375}, given};
            List<double[]> made = run(network, inputs);
            int[] order = {2, 5, 0, 3, 4, 1};
            for (int i = 0; i < k; i++) {
                assertArrayEquals(
                        Arrays.copyOfRange(given, 4 * order[i], 4 * order[i] + 4),
                        Arrays.copyOfRange(made.get(0), 4 * i, 4 * i + 4));
            }
        }
    }

    @Test
    void any_dimension_may_be_chosen_from() {
        OnnxNetwork network = new OnnxNetwork().input("x", 1, 3, 5).input("positions", 1, 4);
        String whole = network.node("Reshape", List.of(cast(network, "positions", INT32), network.ints(2, 2)));
        network.output(network.node("Gather", List.of("x", whole), "axis", -2));
        double[] x = values(new Random(3), 15);
        int[] chosen = {2, 0, 0, 1};
        double[] expected = new double[20];
        Arrays.setAll(expected, i -> x[chosen[i / 5] * 5 + i % 5]);
        double[] made = run(network, x, new double[] {2, -3, 0, 1}).get(0);
        assertArrayEquals(channelsLast(new int[] {1, 2, 2, 5}, expected), made);
    }

    @Test
    void the_file_may_give_what_is_chosen_from() {
        OnnxNetwork network = new OnnxNetwork().input("x", 1, 4);
        String best = network.node("ArgMax", List.of(coded(network, "x", STEP)), "axis", 1, "keepdims", 0);
        String table = network.constant(new int[] {4, 2}, 1, 2, 3, 4, 5, 6, 7, 8);
        network.output(network.node("Gather", List.of(table, best)));
        assertArrayEquals(
                new double[] {5, 6}, run(network, new double[] {0, 0.5, 1, -1}).get(0));
    }

    @Test
    void positions_that_are_none_are_refused() {
        OnnxNetwork network = new OnnxNetwork().input("x", 1, 4);
        network.output(network.node("Gather", List.of("x", "x"), "axis", 1));
        assertRefused(network, "Gather", "its positions 'x' are no whole numbers.");
        OnnxNetwork given = new OnnxNetwork().input("x", 1, 4);
        String whole = cast(given, "x", INT32);
        String chosen = given.node("Gather", List.of(whole, given.ints(1)), "axis", 1);
        assertRefused(given.output(cast(given, chosen, FLOAT)), "Gather", "only computed positions are supported");
    }

    @Test
    void a_position_outside_ends_the_inference() {
        OnnxNetwork network = new OnnxNetwork().input("x", 1, 4);
        network.output(network.node("Gather", List.of("x", cast(network, "x", INT32)), "axis", 1));
        assertThrows(ModelException.class, () -> run(network, new double[] {0, 1, 2, 4}));
    }
}
