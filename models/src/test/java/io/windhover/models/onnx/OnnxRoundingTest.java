// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.windhover.models.graph.Graph;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * QuantizeLinear is saturate(round(x / scale) + zero point) in single precision, ties to even, wherever it ends up in
 * the graph.
 */
class OnnxRoundingTest {
    private static final int COUNT = 512;

    private static String code(OnnxNetwork network, boolean unsigned, int zeroPoint) {
        return network.constant(new OnnxNetwork.Tensor(unsigned ? 2 : 3, new int[0], new double[] {zeroPoint}));
    }

    private static byte quantized(float x, float scale, int zeroPoint, boolean unsigned) {
        double code = Math.rint(x / scale) + zeroPoint;
        return (byte) (int) Math.max(unsigned ? 0 : -128, Math.min(unsigned ? 255 : 127, code));
    }

    private static byte[] run(OnnxNetwork network, float[] values) {
        Graph graph = OnnxImporter.read("rounding", ByteBuffer.wrap(network.file()));
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return new ReferenceExecutor(graph).infer(bytes.array()).get(0);
    }

    /** Pixels over 255, ties, and what lies beside them. */
    private static float[] values(Random random, float scale) {
        float[] values = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            float tie = (random.nextInt(300) - 150 + 0.5f) * scale;
            values[i] = i < 256 ? i / 255f : i % 3 == 0 ? tie : i % 3 == 1 ? Math.nextUp(tie) : Math.nextDown(tie);
        }
        return values;
    }

    @Test
    void an_input_is_quantised_as_onnx_defines_it() {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            boolean unsigned = random.nextBoolean();
            float scale = List.of(1 / 127.5f, 1 / 64f, 0.0187f, 1 / 255f).get(random.nextInt(4));
            int zeroPoint = unsigned ? random.nextInt(256) : random.nextInt(256) - 128;
            OnnxNetwork network = new OnnxNetwork().input("input", 1, COUNT);
            network.output(network.node(
                    "QuantizeLinear",
                    List.of("input", network.constant(new int[0], scale), code(network, unsigned, zeroPoint))));
            float[] values = values(random, scale);
            byte[] expected = new byte[COUNT];
            for (int i = 0; i < COUNT; i++) {
                expected[i] = quantized(values[i], scale, zeroPoint, unsigned);
            }
            assertArrayEquals(expected, run(network, values), "seed " + seed);
        }
    }

    /** Every code through a clamp and a product into codes twice as coarse: half of the results are ties. */
    @Test
    void tables_and_clamps_between_codes_round_ties_to_even() {
        for (String operator : new String[] {"Relu", "Mul", "Clip", "MaxPool"}) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 1, 16, 16);
            String fine = network.constant(new int[0], 1 / 64f);
            String coarse = network.constant(new int[0], 1 / 32f);
            String zero = code(network, false, 0);
            String x = network.node(
                    "DequantizeLinear",
                    List.of(network.node("QuantizeLinear", List.of("input", fine, zero)), fine, zero));
            List<String> inputs = new ArrayList<>(List.of(x));
            if (operator.equals("Mul")) {
                inputs.add(network.constant(new int[0], -0.5));
            } else if (operator.equals("Clip")) {
                inputs.addAll(List.of(network.constant(new int[0], -2.5 / 32), network.constant(new int[0], 6.5 / 32)));
            }
            String y = operator.equals("MaxPool")
                    ? network.node(operator, inputs, "kernel_shape", new long[] {1, 1})
                    : network.node(operator, inputs);
            network.output(network.node("QuantizeLinear", List.of(y, coarse, zero)));
            float[] values = new float[256];
            byte[] expected = new byte[256];
            for (int i = 0; i < 256; i++) {
                values[i] = (i - 128) / 64f;
                float real = switch (operator) {
                    case "Relu" -> Math.max(0, values[i]);
                    case "Mul" -> values[i] * -0.5f;
                    case "Clip" -> Math.max(-2.5f / 32, Math.min(6.5f / 32, values[i]));
                    default -> values[i];
                };
                expected[i] = quantized(real, 1 / 32f, 0, false);
            }
            assertArrayEquals(expected, run(network, values), operator);
        }
    }
}
