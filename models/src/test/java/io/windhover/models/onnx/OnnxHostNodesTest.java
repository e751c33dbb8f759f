// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.TensorType;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that order elements and choose boxes are exactly what ONNX defines, over real numbers and over codes. */
class OnnxHostNodesTest {
    static final double STEP = 1.0 / 16;
    static final int FLOAT = 1;
    static final int UINT8 = 2;
    static final int INT32 = 6;
    static final int INT64 = 7;
    static final int BOOL = 9;

    private static Graph graph(OnnxNetwork network) {
        return OnnxImporter.read("host", ByteBuffer.wrap(network.file()));
    }

    /** Every output as it is stored. */
    static List<double[]> run(OnnxNetwork network, double[]... inputs) {
        Graph graph = graph(network);
        byte[][] fed = new byte[inputs.length][];
        for (int i = 0; i < fed.length; i++) {
            boolean codes = network.inputType == UINT8;
            ByteBuffer bytes = ByteBuffer.allocate(inputs[i].length * (codes ? 1 : Float.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (double value : inputs[i]) {
                bytes = codes ? bytes.put((byte) value) : bytes.putFloat((float) value);
            }
            fed[i] = bytes.array();
        }
        List<byte[]> made = new ReferenceExecutor(graph).infer(fed);
        List<double[]> results = new ArrayList<>();
        for (int i = 0; i < made.size(); i++) {
            results.add(numbers(graph.tensor(graph.outputs()[i]).type(), made.get(i)));
        }
        return results;
    }

    private static double[] numbers(TensorType type, byte[] contents) {
        ByteBuffer bytes = ByteBuffer.wrap(contents).order(ByteOrder.LITTLE_ENDIAN);
        double[] numbers = new double[contents.length / type.elementBytes()];
        Arrays.setAll(numbers, i -> switch (type) {
            case FLOAT32 -> bytes.getFloat(i * Float.BYTES);
            case INT32 -> bytes.getInt(i * Integer.BYTES);
            case INT64 -> bytes.getLong(i * Long.BYTES);
            default -> bytes.get(i);
        });
        return numbers;
    }

    static void assertRefused(OnnxNetwork network, String operator, String reason) {
        ModelException problem = assertThrows(ModelException.class, () -> graph(network));
        assertTrue(
                problem.getMessage().matches("Operator \\d+ \\(" + operator + " 'node of [^']*'\\) cannot be used: .*")
                        && problem.getMessage().contains(reason),
                problem.getMessage());
    }

    static String coded(OnnxNetwork network, String x, double scale) {
        String step = network.constant(new int[0], scale);
        String zeroPoint = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[] {3}));
        return network.node(
                "DequantizeLinear",
                List.of(network.node("QuantizeLinear", List.of(x, step, zeroPoint)), step, zeroPoint));
    }

    static double[] values(Random random, int count) {
        double[] values = new double[count];
        Arrays.setAll(values, i -> (random.nextInt(9) - 4) * STEP);
        return values;
    }

    static String cast(OnnxNetwork network, String x, int to) {
        return network.node("Cast", List.of(x), "to", to);
    }

    static double[] channelsLast(int[] shape, double[] values) {
        return NchwMoves.transposed(new NchwValues.Array(shape, values), 0, 2, 3, 1)
                .values();
    }

    private static OnnxNetwork topK(String x, OnnxNetwork network, String k, Object... attributes) {
        network.add("", "TopK", List.of(x, k), List.of("values", "indices"), attributes);
        return network;
    }

    /** Elements and positions by ONNX's definition; of equal elements the lower position first. */
    private static double[][] topK(int[] shape, double[] x, int axis, int k, boolean largest) {
        int inner = Arrays.stream(shape, axis + 1, shape.length).reduce(1, (a, b) -> a * b);
        int size = shape[axis];
        double[][] made = new double[2][x.length / size * k];
        for (int row = 0; row < x.length / size; row++) {
            int start = row / inner * size * inner + row % inner;
            List<Integer> order = IntStream.range(0, size)
                    .boxed()
                    .sorted(Comparator.<Integer>comparingDouble(i -> (largest ? -1 : 1) * x[start + i * inner])
                            .thenComparingInt(i -> i))
                    .toList();
            for (int i = 0; i < k; i++) {
                int at = row / inner * k * inner + row % inner + i * inner;
                made[0][at] = x[start + order.get(i) * inner];
                made[1][at] = order.get(i);
            }
        }
        return made;
    }

    @ParameterizedTest
    @CsvSource({"false,false", "true,false", "true,true"})
    void the_largest_and_smallest_elements_come_in_order_with_their_positions(boolean quantised, boolean rounded) {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            int[] shape = {1, 2 + random.nextInt(5), 1 + random.nextInt(4), 2 + random.nextInt(4)};
            int axis = 1 + random.nextInt(3);
            int k = random.nextBoolean() ? shape[axis] : 1 + random.nextInt(shape[axis]);
            boolean largest = random.nextBoolean();
            OnnxNetwork network = new OnnxNetwork().input("x", 1, shape[1], shape[2], shape[3]);
            String x = quantised ? coded(network, "x", STEP) : "x";
            Object named = random.nextBoolean() ? axis : axis - 4;
            topK(x, network, network.ints(k), "axis", named, "largest", largest ? 1 : 0, "sorted", seed % 2);
            network.output(rounded ? coded(network, "values", STEP) : "values").output("indices");
            double[] input = values(random, shape[1] * shape[2] * shape[3]);
            double[][] expected = topK(shape, input, axis, k, largest);
            List<double[]> made = run(network, channelsLast(shape, input));
            int[] result = shape.clone();
            result[axis] = k;
            for (int i = 0; i < 2; i++) {
                assertArrayEquals(channelsLast(result, expected[i]), made.get(i), "seed " + seed + ", output " + i);
            }
        }
    }

    @Test
    void the_last_dimension_and_the_largest_are_what_a_file_need_not_say() {
        for (int opset : new int[] {9, 10, 11, 24}) {
            OnnxNetwork network = new OnnxNetwork().input("x", 1, 2, 4);
            network.opset = opset;
            if (opset == 9) {
                network.add("", "TopK", List.of("x"), List.of("values", "indices"), "k", 3);
            } else {
                topK("x", network, network.ints(3));
            }
            List<double[]> made =
                    run(network.output("values").output("indices"), new double[] {1, -0.0, 0.0, 1, 5, 7, 6, 7});
            assertArrayEquals(new double[] {1, 1, -0.0, 7, 7, 6}, made.get(0));
            assertArrayEquals(new double[] {0, 3, 1, 1, 3, 2}, made.get(1));
        }
    }

    @Test
    void codes_are_ordered_as_they_are() {
        OnnxNetwork network = new OnnxNetwork().input("x", 1, 5);
        String step = network.constant(new int[0], STEP);
        String zeroPoint = network.constant(new OnnxNetwork.Tensor(UINT8, new int[0], new double[] {100}));
        String codes = network.node("QuantizeLinear", List.of("x", step, zeroPoint));
        topK(codes, network, network.ints(2), "largest", 0);
        network.output(network.node("DequantizeLinear", List.of("values", step, zeroPoint)))
                .output("indices");
        List<double[]> made = run(network, new double[] {1, -0.5, 2, -0.5, -1});
        assertArrayEquals(new double[] {-1, -0.5}, made.get(0));
        assertArrayEquals(new double[] {4, 1}, made.get(1));
    }

    @Test
    void codes_that_the_caller_feeds_have_the_scale_behind_their_order() {
        OnnxNetwork network = new OnnxNetwork().input("x", 1, 5);
        network.inputType = UINT8;
        topK("x", network, network.ints(2));
        String zeroPoint = network.constant(new OnnxNetwork.Tensor(UINT8, new int[0], new double[] {100}));
        String step = network.constant(new int[0], STEP);
        network.output(network.node("DequantizeLinear", List.of("values", step, zeroPoint)))
                .output("indices");
        List<double[]> made = run(network, new double[] {116, 92, 255, 92, 84});
        assertArrayEquals(new double[] {155 * STEP, 1}, made.get(0));
        assertArrayEquals(new double[] {2, 0}, made.get(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void either_result_may_be_left_out(boolean quantised) {
        for (List<String> outputs : List.of(List.of("values"), List.of("", "indices"), List.of("values", ""))) {
            OnnxNetwork network = new OnnxNetwork().input("x", 1, 4);
            String x = quantised ? coded(network, "x", 1) : "x";
            network.add("", "TopK", List.of(x, network.ints(2)), outputs);
            String last = outputs.get(0).isEmpty() ? outputs.get(1) : network.node("Relu", List.of("values"));
            double[] made =
                    run(network.output(last), new double[] {-1, 4, -3, 4}).get(0);
            assertArrayEquals(outputs.get(0).isEmpty() ? new double[] {1, 3} : new double[] {4, 4}, made);
        }
    }

    @Test
    void elements_that_are_quantised_twice_keep_their_positions() {
        OnnxNetwork network = new OnnxNetwork().input("x", 1, 4);
        topK(coded(network, "x", STEP), network, network.ints(2));
        network.output(coded(network, "values", STEP))
                .output(coded(network, "values", 0.5))
                .output("indices");
        List<double[]> made = run(network, new double[] {0.25, 1.75, -1, 1.125});
        assertArrayEquals(new double[] {1.75, 1.125}, made.get(0));
        assertArrayEquals(new double[] {2, 1}, made.get(1));
        assertArrayEquals(new double[] {1, 3}, made.get(2));
    }

    @Test
    void a_count_that_cannot_be_taken_is_refused() {
        for (long k : new long[] {0, -1, 5, Long.MIN_VALUE, Long.MAX_VALUE}) {
            OnnxNetwork network = new OnnxNetwork().input("x", 1, 4).output("values");
            assertRefused(
                    topK("x", network, network.ints(k)), "TopK", "its K is " + k + "; dimension 1 has 4 elements.");
        }
        OnnxNetwork computed = new OnnxNetwork().input("x", 1, 4).output("values");
        assertRefused(topK("x", computed, cast(computed, "x", INT64)), "TopK", "it reads the whole numbers");
        assertRefused(
                topK("x", new OnnxNetwork().input("x", 1, 4).output("values"), "x"), "TopK", "'x' must be a constant.");
        OnnxNetwork several = new OnnxNetwork().input("x", 1, 4).output("values");
        assertRefused(topK("x", several, several.ints(1, 2)), "TopK", "2 numbers stand where it needs one.");
        OnnxNetwork none = new OnnxNetwork().input("x", 1, 4).output("values");
        assertRefused(topK("x", none, none.ints()), "TopK", "0 numbers stand where it needs one.");
        OnnxNetwork real = new OnnxNetwork().input("x", 1, 4).output("values");
        assertRefused(topK("x", real, real.constant(new int[] {1}, 2)), "TopK", "stands where it needs integers.");
        OnnxNetwork missing = new OnnxNetwork().input("x", 1, 4).output("values");
        missing.add("", "TopK", List.of("x"), List.of("values", "indices"));
        assertRefused(missing, "TopK", "it needs its K once.");
        OnnxNetwork elsewhere = new OnnxNetwork().input("x", 1, 4).output("values");
        assertRefused(topK("x", elsewhere, elsewhere.ints(1), "axis", 2), "TopK", "axis 2 does not exist");
    }

    private static OnnxNetwork boxes(int count, int classes) {
        return new OnnxNetwork().input("boxes", 1, count, 4).input("scores", 1, classes, count);
    }

    private static OnnxNetwork suppress(OnnxNetwork network, List<String> inputs, Object... attributes) {
        List<String> all = new ArrayList<>(List.of("boxes", "scores"));
        all.addAll(inputs);
        return network.output(network.node("NonMaxSuppression", all, attributes));
    }

    private static final double[] BOXES = {
        0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, -0.1, 1, 0.9, 0, 10, 1, 11, 0, 10.1, 1, 11.1, 0, 100, 1, 101
    };
    private static final double[] SCORES = {0.9, 0.75, 0.6, 0.95, 0.5, 0.3};

    /** The examples of ONNX's definition; rows of -1 follow the last. */
    @Test
    void boxes_that_overlap_a_better_one_go() {
        double[] centres = {
            0.5, 0.5, 1, 1, 0.5, 0.6, 1, 1, 0.5, 0.4, 1, 1, 0.5, 10.5, 1, 1, 0.5, 10.6, 1, 1, 0.5, 100.5, 1, 1
        };
        double[] flipped = BOXES.clone();
        Arrays.setAll(flipped, i -> BOXES[i / 4 * 4 + (i + 2) % 4]);
        for (double[] given : List.of(BOXES, flipped, centres)) {
            OnnxNetwork network = boxes(6, 1);
            List<String> inputs =
                    List.of(network.ints(3), network.constant(new int[] {1}, 0.5), network.constant(new int[] {1}, 0));
            suppress(network, inputs, "center_point_box", given == centres ? 1 : 0);
            assertArrayEquals(
                    new double[] {0, 0, 3, 0, 0, 0, 0, 0, 5},
                    run(network, given, SCORES).get(0));
        }
    }

    @Test
    void each_class_has_rows_of_its_own_and_unused_rows_come_last() {
        OnnxNetwork network = boxes(6, 2);
        network.outputType = INT64;
        List<String> inputs = List.of(
                network.constant(new OnnxNetwork.Tensor(INT64, new int[0], new double[] {4})),
                network.constant(new int[0], 0.5),
                network.constant(new int[0], 0.5));
        double[] scores = Arrays.copyOf(SCORES, 12);
        scores[8] = 0.75;
        scores[6] = 0.75;
        scores[11] = 0.5;
        suppress(network, inputs);
        assertEquals(
                List.of(8, 3),
                graph(network).tensor(graph(network).outputs()[0]).shape().dimensions());
        double[] expected = new double[24];
        Arrays.fill(expected, -1);
        System.arraycopy(new double[] {0, 0, 3, 0, 0, 0, 0, 1, 0}, 0, expected, 0, 9);
        assertArrayEquals(expected, run(network, BOXES, scores).get(0));
    }

    /** Without a limit on the overlap boxes must not touch at all; without one on scores all are candidates. */
    @Test
    void thresholds_may_be_left_out() {
        OnnxNetwork network = boxes(3, 1);
        suppress(network, List.of(network.ints(Long.MAX_VALUE)));
        double[] boxes = {0, 0, 1, 1, 0, 1, 1, 2, 0, 1.9, 1, 3};
        assertArrayEquals(
                new double[] {0, 0, 2, 0, 0, 0, -1, -1, -1},
                run(network, boxes, new double[] {-9, -8, -7}).get(0));
    }

    @Test
    void codes_become_boxes() {
        OnnxNetwork network = new OnnxNetwork().input("raw", 1, 2, 4).input("likely", 1, 1, 2);
        List<String> all = List.of(coded(network, "raw", 1), coded(network, "likely", STEP), network.ints(1));
        network.output(network.node("NonMaxSuppression", all));
        assertArrayEquals(
                new double[] {0, 0, 1},
                run(network, new double[] {0, 0, 4, 4, 1, 0, 4, 4}, new double[] {0.5, 0.75})
                        .get(0));
    }

    @Test
    void a_choice_of_boxes_that_means_nothing_is_refused() {
        String operator = "NonMaxSuppression";
        assertRefused(suppress(boxes(3, 1), List.of()), operator, "its max_output_boxes_per_class is 0");
        OnnxNetwork network = boxes(3, 1);
        assertRefused(suppress(network, List.of(network.ints(-2))), operator, "its max_output_boxes_per_class is -2");
        network = boxes(3, 1);
        assertRefused(
                suppress(network, List.of(network.ints(1), network.constant(new int[0], 1.5))),
                operator,
                "its iou_threshold is 1.5, outside 0..1.");
        network = boxes(3, 1);
        assertRefused(
                suppress(network, List.of(network.ints(1), "", network.constant(new int[0], Double.NaN))),
                operator,
                "its score_threshold is no number.");
        network = boxes(3, 1);
        assertRefused(
                suppress(network, List.of(network.ints(1)), "center_point_box", 2), operator, "center_point_box is 2");
        network = boxes(3, 1);
        assertRefused(suppress(network, List.of("scores")), operator, "'scores' must be a constant.");
        network = new OnnxNetwork().input("boxes", 1, 3, 4).input("scores", 1, 1, 4);
        assertRefused(
                suppress(network, List.of(network.ints(1))),
                operator,
                "it has boxes of shape [1, 3, 4] and scores of shape [1, 1, 4].");
        network = new OnnxNetwork().input("boxes", 2, 3, 4).input("scores", 2, 1, 3);
        assertRefused(suppress(network, List.of(network.ints(1))), operator, "export with batch 1.");
        network = boxes(3, 1);
        suppress(network, List.of(network.ints(1)));
        network.output(cast(network, network.outputs.get(0), FLOAT));
        assertRefused(network, operator, "how many boxes it chooses is only known once it has run");
    }

    /** Each frame by itself, unless elements of several are put in one order. */
    @Test
    void a_batch_is_run_frame_by_frame() {
        OnnxNetwork network = new OnnxNetwork().input("x", 2, 3);
        topK("x", network, network.ints(2), "axis", 1);
        network.output("indices");
        network.output(network.node("Less", List.of("x", network.constant(new int[] {3}, 1, 2, 3))));
        assertEquals(2, graph(network).batch());
        List<double[]> made = run(network, new double[] {1, 1, 5});
        assertArrayEquals(new double[] {2, 0}, made.get(0));
        assertArrayEquals(new double[] {0, 1, 0}, made.get(1));
        OnnxNetwork mixing = new OnnxNetwork().input("x", 2, 3).output("values");
        assertRefused(topK("x", mixing, mixing.ints(2), "axis", 0), "TopK", "export with batch 1.");
    }
}
