// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.onnx.OnnxHostNodesTest.BOOL;
import static io.windhover.models.onnx.OnnxHostNodesTest.FLOAT;
import static io.windhover.models.onnx.OnnxHostNodesTest.INT32;
import static io.windhover.models.onnx.OnnxHostNodesTest.INT64;
import static io.windhover.models.onnx.OnnxHostNodesTest.STEP;
import static io.windhover.models.onnx.OnnxHostNodesTest.assertRefused;
import static io.windhover.models.onnx.OnnxHostNodesTest.cast;
import static io.windhover.models.onnx.OnnxHostNodesTest.channelsLast;
import static io.windhover.models.onnx.OnnxHostNodesTest.coded;
import static io.windhover.models.onnx.OnnxHostNodesTest.run;
import static io.windhover.models.onnx.OnnxHostNodesTest.values;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that compare, combine truth values, choose by them and cast are exactly what ONNX defines. */
class OnnxTruthNodesTest {
    @ParameterizedTest
    @CsvSource({"false,false", "true,false", "true,true"})
    void peaks_of_a_heat_map_keep_their_values(boolean quantised, boolean rounded) {
        OnnxNetwork network = new OnnxNetwork().input("x", 1, 2, 4, 5);
        String x = quantised ? coded(network, "x", STEP) : "x";
        String highest =
                network.node("MaxPool", List.of(x), "kernel_shape", new long[] {3, 3}, "pads", new long[] {1, 1, 1, 1});
        String mask = cast(network, network.node("Equal", List.of(highest, x)), FLOAT);
        String peaks = network.node("Mul", List.of(mask, x));
        network.output(rounded ? coded(network, peaks, STEP) : peaks);
        int[] shape = {1, 2, 4, 5};
        double[] input = values(new Random(1), 40);
        double[] expected = new double[40];
        for (int i = 0; i < 40; i++) {
            double most = Double.NEGATIVE_INFINITY;
            for (int j = i / 20 * 20; j < i / 20 * 20 + 20; j++) {
                boolean near = Math.abs(i % 20 / 5 - j % 20 / 5) <= 1 && Math.abs(i % 5 - j % 5) <= 1;
                most = near ? Math.max(most, input[j]) : most;
            }
            expected[i] = (input[i] == most ? 1 : 0) * input[i] + 0.0;
        }
        double[] made = run(network, channelsLast(shape, input)).get(0);
        Arrays.setAll(made, i -> made[i] + 0.0);
        assertArrayEquals(channelsLast(shape, expected), made);
    }

    private static boolean holds(String operator, double a, double b) {
        return switch (operator) {
            case "Equal" -> a == b;
            case "Greater" -> a > b;
            case "GreaterOrEqual" -> a >= b;
            case "Less" -> a < b;
            case "LessOrEqual" -> a <= b;
            case "And" -> a != 0 && b != 0;
            case "Or" -> a != 0 || b != 0;
            default -> (a != 0) != (b != 0);
        };
    }

    /** [1, 3, 4, 1] meets [1, 4, 5] or [4, 5]; either may be constant. */
    @ParameterizedTest
    @CsvSource({
        "Equal,1 6 7 9",
        "Greater,1 6 7",
        "GreaterOrEqual,1 6 7",
        "Less,1 6 7",
        "LessOrEqual,1 6 7",
        "And,9",
        "Or,9",
        "Xor,9"
    })
    void two_values_meet_element_by_element_however_they_are_repeated(String operator, String types) {
        for (String type : types.split(" ", -1)) {
            for (int constant = 0; constant < 3; constant++) {
                compare(operator, Integer.parseInt(type), constant);
            }
        }
    }

    private static void compare(String operator, int type, int constant) {
        OnnxNetwork network = new OnnxNetwork();
        network.outputType = BOOL;
        double[] a = values(new Random(2), 12);
        double[] b = values(new Random(3), 20);
        double factor = type == FLOAT ? 1 : 1 / STEP;
        Arrays.setAll(a, i -> type == BOOL ? (a[i] > 0 ? 1 : 0) : a[i] * factor);
        Arrays.setAll(b, i -> type == BOOL ? (b[i] > 0 ? 1 : 0) : b[i] * factor);
        String first = operand(network, "a", type, constant == 1, new int[] {1, 3, 4, 1}, a);
        String second =
                operand(network, "b", type, constant == 2, constant == 2 ? new int[] {4, 5} : new int[] {1, 4, 5}, b);
        network.output(network.node(operator, List.of(first, second)));
        double[] expected = new double[60];
        Arrays.setAll(expected, i -> holds(operator, a[i / 5], b[i % 20]) ? 1 : 0);
        List<double[]> fed = new ArrayList<>();
        if (constant != 1) {
            fed.add(channelsLast(new int[] {1, 3, 4, 1}, a));
        }
        if (constant != 2) {
            fed.add(b);
        }
        assertArrayEquals(
                channelsLast(new int[] {1, 3, 4, 5}, expected),
                run(network, fed.toArray(new double[0][])).get(0),
                operator + " of type " + type + ", constant " + constant);
    }

    private static String operand(
            OnnxNetwork network, String name, int type, boolean constant, int[] shape, double... values) {
        if (constant) {
            return network.constant(new OnnxNetwork.Tensor(type, shape, values));
        }
        network.input(name, Arrays.stream(shape).boxed().toArray());
        return type == FLOAT ? name : cast(network, name, type);
    }

    @ParameterizedTest
    @ValueSource(ints = {FLOAT, INT32, INT64, BOOL})
    void elements_are_chosen_by_truth_values(int type) {
        for (int constant = 0; constant < 4; constant++) {
            OnnxNetwork network = new OnnxNetwork();
            double[] condition = {1, 0, 1, 1};
            double[] yes = {1, 0};
            double[] no = {0, 0, 1, 1, 0, 1};
            String by = operand(network, "condition", BOOL, constant == 1, new int[] {1, 2, 2, 1}, condition);
            String first = operand(network, "yes", type, constant == 2, new int[] {1, 2, 1}, yes);
            String second = operand(network, "no", type, constant == 3, new int[] {1, 2, 1, 3}, no);
            String chosen = network.node("Where", List.of(by, first, second));
            network.output(type == FLOAT ? chosen : cast(network, chosen, FLOAT));
            List<double[]> fed = new ArrayList<>(List.of(
                    channelsLast(new int[] {1, 2, 2, 1}, condition), yes, channelsLast(new int[] {1, 2, 1, 3}, no)));
            if (constant > 0) {
                fed.remove(constant - 1);
            }
            double[] expected = new double[12];
            Arrays.setAll(expected, i -> condition[i / 3] != 0 ? yes[i / 3 % 2] : no[i / 6 * 3 + i % 3]);
            assertArrayEquals(
                    channelsLast(new int[] {1, 2, 2, 3}, expected),
                    run(network, fed.toArray(new double[0][])).get(0),
                    "constant " + constant);
        }
    }

    @Test
    void truth_values_are_turned_round() {
        OnnxNetwork network = new OnnxNetwork().input("x", 1, 3);
        network.output(network.node("Not", List.of(cast(network, "x", BOOL))));
        assertArrayEquals(
                new double[] {0, 1, 0}, run(network, new double[] {0.25, 0, -3}).get(0));
    }

    /** Real numbers lose their fraction; what is not 0 is true. */
    @ParameterizedTest
    @CsvSource({"6,false", "7,false", "9,false", "6,true", "7,true", "9,true"})
    void numbers_become_those_of_other_types(int type, boolean quantised) {
        OnnxNetwork network = new OnnxNetwork().input("x", 1, 5);
        network.outputType = type;
        String x = quantised ? coded(network, "x", 0.25) : "x";
        network.output(cast(network, x, type));
        double[] expected = type == BOOL ? new double[] {1, 1, 0, 1, 1} : new double[] {-2, 0, 0, 0, 3};
        assertArrayEquals(
                expected,
                run(network, new double[] {-2.75, -0.75, 0, 0.5, 3.25}).get(0));
        network.outputType = FLOAT;
        network.outputs.set(0, cast(network, network.outputs.get(0), FLOAT));
        assertArrayEquals(
                expected,
                run(network, new double[] {-2.75, -0.75, 0, 0.5, 3.25}).get(0));
    }

    @Test
    void values_of_types_that_do_not_meet_are_refused() {
        OnnxNetwork network = new OnnxNetwork().input("x", 1, 4);
        network.output(network.node("Equal", List.of("x", network.ints(1))));
        assertRefused(network, "Equal", "holds INT64 instead of FLOAT.");
        network = new OnnxNetwork().input("x", 1, 4);
        network.output(network.node("And", List.of("x", "x")));
        assertRefused(network, "And", "'x' holds FLOAT instead of BOOL.");
        network = new OnnxNetwork().input("x", 1, 4);
        network.output(network.node("Where", List.of(cast(network, "x", INT32), "x", "x")));
        assertRefused(network, "Where", "holds INT32 instead of BOOL.");
        network = new OnnxNetwork().input("x", 1, 4);
        network.output(network.node("Less", List.of(cast(network, "x", BOOL), cast(network, "x", BOOL))));
        assertRefused(network, "Less", "it puts truth values in order.");
        network = new OnnxNetwork().input("x", 1, 4);
        network.output(network.node("Less", List.of("x", network.constant(new int[] {1, 3}, 1, 2, 3))));
        assertRefused(network, "Less", "do not broadcast.");
        network = new OnnxNetwork().input("x", 1, 4);
        network.output(network.node("Less", List.of("x")));
        assertRefused(network, "Less", "its input 1 is missing.");
        network = new OnnxNetwork().input("x", 1, 4);
        network.output(network.node("Relu", List.of(network.node("Not", List.of(cast(network, "x", BOOL))))));
        assertRefused(network, "Relu", "it reads the truth values");
        network = new OnnxNetwork().input("x", 1, 4);
        network.inputType = 2;
        network.output(network.node("Equal", List.of("x", "x")));
        assertRefused(network, "Equal", "'x' holds 8-bit codes; a DequantizeLinear must stand before it.");
        network = new OnnxNetwork().input("x", 1, 4);
        network.output(cast(network, "x", 3));
        assertRefused(network, "Cast", "it turns numbers into INT8.");
    }
}
