// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Small quantised networks in each form that files have: QDQ, QLinear, and QONNX with one and more bits. */
public final class LowBitNetworks {
    private static final String QONNX = "qonnx.custom_op.general";
    private static final String MICROSOFT = "com.microsoft";

    private final OnnxNetwork network = new OnnxNetwork();
    private final Random random;

    private LowBitNetworks(long seed) {
        random = new Random(seed);
    }

    private String number(double value) {
        return network.constant(new int[0], value);
    }

    private String code(int elementType, int value) {
        return network.constant(new OnnxNetwork.Tensor(elementType, new int[0], new double[] {value}));
    }

    private String codes(int elementType, int low, int high, int... dimensions) {
        double[] values = new double[Arrays.stream(dimensions).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> low + random.nextInt(high - low + 1));
        return network.constant(new OnnxNetwork.Tensor(elementType, dimensions, values));
    }

    private String reals(double low, double high, int... dimensions) {
        double[] values = new double[Arrays.stream(dimensions).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> (float) (low + random.nextDouble() * (high - low)));
        return network.constant(dimensions, values);
    }

    /**
     * QuantizeLinear and DequantizeLinear around two convolutions, a sum, a pool and a layer; {@code unsigned}
     * activations are uint8.
     */
    public static OnnxNetwork qdq(long seed, boolean unsigned) {
        return qdq(seed, unsigned, false);
    }

    /** With {@code realScores}, nothing quantises what the last layer makes; a softmax follows it. */
    public static OnnxNetwork qdq(long seed, boolean unsigned, boolean realScores) {
        LowBitNetworks draw = new LowBitNetworks(seed);
        OnnxNetwork network = draw.network.input("input", "n", 3, 8, 8);
        int type = unsigned ? 2 : 3;
        String x = draw.represented("input", type, 0.02, unsigned ? 128 : 0);
        String a = draw.represented(
                network.node("Relu", List.of(draw.convolution(x, 3, 6, type, true))), type, 0.05, unsigned ? 0 : -128);
        String b = draw.represented(draw.convolution(a, 6, 6, type, false), type, 0.06, unsigned ? 120 : 3);
        String sum = draw.represented(network.node("Add", List.of(a, b)), type, 0.08, unsigned ? 100 : -20);
        String mean =
                draw.represented(network.node("GlobalAveragePool", List.of(sum)), type, 0.07, unsigned ? 90 : -30);
        String flat = network.node("Flatten", List.of(mean), OnnxNetwork.SHAPE, new long[] {1, 6});
        String weights = network.node(
                "DequantizeLinear", List.of(draw.codes(3, -127, 127, 6, 5), draw.number(0.01), draw.code(3, 0)));
        String scores = network.node("MatMul", List.of(flat, weights));
        return network.output(
                realScores
                        ? network.node("Softmax", List.of(scores), "axis", 1)
                        : draw.represented(scores, type, 0.1, unsigned ? 128 : 1));
    }

    private String represented(String value, int type, double scale, int zeroPoint) {
        String codes = network.node("QuantizeLinear", List.of(value, number(scale), code(type, zeroPoint)));
        return network.node("DequantizeLinear", List.of(codes, number(scale), code(type, zeroPoint)));
    }

    private String convolution(String x, int inputs, int outputs, int type, boolean perChannel) {
        String scales = perChannel ? reals(0.005, 0.01, outputs) : number(0.008);
        String zeroPoints = perChannel
                ? codes(type == 2 ? 2 : 3, type == 2 ? 128 : 0, type == 2 ? 128 : 0, outputs)
                : code(type == 2 ? 2 : 3, type == 2 ? 128 : 0);
        String weights = network.node(
                "DequantizeLinear",
                List.of(
                        codes(type == 2 ? 2 : 3, type == 2 ? 1 : -127, type == 2 ? 255 : 127, outputs, inputs, 3, 3),
                        scales,
                        zeroPoints),
                "axis",
                0);
        return network.node("Conv", List.of(x, weights, reals(-0.5, 0.5, outputs)), "pads", new long[] {1, 1, 1, 1});
    }

    /** A convolution, a maximum, an average and a global one over uint8 codes, channels first or last. */
    static OnnxNetwork runtimeLayers(long seed, boolean last) {
        LowBitNetworks draw = new LowBitNetworks(seed);
        OnnxNetwork network =
                last ? draw.network.input("input", 1, 12, 12, 3) : draw.network.input("input", 1, 3, 12, 12);
        network.inputType = 2;
        String scale = draw.number(0.02);
        String zero = draw.code(2, 128);
        long flag = last ? 1 : 0;
        long[] two = {2, 2};
        String x = network.node(
                MICROSOFT,
                "QLinearConv",
                List.of(
                        "input",
                        scale,
                        zero,
                        draw.codes(2, 0, 255, 8, 3, 3, 3),
                        draw.number(0.01),
                        draw.code(2, 120),
                        draw.number(0.05),
                        zero),
                "channels_last",
                flag);
        x = last
                ? network.node(MICROSOFT, "NhwcMaxPool", List.of(x), "kernel_shape", two)
                : network.node("MaxPool", List.of(x), "kernel_shape", two);
        List<String> scales = List.of(draw.number(0.05), zero, draw.number(0.05), zero);
        for (String pool : new String[] {"QLinearAveragePool", "QLinearGlobalAveragePool"}) {
            List<String> inputs = Stream.concat(Stream.of(x), scales.stream()).toList();
            x = pool.equals("QLinearAveragePool")
                    ? network.node(MICROSOFT, pool, inputs, "channels_last", flag, "kernel_shape", two)
                    : network.node(MICROSOFT, pool, inputs, "channels_last", flag);
        }
        return network.output(x);
    }

    /** Operators that carry their scales; codes in and out. */
    public static OnnxNetwork qLinear(long seed) {
        LowBitNetworks draw = new LowBitNetworks(seed);
        OnnxNetwork network = draw.network.input("input", 1, 4, 6, 6);
        network.inputType = 2;
        String scale = draw.number(0.02);
        String zero = draw.code(2, 128);
        String x = network.node(
                "QLinearConv",
                List.of(
                        "input",
                        scale,
                        zero,
                        draw.codes(2, 0, 255, 8, 4, 3, 3),
                        draw.number(0.01),
                        draw.code(2, 120),
                        draw.number(0.05),
                        zero,
                        draw.codes(6, -500, 500, 8)),
                "pads",
                new long[] {1, 1, 1, 1});
        String half = draw.number(0.05);
        x = network.node("MaxPool", List.of(x), "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2});
        String y = network.node(
                "com.microsoft", "QLinearSigmoid", List.of(x, half, zero, draw.number(1 / 256.0), draw.code(2, 0)));
        x = network.node(
                "com.microsoft",
                "QLinearMul",
                List.of(x, half, zero, y, draw.number(1 / 256.0), draw.code(2, 0), half, zero));
        x = network.node(
                "com.microsoft", "QLinearConcat", List.of(half, zero, x, half, zero, x, half, zero), "axis", 1);
        x = network.node(
                "com.microsoft", "QLinearGlobalAveragePool", List.of(x, half, zero, half, zero), "channels_last", 0);
        x = network.node("Flatten", List.of(x), OnnxNetwork.SHAPE, new long[] {1, 16});
        x = network.node(
                "com.microsoft",
                "QGemm",
                List.of(
                        x,
                        half,
                        zero,
                        draw.codes(3, -127, 127, 10, 16),
                        draw.number(0.02),
                        draw.code(3, 0),
                        draw.codes(6, -900, 900, 10),
                        draw.number(0.1),
                        zero),
                "transB",
                1);
        return network.output(x);
    }

    /** One-bit convolution and layers, batch normalisation and pooling between; the first layer reads 8-bit codes. */
    public static OnnxNetwork oneBit(long seed, boolean multiThreshold) {
        LowBitNetworks draw = new LowBitNetworks(seed);
        OnnxNetwork network = draw.network.input("input", 1, 3, 8, 8);
        String x = network.node(
                QONNX,
                "Quant",
                List.of("input", draw.number(1 / 128.0), draw.number(0), draw.number(8)),
                "signed",
                1,
                "narrow",
                0,
                "rounding_mode",
                "ROUND");
        x = draw.sign(draw.normalised(draw.oneBitConvolution(x, 3, 8), 8), 8, multiThreshold);
        x = draw.sign(draw.normalised(draw.oneBitConvolution(x, 8, 16), 16), 16, multiThreshold);
        x = network.node("MaxPool", List.of(x), "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2});
        x = network.node("Flatten", List.of(x), OnnxNetwork.SHAPE, new long[] {1, 256});
        String weights = network.node(QONNX, "BipolarQuant", List.of(draw.reals(-1, 1, 10, 256), draw.number(0.5)));
        x = network.node("MatMul", List.of(x, network.node("Transpose", List.of(weights), "perm", new long[] {1, 0})));
        return network.output(network.node(
                "Add", List.of(network.node("Mul", List.of(x, draw.reals(-1, 1, 10))), draw.reals(-1, 1, 10))));
    }

    private String oneBitConvolution(String x, int inputs, int outputs) {
        String weights = network.node(
                QONNX, "BipolarQuant", List.of(reals(-1, 1, outputs, inputs, 3, 3), reals(0.1, 0.4, outputs, 1, 1, 1)));
        return network.node("Conv", List.of(x, weights), "pads", new long[] {1, 1, 1, 1});
    }

    private String normalised(String x, int channels) {
        return network.node(
                "BatchNormalization",
                List.of(
                        x,
                        reals(-1, 1, channels),
                        reals(-0.5, 0.5, channels),
                        reals(-1, 1, channels),
                        reals(0.5, 2, channels)));
    }

    private String sign(String x, int channels, boolean multiThreshold) {
        return multiThreshold
                ? network.node(
                        QONNX,
                        "MultiThreshold",
                        List.of(x, reals(-0.5, 0.5, channels, 1)),
                        "out_dtype",
                        "BIPOLAR",
                        "out_scale",
                        2f,
                        "out_bias",
                        -1f)
                : network.node(QONNX, "BipolarQuant", List.of(x, number(1)));
    }

    /** Two- and four-bit activations and weights, thresholds at equal distances. */
    public static OnnxNetwork fewBits(long seed) {
        LowBitNetworks draw = new LowBitNetworks(seed);
        OnnxNetwork network = draw.network.input("input", 1, 3, 8, 8);
        String x = network.node(
                QONNX, "Quant", List.of("input", draw.number(1 / 64.0), draw.number(0), draw.number(8)), "signed", 1);
        String weights = network.node(
                QONNX,
                "Quant",
                List.of(
                        draw.reals(-1, 1, 8, 3, 3, 3),
                        draw.reals(0.1, 0.2, 8, 1, 1, 1),
                        draw.number(0),
                        draw.number(4)),
                "signed",
                1,
                "narrow",
                1);
        x = draw.normalised(network.node("Conv", List.of(x, weights)), 8);
        x = network.node(
                QONNX,
                "Quant",
                List.of(network.node("Relu", List.of(x)), draw.number(0.5), draw.number(0), draw.number(4)),
                "signed",
                0);
        String narrow = network.node(QONNX, "BipolarQuant", List.of(draw.reals(-1, 1, 8, 8, 1, 1), draw.number(0.25)));
        x = draw.normalised(network.node("Conv", List.of(x, narrow)), 8);
        double[] thresholds = {-1, 0.5, 2};
        x = network.node(
                QONNX,
                "MultiThreshold",
                List.of(x, network.constant(new int[] {1, 3}, thresholds)),
                "out_scale",
                1f,
                "out_bias",
                -2f);
        x = network.node("Flatten", List.of(x), OnnxNetwork.SHAPE, new long[] {1, 288});
        String last = network.node(
                QONNX,
                "Quant",
                List.of(draw.reals(-1, 1, 288, 4), draw.number(0.3), draw.number(0), draw.number(2)),
                "signed",
                1);
        x = network.node("MatMul", List.of(x, last));
        return network.output(network.node(
                QONNX, "Quant", List.of(x, draw.number(0.25), draw.number(0), draw.number(8)), "signed", 1));
    }
}
