// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.HostOperator;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** PRelu with slopes of any shape that broadcasts is what ONNX defines, over real numbers and over codes. */
class OnnxRectifiersTest {
    private static final int[] SHAPE = {1, 3, 4, 5};
    private static final int[][] SLOPES = {
        {}, {1}, {3, 1, 1}, {1, 3, 1, 1}, {5}, {1, 4, 1}, {4, 5}, {3, 1, 5}, {3, 4, 1}, {1, 3, 4, 5}
    };

    private static double[] random(Random random, int[] shape, double low, double high) {
        double[] values = new double[NchwValues.count(shape)];
        Arrays.setAll(values, i -> (float) (low + (high - low) * random.nextDouble()));
        return values;
    }

    private static String rounded(OnnxNetwork network, String x, double scale, int zeroPoint) {
        String step = network.constant(new int[0], scale);
        String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[] {zeroPoint}));
        return network.node(
                "DequantizeLinear", List.of(network.node("QuantizeLinear", List.of(x, step, zero)), step, zero));
    }

    /** Of the definition and of the import, channels last. */
    private static double[][] run(OnnxNetwork network, double[] values) {
        NchwValues.Array input = new NchwValues.Array(SHAPE, values);
        double[] expected = NchwMoves.transposed(NchwOracle.run(network, Map.of("input", input)), 0, 2, 3, 1)
                .values();
        ByteBuffer fed = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(NchwMoves.transposed(input, 0, 2, 3, 1).values()).forEach(value -> fed.putFloat((float) value));
        ByteBuffer made = ByteBuffer.wrap(
                        new ReferenceExecutor(read(network)).infer(fed.array()).get(0))
                .order(ByteOrder.LITTLE_ENDIAN);
        double[] actual = new double[expected.length];
        Arrays.setAll(actual, i -> made.getFloat(i * Float.BYTES));
        return new double[][] {expected, actual};
    }

    private static Graph read(OnnxNetwork network) {
        return OnnxImporter.read("rectifier", ByteBuffer.wrap(network.file()));
    }

    private static OnnxNetwork network() {
        return new OnnxNetwork().input("input", SHAPE[0], SHAPE[1], SHAPE[2], SHAPE[3]);
    }

    @Test
    void slopes_of_any_shape_are_of_real_numbers() {
        for (int[] shape : SLOPES) {
            for (boolean coded : new boolean[] {false, true}) {
                Random random = new Random(7);
                OnnxNetwork network = network();
                String slopes = network.constant(shape, random(random, shape, -1, 2));
                String x = coded ? rounded(network, "input", 1 / 32.0, 5) : "input";
                network.output(network.node("PRelu", List.of(x, slopes)));
                double[][] both = run(network, random(random, SHAPE, -2, 2));
                for (int i = 0; i < both[0].length; i++) {
                    assertEquals(both[0][i], both[1][i], 1e-5, Arrays.toString(shape) + ", coded " + coded);
                }
            }
        }
    }

    @Test
    void slopes_of_any_shape_are_rounded_once_between_codes() {
        double[][] ranges = {{0, 1}, {-1, 2}, {0.001, 40}};
        for (int[] shape : SLOPES) {
            for (double[] range : ranges) {
                for (long seed = 0; seed < 10; seed++) {
                    Random random = new Random(seed);
                    OnnxNetwork network = network();
                    String slopes = network.constant(shape, random(random, shape, range[0], range[1]));
                    String x = rounded(network, "input", 1 / 32.0, random.nextInt(41) - 20);
                    String y = network.node("PRelu", List.of(x, slopes));
                    double step = (float) (1 / (8 + 56 * random.nextDouble()));
                    network.output(rounded(network, y, step, random.nextInt(41) - 20));
                    assertRoundedOnce(network, random(random, SHAPE, -4, 4), step, Arrays.toString(shape) + seed);
                }
            }
        }
    }

    @Test
    void slopes_before_what_keeps_codes_are_rounded_once() {
        for (String after : List.of("Relu", "Clip", "MaxPool")) {
            for (long seed = 0; seed < 10; seed++) {
                Random random = new Random(seed);
                OnnxNetwork network = network();
                String slopes = network.constant(new int[] {3, 1, 1}, 8, 0.1, -0.03);
                String x = rounded(network, "input", 1 / 32.0, random.nextInt(41) - 20);
                String y = network.node("PRelu", List.of(x, slopes));
                String z = switch (after) {
                    case "Clip" ->
                        network.node(
                                after,
                                List.of(y, network.constant(new int[0], -0.4), network.constant(new int[0], 0.3)));
                    case "MaxPool" -> network.node(after, List.of(y), "kernel_shape", new long[] {2, 2});
                    default -> network.node(after, List.of(y));
                };
                network.output(rounded(network, z, 1 / 250.0, 0));
                assertRoundedOnce(network, random(random, SHAPE, -4, 4), 1 / 250.0, after + seed);
            }
        }
    }

    @Test
    void zero_may_be_the_lowest_code() {
        for (double[] range : new double[][] {{0, 1}, {-1, 2}}) {
            for (int from : new int[] {-128, 3}) {
                for (int to : new int[] {-128, 127, -4}) {
                    Random random = new Random(from + to);
                    OnnxNetwork network = network();
                    String slopes =
                            network.constant(new int[] {3, 1, 1}, random(random, new int[] {3}, range[0], range[1]));
                    String x = rounded(network, "input", 1 / 32.0, from);
                    network.output(rounded(network, network.node("PRelu", List.of(x, slopes)), 1 / 20.0, to));
                    assertRoundedOnce(network, random(random, SHAPE, -4, 4), 1 / 20.0, from + " to " + to);
                }
            }
        }
    }

    private static void assertRoundedOnce(OnnxNetwork network, double[] values, double step, String what) {
        double[][] both = run(network, values);
        int others = 0;
        for (int i = 0; i < both[0].length; i++) {
            double distance = Math.abs(both[0][i] - both[1][i]);
            assertTrue(distance <= step * 1.001, what + " is off by " + distance / step);
            others += distance > step / 2 ? 1 : 0;
        }
        assertTrue(others <= 1, what + " is off in " + others + " places");
    }

    @Test
    void slopes_for_each_channel_are_no_work_of_the_host() {
        OnnxNetwork network = network();
        String slopes = network.constant(new int[] {3, 1, 1}, 0.25, 3, -1);
        String y = network.node("PRelu", List.of(rounded(network, "input", 1 / 32.0, 5), slopes));
        network.output(rounded(network, y, 1 / 16.0, -7));
        assertTrue(read(network).operators().stream().noneMatch(HostOperator.class::isInstance));
    }
}
