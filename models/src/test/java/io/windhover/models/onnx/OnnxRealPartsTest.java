// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Networks that quantise some values and leave others real, in any order, are within their roundings of the file. */
class OnnxRealPartsTest {
    private static final int SEEDS = 3_000;
    private static final int CHANNELS = 3;
    private static final int SIDE = 6;
    private static final int UINT8 = 2;
    private static final int INT8 = 3;
    private static final int[] SHAPE = {1, CHANNELS, SIDE, SIDE};

    /**
     * A value in the making.
     *
     * @param bound of its elements' magnitude
     * @param tolerance how far roundings to codes may take them from the definition
     * @param coded whether a quantiser has rounded it
     */
    private record Value(String name, double bound, double tolerance, boolean coded) {}

    private static final class Draw {
        final OnnxNetwork network = new OnnxNetwork().input("input", 1, CHANNELS, SIDE, SIDE);
        final Random random;
        final List<Value> values = new ArrayList<>();

        Draw(long seed) {
            random = new Random(seed);
            values.add(new Value("input", 1, 0, false));
            values.add(represented(values.get(0)));
            int count = 4 + random.nextInt(8);
            for (int i = 0; i < count; i++) {
                values.add(next());
            }
            network.output(values.get(values.size() - 1).name());
        }

        private Value any() {
            int last = values.size();
            return values.get(last - 1 - (random.nextBoolean() ? 0 : random.nextInt(Math.min(4, last))));
        }

        private String number(double value) {
            return network.constant(new int[0], value);
        }

        private String code(int type, int code) {
            return network.constant(new OnnxNetwork.Tensor(type, new int[0], new double[] {code}));
        }

        private Value represented(Value value) {
            double scale = List.of(1 / 16.0, 1 / 32.0, 1 / 256.0).get(random.nextInt(3));
            if (random.nextInt(3) == 0) {
                int bits = 5 + random.nextInt(4);
                String name = network.node(
                        "qonnx.custom_op.general",
                        "Quant",
                        List.of(value.name(), number(scale), number(0), number(bits)),
                        "signed",
                        1,
                        "narrow",
                        random.nextInt(2));
                return new Value(
                        name,
                        Math.min(value.bound() + scale / 2, (1 << (bits - 1)) * scale),
                        value.tolerance() + scale,
                        true);
            }
            int type = random.nextInt(3) == 0 ? UINT8 : INT8;
            int zeroPoint = random.nextInt(41) - 20 + (type == UINT8 ? 128 : 0);
            String zero = code(type, zeroPoint);
            String codes = network.node("QuantizeLinear", List.of(value.name(), number(scale), zero));
            if (random.nextInt(3) == 0) {
                codes = network.node(
                        "Clip",
                        List.of(
                                codes,
                                code(type, zeroPoint - 8 - random.nextInt(90)),
                                code(type, zeroPoint + random.nextInt(80))));
            }
            String name = network.node("DequantizeLinear", List.of(codes, number(scale), zero));
            return new Value(name, Math.min(value.bound() + scale / 2, 150 * scale), value.tolerance() + scale, true);
        }

        private Value next() {
            Value value = any();
            return switch (random.nextInt(20)) {
                case 0 -> value.coded() ? convolution(value) : represented(value);
                case 1 ->
                    value.coded()
                            ? convolution(with(value, network.node("Relu", List.of(value.name()))))
                            : represented(value);
                case 2, 3 -> represented(value);
                case 4, 5 -> shifted(value);
                case 6 -> {
                    Value other = any();
                    yield new Value(
                            network.node("Add", List.of(value.name(), other.name())),
                            value.bound() + other.bound(),
                            value.tolerance() + other.tolerance(),
                            false);
                }
                case 7 -> {
                    Value other = any();
                    yield new Value(
                            network.node("Mul", List.of(value.name(), other.name())),
                            value.bound() * other.bound(),
                            value.tolerance() * other.bound() + other.tolerance() * (value.bound() + value.tolerance()),
                            false);
                }
                case 12, 13 -> joined(value, any());
                case 14 -> shares(value);
                case 15 -> weighted(value);
                case 16 -> extremes(value);
                case 17, 18 -> crossed(value, any());
                case 8 -> moved(value);
                case 9 -> bordered(value);
                case 10 ->
                    with(
                            value,
                            network.node(
                                    "MaxPool",
                                    List.of(value.name()),
                                    "kernel_shape",
                                    new long[] {3, 3},
                                    "pads",
                                    new long[] {1, 1, 1, 1}));
                default -> with(value, network.node(random.nextBoolean() ? "Relu" : "Tanh", List.of(value.name())));
            };
        }

        private static Value with(Value value, String name) {
            return new Value(name, value.bound(), value.tolerance(), false);
        }

        private Value convolution(Value value) {
            double[] codes = new double[CHANNELS * CHANNELS];
            Arrays.setAll(codes, i -> random.nextInt(255) - 127);
            String weights = network.constant(new OnnxNetwork.Tensor(3, new int[] {CHANNELS, CHANNELS, 1, 1}, codes));
            String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[1]));
            String real = network.node("DequantizeLinear", List.of(weights, number(1 / (127.0 * CHANNELS)), zero));
            return with(value, network.node("Conv", List.of(value.name(), real)));
        }

        /** A softmax, whose result moves by at most half as much as what it reads; one of codes has 1/256 to a step. */
        private Value shares(Value value) {
            String shares = network.node("Softmax", List.of(value.name()), "axis", 1);
            return new Value(shares, 1, value.tolerance() + 1 / 128.0, false);
        }

        /** A layer of real weights, which get codes of their own where it reads and makes codes. */
        private Value weighted(Value value) {
            double[] weights = new double[CHANNELS * CHANNELS];
            Arrays.setAll(weights, i -> (float) ((random.nextDouble() * 2 - 1) / CHANNELS));
            String constant = network.constant(new int[] {CHANNELS, CHANNELS, 1, 1}, weights);
            return new Value(
                    network.node("Conv", List.of(value.name(), constant)),
                    value.bound(),
                    value.tolerance() + value.bound() / 127,
                    false);
        }

        /** The largest and the smallest of each pixel, in as many channels as before. */
        private Value extremes(Value value) {
            String most = network.node("ReduceMax", List.of(value.name()), "axes", new long[] {1}, "keepdims", 1);
            String least = network.node("ReduceMin", List.of(value.name()), "axes", new long[] {1}, "keepdims", 1);
            return with(value, network.node("Concat", List.of(most, least, most), "axis", 1));
        }

        /** The sum of what its rows and its columns have most of, or of one of these and the other value. */
        private Value crossed(Value value, Value other) {
            int axis = 2 + random.nextInt(2);
            String rows = network.node("ReduceMax", List.of(value.name()), "axes", new long[] {axis}, "keepdims", 1);
            String columns = random.nextBoolean()
                    ? other.name()
                    : network.node("ReduceMin", List.of(other.name()), "axes", new long[] {5 - axis}, "keepdims", 1);
            return new Value(
                    network.node("Add", random.nextBoolean() ? List.of(rows, columns) : List.of(columns, rows)),
                    value.bound() + other.bound(),
                    value.tolerance() + other.tolerance(),
                    false);
        }

        /** Plus or times numbers that vary over some of the dimensions, or these as slopes. */
        private Value shifted(Value value) {
            int[] shape = SHAPE.clone();
            for (int d = 1; d < shape.length; d++) {
                shape[d] = random.nextBoolean() ? shape[d] : 1;
            }
            double[] numbers = new double[NchwValues.count(shape)];
            Arrays.setAll(numbers, i -> (float) (random.nextDouble() * 2 - 1));
            String constant = network.constant(shape, numbers);
            if (random.nextInt(3) == 0) {
                return with(value, network.node("PRelu", List.of(value.name(), constant)));
            }
            return random.nextBoolean()
                    ? with(value, network.node("Mul", List.of(value.name(), constant)))
                    : new Value(
                            network.node("Add", List.of(value.name(), constant)),
                            value.bound() + 1,
                            value.tolerance(),
                            false);
        }

        /** Rows of both. */
        private Value joined(Value value, Value other) {
            String both = network.node("Concat", List.of(value.name(), other.name()), "axis", 2);
            String cut = network.node(
                    "Slice", List.of(both, network.ints(3), network.ints(3 + SIDE), network.ints(2), network.ints(1)));
            return new Value(
                    cut, Math.max(value.bound(), other.bound()), Math.max(value.tolerance(), other.tolerance()), false);
        }

        private Value moved(Value value) {
            return with(value, network.node("Transpose", List.of(value.name()), "perm", new long[] {0, 1, 3, 2}));
        }

        private Value bordered(Value value) {
            double border = random.nextBoolean() ? 0 : (float) (random.nextDouble() * 2 - 1);
            String wider =
                    network.node("Pad", List.of(value.name(), network.ints(0, 0, 1, 0, 0, 0, 0, 1), number(border)));
            String cut = network.node(
                    "Slice",
                    List.of(
                            wider,
                            network.ints(0, 1),
                            network.ints(SIDE, SIDE + 1),
                            network.ints(2, 3),
                            network.ints(1, 1)));
            return new Value(cut, Math.max(1, value.bound()), value.tolerance(), false);
        }
    }

    @Test
    void every_mixture_is_what_its_file_defines() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed);
            Graph graph;
            try {
                graph = OnnxImporter.read("mixture", ByteBuffer.wrap(draw.network.file()));
            } catch (ModelException refused) {
                String why = refused.getMessage();
                assertTrue(why.contains("is the input 'input' as it is"), "seed " + seed + ": " + why);
                continue;
            }
            assertEqual("seed " + seed, draw, graph);
        }
    }

    private static void assertEqual(String what, Draw draw, Graph graph) {
        double[] values = new double[NchwValues.count(SHAPE)];
        Arrays.setAll(values, i -> (float) (draw.random.nextDouble() * 2 - 1));
        NchwValues.Array input = new NchwValues.Array(SHAPE, values);
        double[] expected = NchwMoves.transposed(NchwOracle.run(draw.network, Map.of("input", input)), 0, 2, 3, 1)
                .values();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(NchwMoves.transposed(input, 0, 2, 3, 1).values()).forEach(value -> bytes.putFloat((float) value));
        ByteBuffer actual = ByteBuffer.wrap(
                        new ReferenceExecutor(graph).infer(bytes.array()).get(0))
                .order(ByteOrder.LITTLE_ENDIAN);
        double tolerance = draw.values.get(draw.values.size() - 1).tolerance() * 1.001 + 1e-4;
        for (int i = 0; i < expected.length; i++) {
            double distance = Math.abs(actual.getFloat(i * Float.BYTES) - expected[i]);
            assertTrue(distance <= tolerance, what + ": off by " + distance + ", allowed " + tolerance);
        }
    }
}
