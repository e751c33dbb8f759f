// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Nodes that choose elements, or fold them, are exactly what they are defined to be, over real numbers and over codes.
 */
class OnnxSelectionTest {
    private static final double STEP = 1.0 / 16;
    private static final int SEEDS = 60;
    private static final int UINT8 = 2;
    private static final long[] ONE = {1, 1};

    /** One node over a value of four dimensions; the name of its result. */
    private enum Kind {
        SLICE {
            @Override
            String node(OnnxNetwork network, Random random, int[] shape, String x) {
                long[] start = new long[3];
                long[] end = new long[3];
                long[] step = new long[3];
                for (int i = 0; i < 3; i++) {
                    int size = shape[i + 1];
                    step[i] = new long[] {-3, -2, -1, 1, 2}[random.nextInt(5)];
                    int first = random.nextInt(size);
                    boolean whole = random.nextInt(3) == 0;
                    start[i] = whole ? (step[i] < 0 ? size + 4 : 0) : random.nextBoolean() ? first : first - size;
                    end[i] = step[i] < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
                    if (!whole && random.nextBoolean()) {
                        end[i] = Math.max(0, Math.min(size, first + 2 * step[i]));
                        end[i] = step[i] < 0 && first < 2 ? Integer.MIN_VALUE : end[i];
                    }
                }
                return network.node(
                        "Slice",
                        List.of(x, network.ints(start), network.ints(end), network.ints(1, 2, 3), network.ints(step)));
            }
        },
        PAD {
            @Override
            String node(OnnxNetwork network, Random random, int[] shape, String x) {
                String mode = List.of("constant", "reflect", "edge", "wrap").get(random.nextInt(4));
                long[] amounts = new long[8];
                for (int i = 0; i < 8; i++) {
                    int size = shape[i % 4];
                    boolean fixed = i % 4 == 0 || (mode.equals("reflect") && random.nextInt(3) > 0);
                    amounts[i] = fixed ? 0 : random.nextInt(mode.equals("constant") ? 4 : size) - 1;
                    amounts[i] = i >= 4 && amounts[i] + amounts[i - 4] + size < 1 ? 0 : amounts[i];
                }
                String number = network.constant(new int[0], network.inputType == UINT8 ? 7 : -5 * STEP);
                return network.node(
                        "Pad",
                        mode.equals("constant")
                                ? List.of(x, network.ints(amounts), number)
                                : List.of(x, network.ints(amounts)),
                        "mode",
                        mode);
            }
        },
        GATHER {
            @Override
            String node(OnnxNetwork network, Random random, int[] shape, String x) {
                int axis = 1 + random.nextInt(3);
                int size = shape[axis];
                boolean single = random.nextInt(3) == 0;
                double[] positions = new double[single ? 1 : 1 + random.nextInt(6)];
                Arrays.setAll(positions, i -> random.nextInt(2 * size) - size);
                long[] result = IntStream.range(0, 4)
                        .filter(d -> !single || d != axis)
                        .mapToLong(d -> d == axis ? positions.length : shape[d])
                        .toArray();
                int[] dimensions = single ? new int[0] : new int[] {positions.length};
                return network.node(
                        "Gather",
                        List.of(x, network.constant(new OnnxNetwork.Tensor(7, dimensions, positions))),
                        "axis",
                        axis,
                        OnnxNetwork.SHAPE,
                        result);
            }
        },
        RESIZE {
            @Override
            String node(OnnxNetwork network, Random random, int[] shape, String x) {
                List<String> places = List.of("asymmetric", "align_corners", "pytorch_half_pixel", "half_pixel");
                List<String> rounding = List.of("floor", "ceil", "round_prefer_ceil", "round_prefer_floor");
                return network.node(
                        "Resize",
                        List.of(x, "", "", network.ints(1, shape[1], 1 + random.nextInt(11), 1 + random.nextInt(11))),
                        "mode",
                        "nearest",
                        "coordinate_transformation_mode",
                        places.get(random.nextInt(4)),
                        "nearest_mode",
                        rounding.get(random.nextInt(4)));
            }
        },
        FOLD {
            @Override
            String node(OnnxNetwork network, Random random, int[] shape, String x) {
                int chosen = 1 + random.nextInt(7);
                long[] axes = IntStream.range(1, 4)
                        .filter(d -> (chosen >> (d - 1) & 1) == 1)
                        .asLongStream()
                        .toArray();
                boolean keeps = random.nextBoolean();
                long[] result = IntStream.range(0, 4)
                        .filter(d -> keeps || d == 0 || (chosen >> (d - 1) & 1) == 0)
                        .mapToLong(d -> d > 0 && (chosen >> (d - 1) & 1) == 1 ? 1 : shape[d])
                        .toArray();
                String operator = List.of("ReduceMax", "ReduceMin", "ReduceSum")
                        .get(random.nextInt(network.inputType == UINT8 ? 2 : 3));
                List<Object> attributes =
                        new ArrayList<>(List.of("keepdims", keeps ? 1 : 0, OnnxNetwork.SHAPE, result));
                List<String> inputs = new ArrayList<>(List.of(x));
                if (operator.equals("ReduceSum")) {
                    inputs.add(network.ints(axes));
                } else {
                    attributes.addAll(List.of("axes", axes));
                }
                return network.node(operator, inputs, attributes.toArray());
            }
        },
        CLIP {
            @Override
            String node(OnnxNetwork network, Random random, int[] shape, String x) {
                boolean codes = network.inputType == UINT8;
                double[] low = {codes ? 40 : -10 * STEP};
                double[] high = {codes ? 200 : 12 * STEP};
                return network.node(
                        "Clip",
                        List.of(
                                x,
                                network.constant(new OnnxNetwork.Tensor(network.inputType, new int[0], low)),
                                network.constant(new OnnxNetwork.Tensor(network.inputType, new int[0], high))));
            }
        },
        JOIN {
            @Override
            String node(OnnxNetwork network, Random random, int[] shape, String x) {
                String reversed = network.node(
                        "Slice",
                        List.of(
                                x,
                                network.ints(-1),
                                network.ints(Integer.MIN_VALUE),
                                network.ints(2),
                                network.ints(-1)));
                return network.node("Concat", List.of(reversed, x), "axis", 1 + random.nextInt(3));
            }
        },
        LIMITED_FIRST {
            @Override
            String node(OnnxNetwork network, Random random, int[] shape, String x) {
                return network.node("Concat", List.of(CLIP.node(network, random, shape, x), x), "axis", 1);
            }
        },
        POSITION {
            @Override
            String node(OnnxNetwork network, Random random, int[] shape, String x) {
                int axis = 1 + random.nextInt(3);
                boolean keeps = random.nextBoolean();
                long[] result = IntStream.range(0, 4)
                        .filter(d -> keeps || d != axis)
                        .mapToLong(d -> d == axis ? 1 : shape[d])
                        .toArray();
                return network.node(
                        random.nextBoolean() ? "ArgMax" : "ArgMin",
                        List.of(x),
                        "axis",
                        axis,
                        "keepdims",
                        keeps ? 1 : 0,
                        "select_last_index",
                        random.nextInt(2),
                        OnnxNetwork.SHAPE,
                        result);
            }
        };

        abstract String node(OnnxNetwork network, Random random, int[] shape, String x);
    }

    private static String coded(OnnxNetwork network, String x) {
        String scale = network.constant(new int[0], STEP);
        String zeroPoint = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[] {3}));
        String codes = network.node("QuantizeLinear", List.of(x, scale, zeroPoint));
        return network.node("DequantizeLinear", List.of(codes, scale, zeroPoint));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void every_node_is_what_it_is_defined_to_be(Kind kind) {
        for (long seed = 0; seed < SEEDS; seed++) {
            for (boolean quantised : new boolean[] {false, true}) {
                Random random = new Random(seed * 2 + (quantised ? 1 : 0));
                int[] shape = {1, 2 + random.nextInt(4), 3 + random.nextInt(5), 3 + random.nextInt(5)};
                OnnxNetwork network = new OnnxNetwork().input("input", 1, shape[1], shape[2], shape[3]);
                network.opset = 19;
                if (kind == Kind.FOLD) {
                    network.opset = 13;
                }
                String x = quantised ? coded(network, "input") : network.node("Relu", List.of("input"));
                String y = kind.node(network, random, shape, x);
                network.output(quantised && kind != Kind.POSITION ? coded(network, y) : y);
                compare(kind + ", seed " + seed + ", quantised " + quantised, network, random, shape);
            }
        }
    }

    /** Their scale stands only behind the node. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void every_node_takes_the_codes_that_the_caller_feeds(Kind kind) {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            int[] shape = {1, 2 + random.nextInt(4), 3 + random.nextInt(5), 3 + random.nextInt(5)};
            OnnxNetwork network = new OnnxNetwork().input("input", 1, shape[1], shape[2], shape[3]);
            network.inputType = UINT8;
            network.opset = kind == Kind.FOLD ? 13 : 19;
            String x = random.nextBoolean() ? "input" : network.node("MaxPool", List.of("input"), "kernel_shape", ONE);
            String y = kind.node(network, random, shape, x);
            if (kind == Kind.POSITION) {
                network.output(y);
            } else if (random.nextBoolean()) {
                network.output(network.node("Cast", List.of(y), "to", 1));
            } else {
                String zeroPoint = network.constant(new OnnxNetwork.Tensor(UINT8, new int[0], new double[] {113}));
                network.output(
                        network.node("DequantizeLinear", List.of(y, network.constant(new int[0], STEP), zeroPoint)));
            }
            compare(kind + ", seed " + seed, network, random, shape);
        }
    }

    @Test
    void joined_codes_of_two_scales_are_refused() {
        OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 6);
        String first = network.node("QuantizeLinear", List.of("input", network.constant(new int[0], STEP)));
        String second = network.node("QuantizeLinear", List.of("input", network.constant(new int[0], 1)));
        String joined = network.node("Concat", List.of(first, second), "axis", 1);
        network.output(network.node("DequantizeLinear", List.of(joined, network.constant(new int[0], STEP))));
        ModelException problem =
                assertThrows(ModelException.class, () -> OnnxImporter.read("two", ByteBuffer.wrap(network.file())));
        assertTrue(problem.getMessage().contains("it joins codes of scale 0.0625"), problem.getMessage());
    }

    @Test
    void codes_that_stand_for_two_kinds_of_numbers_are_refused() {
        OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 6);
        network.inputType = UINT8;
        String reshaped = network.node("Reshape", List.of("input", network.ints(1, 3, 6, 4)));
        network.output(network.node("DequantizeLinear", List.of(reshaped, network.constant(new int[0], STEP))));
        network.output(network.node("DequantizeLinear", List.of("input", network.constant(new int[0], 1))));
        ModelException problem =
                assertThrows(ModelException.class, () -> OnnxImporter.read("two", ByteBuffer.wrap(network.file())));
        assertEquals("Input 'input' is read with two different scales or zero points.", problem.getMessage());
    }

    private static void compare(String what, OnnxNetwork network, Random random, int... shape) {
        double[] values = new double[shape[1] * shape[2] * shape[3]];
        boolean codes = network.inputType == UINT8;
        Arrays.setAll(values, i -> codes ? random.nextInt(256) : (random.nextInt(60) - 30) * STEP);
        NchwValues.Array input = new NchwValues.Array(shape, values);
        NchwValues.Array expected = NchwOracle.run(network, Map.of("input", input));
        double[] wanted = expected.shape().length == 4
                ? NchwMoves.transposed(expected, 0, 2, 3, 1).values()
                : expected.values();
        Graph graph;
        try {
            graph = OnnxImporter.read("selection", ByteBuffer.wrap(network.file()));
        } catch (RuntimeException problem) {
            throw new AssertionError(what, problem);
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * (codes ? 1 : Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : NchwMoves.transposed(input, 0, 2, 3, 1).values()) {
            if (codes) {
                bytes.put((byte) value);
            } else {
                bytes.putFloat((float) value);
            }
        }
        ByteBuffer made = ByteBuffer.wrap(
                        new ReferenceExecutor(graph).infer(bytes.array()).get(0))
                .order(ByteOrder.LITTLE_ENDIAN);
        boolean whole = graph.tensor(graph.outputs()[0]).type() == TensorType.INT64;
        assertEquals(wanted.length * (whole ? Long.BYTES : Float.BYTES), made.capacity(), what);
        for (int i = 0; i < wanted.length; i++) {
            double actual = whole ? made.getLong(i * Long.BYTES) : made.getFloat(i * Float.BYTES);
            assertEquals(wanted[i], actual, what + ", element " + i);
        }
    }

    @Test
    void whole_numbers_reach_only_who_can_read_them() {
        for (String reader : new String[] {"Cast", "Relu"}) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 4);
            String positions = network.node("ArgMax", List.of(coded(network, "input")), "axis", 1);
            if (reader.equals("Cast")) {
                network.output(network.node("Cast", List.of(positions), "to", 6));
                Graph graph = OnnxImporter.read("positions", ByteBuffer.wrap(network.file()));
                assertEquals(TensorType.INT32, graph.tensor(graph.outputs()[0]).type());
            } else {
                network.output(network.node(reader, List.of(positions)));
                ModelException problem = assertThrows(
                        ModelException.class, () -> OnnxImporter.read("positions", ByteBuffer.wrap(network.file())));
                assertTrue(problem.getMessage().contains("it reads the whole numbers"), problem.getMessage());
            }
        }
    }
}
