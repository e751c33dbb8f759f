// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Biases that are very large in units of input scale times weight scale: the real definition, or a refusal. */
class OnnxBiasTest {
    private static final String QONNX = "qonnx.custom_op.general";
    private static final int CHANNELS = 4;
    private static final int SIDE = 3;
    private static final int INT8 = 3;
    private static final int INT32 = 6;
    private static final float INPUT_SCALE = 0.005f;
    private static final float RESULT_SCALE = 0.02f;
    private static final float EPSILON = 1.1920929e-7f;

    /** A QDQ layer of four channels over a map of 3x3x4, from int8 to int8. */
    private static final class Layer {
        final OnnxNetwork network = new OnnxNetwork();
        private final String kind;
        private final int terms;
        private final float[] scales;
        private final String weights;
        private String x = "input";

        Layer(String kind, float[] scales, IntToDoubleFunction code) {
            this.kind = kind;
            this.scales = scales;
            network.inputType = INT8;
            network.input("input", 1, CHANNELS, SIDE, SIDE);
            terms = kind.equals("depthwise") ? 9 : kind.equals("ConvTranspose") ? CHANNELS : 36;
            int[] shape = kind.equals("depthwise")
                    ? new int[] {CHANNELS, 1, SIDE, SIDE}
                    : kind.equals("Gemm")
                            ? new int[] {CHANNELS, 36}
                            : kind.equals("ConvTranspose")
                                    ? new int[] {CHANNELS, CHANNELS, 1, 1}
                                    : new int[] {CHANNELS, CHANNELS, SIDE, SIDE};
            double[] codes = new double[CHANNELS * terms];
            boolean inputsFirst = kind.equals("ConvTranspose");
            Arrays.setAll(codes, i -> code.applyAsDouble(inputsFirst ? i % CHANNELS : i / terms));
            String integers = network.constant(new OnnxNetwork.Tensor(INT8, shape, codes));
            weights = network.node(
                    "DequantizeLinear",
                    List.of(integers, scales(scales), zeros(INT8, scales.length)),
                    "axis",
                    inputsFirst ? 1 : 0);
        }

        private String scales(float... values) {
            double[] all = new double[values.length];
            Arrays.setAll(all, i -> values[i]);
            return network.constant(new int[] {values.length}, all);
        }

        private String zeros(int type, int count) {
            return network.constant(new OnnxNetwork.Tensor(type, new int[] {count}, new double[count]));
        }

        private String number(double value) {
            return network.constant(new int[0], value);
        }

        private String zero() {
            return network.constant(new OnnxNetwork.Tensor(INT8, new int[0], new double[1]));
        }

        /** With a real bias. */
        OnnxNetwork biased(float... bias) {
            return finished(scales(bias), RESULT_SCALE);
        }

        /** With a bias of integers at input scale times weight scale. */
        OnnxNetwork biased(float resultScale, int... bias) {
            float[] units = new float[CHANNELS];
            double[] codes = new double[CHANNELS];
            for (int o = 0; o < CHANNELS; o++) {
                units[o] = INPUT_SCALE * scales[o];
                codes[o] = bias[o];
            }
            String integers = network.constant(new OnnxNetwork.Tensor(INT32, new int[] {CHANNELS}, codes));
            String real = network.node(
                    "DequantizeLinear", List.of(integers, scales(units), zeros(INT32, CHANNELS)), "axis", 0);
            return finished(real, resultScale);
        }

        private OnnxNetwork finished(String bias, float resultScale) {
            x = network.node("DequantizeLinear", List.of(x, number(INPUT_SCALE), zero()));
            String sums;
            if (kind.equals("Gemm")) {
                x = network.node("Reshape", List.of(x, network.ints(1, 36)), OnnxNetwork.SHAPE, new long[] {1, 36});
                sums = network.node("Gemm", List.of(x, weights, bias), "transB", 1);
            } else {
                sums = network.node(
                        kind.equals("depthwise") ? "Conv" : kind,
                        List.of(x, weights, bias),
                        "group",
                        kind.equals("depthwise") ? CHANNELS : 1);
            }
            return network.output(network.node("QuantizeLinear", List.of(sums, number(resultScale), zero())));
        }
    }

    /** The network computes what ONNX defines of real numbers, for random inputs and for the extremes. */
    private static void assertDefined(OnnxNetwork network) {
        ReferenceExecutor executor = new ReferenceExecutor(OnnxImporter.read("bias", ByteBuffer.wrap(network.file())));
        Random random = new Random(7);
        for (int run = 0; run < 6; run++) {
            double[] values = new double[CHANNELS * SIDE * SIDE];
            int constant = run == 0 ? -128 : run == 1 ? 127 : 0;
            Arrays.setAll(values, i -> constant != 0 ? constant : random.nextInt(256) - 128);
            NchwValues.Array input = new NchwValues.Array(new int[] {1, CHANNELS, SIDE, SIDE}, values);
            NchwValues.Array expected = NchwOracle.run(network, Map.of("input", input));
            double[] wanted = expected.shape().length == 4
                    ? NchwMoves.transposed(expected, 0, 2, 3, 1).values()
                    : expected.values();
            assertArrayEquals(
                    bytes(wanted),
                    executor.infer(bytes(NchwMoves.transposed(input, 0, 2, 3, 1).values()))
                            .get(0),
                    "run " + run + " should make " + Arrays.toString(wanted));
        }
    }

    private static byte[] bytes(double[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static void assertRefused(OnnxNetwork network, String... words) {
        ModelException problem =
                assertThrows(ModelException.class, () -> OnnxImporter.read("bias", ByteBuffer.wrap(network.file())));
        for (String word : words) {
            assertTrue(problem.getMessage().contains(word), problem.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Conv", "depthwise", "Gemm", "ConvTranspose"})
    void channels_without_weights_keep_a_bias_far_beyond_their_scale(String kind) {
        Random random = new Random(1);
        float[] scales = {0.01f, EPSILON, 1e-30f, 0.003f};
        IntToDoubleFunction codes = o -> o == 1 || o == 2 ? 0 : random.nextInt(255) - 127;
        assertDefined(new Layer(kind, scales, codes).biased(0.1f, 1.5f, -2, 0.2f));
        assertDefined(new Layer(kind, scales, o -> 0).biased(0.1f, -0.035f, 0.045f, 1000));
        assertDefined(new Layer(kind, new float[] {EPSILON}, o -> 0).biased(1.5f, -1.5f, 0.75f, 0.25f));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Conv", "depthwise", "Gemm", "ConvTranspose"})
    void weights_of_few_bits_become_no_finer_than_their_bias_allows(String kind) {
        for (float scale : new float[] {1e-3f, 1e-5f, 3e-7f, EPSILON, 1e-8f}) {
            Random random = new Random(2);
            float[] scales = {scale, scale, scale, scale};
            assertDefined(new Layer(kind, scales, o -> random.nextInt(3) - 1).biased(1.5f, -2, 0.515f, 0.2f));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Conv", "depthwise", "Gemm", "ConvTranspose"})
    void a_bias_beyond_all_codes_decides_them(String kind) {
        Random random = new Random(3);
        float[] scales = {0.01f, 0.02f, 0.03f, 0.04f};
        assertDefined(new Layer(kind, scales, o -> random.nextInt(255) - 127).biased(1e9f, -1e9f, 3e38f, -214748.3f));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Conv", "depthwise", "Gemm", "ConvTranspose"})
    void an_integer_bias_at_the_end_of_32_bits_does_not_change_sign(String kind) {
        Random random = new Random(4);
        float[] scales = {0.01f, 0.01f, 0.01f, 0.01f};
        int[] bias = {Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE - 100, 7};
        assertDefined(new Layer(kind, scales, o -> random.nextInt(255) - 127).biased(RESULT_SCALE, bias));
        // The bias is 54 steps of such a result, so nothing decides it.
        assertDefined(new Layer(kind, scales, o -> random.nextInt(255) - 127).biased(2011f, bias));
    }

    private static OnnxNetwork qLinearConvolution(int bias, int weight, int zeroPoint) {
        OnnxNetwork network = new OnnxNetwork().input("input", 1, CHANNELS, SIDE, SIDE);
        network.inputType = INT8;
        String scale = network.constant(new int[0], 0.01);
        String zero = network.constant(new OnnxNetwork.Tensor(INT8, new int[0], new double[] {zeroPoint}));
        String weightZero = network.constant(new OnnxNetwork.Tensor(INT8, new int[0], new double[1]));
        String weights = network.constant(new OnnxNetwork.Tensor(
                INT8, new int[] {CHANNELS, CHANNELS, SIDE, SIDE}, filled(36 * CHANNELS, weight)));
        double[] biases = {0, 1, bias, -5};
        String integers = network.constant(new OnnxNetwork.Tensor(INT32, new int[] {CHANNELS}, biases));
        return network.output(network.node(
                "QLinearConv",
                List.of(
                        "input",
                        scale,
                        zero,
                        weights,
                        scale,
                        weightZero,
                        network.constant(new int[0], 2011),
                        weightZero,
                        integers)));
    }

    @Test
    void a_convolution_over_codes_whose_sums_may_pass_32_bits_is_refused() {
        for (int sign : new int[] {1, -1}) {
            int reach = 36 * 127 * (sign > 0 ? 127 : 128);
            assertDefined(qLinearConvolution(sign * (Integer.MAX_VALUE - reach), 127, 0));
            assertRefused(
                    qLinearConvolution(sign * (Integer.MAX_VALUE - reach + 1), 127, 0),
                    "QLinearConv",
                    "output channel 2",
                    "not defined");
        }
        // Inputs less this zero point are 0 to 255, so nothing lowers a sum.
        assertDefined(qLinearConvolution(-Integer.MAX_VALUE, 127, -128));
        assertDefined(qLinearConvolution(Integer.MAX_VALUE, 0, 5));
    }

    @Test
    void the_factor_of_a_product_over_codes_is_also_its_biases() {
        for (float alpha : new float[] {0.5f, 1, 3, -2}) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 4);
            network.inputType = INT8;
            String zero = network.constant(new OnnxNetwork.Tensor(INT8, new int[0], new double[1]));
            String scale = network.constant(new int[0], 0.1);
            String weights = network.constant(new OnnxNetwork.Tensor(INT8, new int[] {4, 2}, filled(8, 3)));
            String bias = network.constant(new OnnxNetwork.Tensor(INT32, new int[] {2}, new double[] {1000, -700}));
            List<String> inputs = List.of("input", scale, zero, weights, scale, zero, bias, scale, zero);
            network.output(network.node("com.microsoft", "QGemm", inputs, "alpha", alpha));
            byte[] made = new ReferenceExecutor(OnnxImporter.read("gemm", ByteBuffer.wrap(network.file())))
                    .infer(new byte[] {10, 20, -5, 6})
                    .get(0);
            for (int o = 0; o < 2; o++) {
                double steps = alpha * (3 * 31 + (o == 0 ? 1000 : -700)) * 0.1;
                assertEquals(Math.max(-128, Math.min(127, Math.round(steps))), made[o], "alpha " + alpha);
            }
        }
    }

    @Test
    void products_that_pass_32_bits_without_a_bias_are_refused_in_every_form() {
        int inputs = 140_000;
        for (String form : new String[] {"QLinearMatMul", "codes", "scores"}) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, inputs);
            network.inputType = INT8;
            String zero = network.constant(new OnnxNetwork.Tensor(INT8, new int[0], new double[1]));
            String one = network.constant(new int[0], 1);
            String coarse = network.constant(new int[0], 2.4e7);
            String codes =
                    network.constant(new OnnxNetwork.Tensor(INT8, new int[] {inputs, 2}, filled(2 * inputs, 127)));
            if (form.equals("QLinearMatMul")) {
                network.output(network.node(form, List.of("input", one, zero, codes, one, zero, coarse, zero)));
            } else {
                String x = network.node("DequantizeLinear", List.of("input", one, zero));
                String sums =
                        network.node("MatMul", List.of(x, network.node("DequantizeLinear", List.of(codes, one, zero))));
                network.output(
                        form.equals("codes") ? network.node("QuantizeLinear", List.of(sums, coarse, zero)) : sums);
            }
            assertRefused(network, "output channel 0", "-2275840000..2258060000", "beyond");
        }
    }

    @Test
    void a_normalisation_that_takes_a_channel_away_leaves_its_offset() {
        Random random = new Random(5);
        float[] scales = {0.01f, 0.01f, 0.01f, 0.01f};
        Layer layer = new Layer("Conv", scales, o -> random.nextInt(255) - 127);
        layer.biased(0.1f, 0.2f, 0.3f, 0.4f);
        layer.network.nodes.remove(layer.network.nodes.size() - 1);
        OnnxNetwork network = layer.network;
        List<String> statistics = List.of(
                network.nodes.get(network.nodes.size() - 1).outputs().get(0),
                network.constant(new int[] {CHANNELS}, 1, 0, 0, 1e-12),
                network.constant(new int[] {CHANNELS}, 0.11, 1.5, -1.255, 0.63),
                network.constant(new int[] {CHANNELS}, 0, 0, 0, 0),
                network.constant(new int[] {CHANNELS}, 1, 1, 1, 1));
        String normalised = network.node("BatchNormalization", statistics);
        network.outputs.clear();
        assertDefined(network.output(
                network.node("QuantizeLinear", List.of(normalised, layer.number(RESULT_SCALE), layer.zero()))));
    }

    @Test
    void a_few_bit_layer_of_a_network_with_bits_keeps_its_bias() {
        for (double scale : new double[] {1e-3, EPSILON, 1e-11}) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, CHANNELS, SIDE, SIDE);
            Random random = new Random(6);
            double[] weights = new double[CHANNELS * CHANNELS];
            Arrays.setAll(weights, i -> scale * (random.nextInt(3) - 1));
            String x = quant(network, "input", INPUT_SCALE, 8);
            String few = quant(network, network.constant(new int[] {CHANNELS, CHANNELS, 1, 1}, weights), scale, 2);
            String bias = network.constant(new int[] {CHANNELS}, 1.5, -2, 0.515, 100);
            String codes = quant(network, network.node("Conv", List.of(x, few, bias)), RESULT_SCALE, 8);
            network.output(codes).output(afterBits(network, codes));
            double[] values = new double[CHANNELS * SIDE * SIDE];
            Arrays.setAll(values, i -> INPUT_SCALE * (random.nextInt(256) - 128));
            NchwValues.Array input = new NchwValues.Array(new int[] {1, CHANNELS, SIDE, SIDE}, values);
            double[] wanted = NchwMoves.transposed(NchwOracle.run(network, Map.of("input", input)), 0, 2, 3, 1)
                    .values();
            ByteBuffer fed = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            Arrays.stream(NchwMoves.transposed(input, 0, 2, 3, 1).values())
                    .forEach(value -> fed.putFloat((float) value));
            ByteBuffer made = ByteBuffer.wrap(
                            new ReferenceExecutor(OnnxImporter.read("bits", ByteBuffer.wrap(network.file())))
                                    .infer(fed.array())
                                    .get(0))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (double value : wanted) {
                assertEquals(value, made.getFloat(), 1e-5, "weights of scale " + scale);
            }
        }
    }

    /** A one-bit convolution over the signs of a value. */
    private static String afterBits(OnnxNetwork network, String value) {
        String one = network.constant(new int[0], 1);
        String signs = network.constant(new int[] {CHANNELS, CHANNELS, 1, 1}, filled(CHANNELS * CHANNELS, 1));
        return network.node(
                "Conv",
                List.of(
                        network.node(QONNX, "BipolarQuant", List.of(value, one)),
                        network.node(QONNX, "BipolarQuant", List.of(signs, one))));
    }

    @Test
    void the_lowest_weight_code_times_a_negative_factor_is_exact() {
        for (double weight : new double[] {-1, -127 / 128.0}) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, CHANNELS, SIDE, SIDE);
            double[] weights = new double[CHANNELS * CHANNELS];
            weights[5] = weight;
            String wide = quant(network, network.constant(new int[] {4, 4, 1, 1}, weights), 1 / 128.0, 8);
            String sums = network.node("Conv", List.of(quant(network, "input", INPUT_SCALE, 8), wide));
            String negative = network.node("Mul", List.of(sums, network.constant(new int[0], -1)));
            String codes = quant(network, negative, RESULT_SCALE, 8);
            network.output(codes).output(afterBits(network, codes));
            double[] values = new double[CHANNELS * SIDE * SIDE];
            // Odd codes, of which results are a quarter: none is a tie.
            Arrays.setAll(values, i -> INPUT_SCALE * (2 * (i * 37 % 128 - 64) + 1));
            OnnxBinaryGraphsTest.check("weight " + weight, network, values);
        }
    }

    private static String quant(OnnxNetwork network, String value, double scale, int bits) {
        List<String> inputs = List.of(
                value,
                network.constant(new int[0], (float) scale),
                network.constant(new int[0], 0),
                network.constant(new int[0], bits));
        return network.node(QONNX, "Quant", inputs, "signed", 1);
    }

    @Test
    void a_result_of_a_scale_far_below_its_sums_saturates() {
        Random random = new Random(8);
        float[] scales = {0.01f, 0.01f, 0.01f, 0.01f};
        int[] bias = {0, 100, -3, 40_000};
        for (float result : new float[] {1e-6f, EPSILON, 1e-9f, 1e-20f}) {
            assertDefined(new Layer("Conv", scales, o -> random.nextInt(255) - 127).biased(result, bias));
        }
    }

    @Test
    void a_bias_that_fits_in_no_way_is_refused_with_its_channel() {
        // The second channel's bias is 2.7e9 units, its products are up to 0.5 steps of the result.
        assertRefused(deep(0.02, 4e-8, 0.5351), "bias of output channel 1", "2.67550e+09", "larger scale");
    }

    /** A layer of 4096 weights of 101 in two channels, the second of this scale and bias. */
    private static OnnxNetwork deep(double resultScale, double scale, double bias) {
        int inputs = 4096;
        OnnxNetwork network = new OnnxNetwork().input("input", 1, inputs);
        network.inputType = INT8;
        String zero = network.constant(new OnnxNetwork.Tensor(INT8, new int[0], new double[1]));
        String x = network.node("DequantizeLinear", List.of("input", network.constant(new int[0], 0.005), zero));
        String integers =
                network.constant(new OnnxNetwork.Tensor(INT8, new int[] {inputs, 2}, filled(2 * inputs, 101)));
        String weights = network.node(
                "DequantizeLinear",
                List.of(
                        integers,
                        network.constant(new int[] {2}, 0.01, scale),
                        network.constant(new OnnxNetwork.Tensor(INT8, new int[] {2}, new double[2]))),
                "axis",
                1);
        String sums = network.node("Gemm", List.of(x, weights, network.constant(new int[] {2}, 0.1, bias)));
        return network.output(
                network.node("QuantizeLinear", List.of(sums, network.constant(new int[0], resultScale), zero)));
    }

    private static double[] filled(int count, double value) {
        double[] values = new double[count];
        Arrays.fill(values, value);
        return values;
    }
}
