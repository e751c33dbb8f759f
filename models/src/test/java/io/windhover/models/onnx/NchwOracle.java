// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** ONNX's operators by their definitions: what the importer's channels-last networks must equal. */
final class NchwOracle extends NchwMoves {
    private NchwOracle(OnnxNetwork network) {
        super(network);
    }

    static Array run(OnnxNetwork network, Map<String, Array> inputs) {
        NchwOracle oracle = new NchwOracle(network);
        network.constants.forEach(
                (name, tensor) -> oracle.values.put(name, new Array(tensor.dimensions(), tensor.values())));
        oracle.values.putAll(inputs);
        for (OnnxNetwork.Node node : network.nodes) {
            oracle.node = node;
            List<Array> results = oracle.compute();
            for (int i = 0; i < results.size(); i++) {
                oracle.values.put(node.outputs().get(i), results.get(i));
            }
        }
        return oracle.values.get(network.outputs.get(0));
    }

    private List<Array> compute() {
        if (node.operator().equals("Split")) {
            return split();
        }
        return List.of(
                switch (node.operator()) {
                    case "Conv" -> convolution();
                    case "ConvTranspose" -> transposedConvolution();
                    case "Gemm" -> gemm();
                    case "MatMul" -> matMul();
                    case "BatchNormalization" ->
                        perChannel((x, c) -> (x - in(3).values()[c])
                                        / Math.sqrt(in(4).values()[c] + real("epsilon", 1e-5))
                                        * in(1).values()[c]
                                + in(2).values()[c]);
                    case "PRelu" -> pair((x, slope) -> x < 0 ? x * slope : x);
                    case "Relu" -> each(x -> Math.max(x, 0));
                    case "Sigmoid" -> each(x -> 1 / (1 + Math.exp(-x)));
                    case "HardSigmoid" ->
                        each(x -> Math.max(0, Math.min(1, real("alpha", 0.2) * x + real("beta", 0.5))));
                    case "HardSwish" -> each(x -> x * Math.max(0, Math.min(1, x / 6 + 0.5)));
                    case "LeakyRelu" -> each(x -> x < 0 ? real("alpha", 0.01) * x : x);
                    case "Elu" -> each(x -> x < 0 ? real("alpha", 1) * Math.expm1(x) : x);
                    case "Selu" ->
                        each(x -> real("gamma", 1.0507009873554805)
                                * (x > 0 ? x : real("alpha", 1.6732632423543772) * (Math.exp(x) - 1)));
                    case "Celu" ->
                        each(x ->
                                Math.max(0, x) + Math.min(0, real("alpha", 1) * (Math.exp(x / real("alpha", 1)) - 1)));
                    case "ThresholdedRelu" -> each(x -> x > real("alpha", 1) ? x : 0);
                    case "Softsign" -> each(x -> x / (1 + Math.abs(x)));
                    case "Mish" -> each(x -> x * Math.tanh(Math.log(1 + Math.exp(x))));
                    case "Gelu" ->
                        each(
                                "tanh".equals(node.attributes().get("approximate"))
                                        ? x -> 0.5
                                                * x
                                                * (1
                                                        + Math.tanh(Math.sqrt(2 / Math.PI)
                                                                * (x + 0.044715 * Math.pow(x, 3))))
                                        : x -> 0.5 * x * (1 + errorFunction(x / Math.sqrt(2))));
                    case "Tanh" -> each(Math::tanh);
                    case "Abs" -> each(Math::abs);
                    case "Neg" -> each(x -> -x);
                    case "Exp" -> each(Math::exp);
                    case "Log" -> each(Math::log);
                    case "Sin" -> each(Math::sin);
                    case "Cos" -> each(Math::cos);
                    case "Floor" -> each(Math::floor);
                    case "Ceil" -> each(Math::ceil);
                    case "Round" -> each(Math::rint);
                    case "Sign" -> each(Math::signum);
                    case "Sqrt" -> each(Math::sqrt);
                    case "Reciprocal" -> each(x -> 1 / x);
                    case "Softplus" -> each(x -> Math.log1p(Math.exp(x)));
                    case "Erf" -> each(NchwOracle::errorFunction);
                    case "Pow" -> pair(Math::pow);
                    case "Clip" -> each(x -> Math.max(in(1).values()[0], Math.min(in(2).values()[0], x)));
                    case "Identity", "Dropout", "Cast" -> in(0);
                    case "Shape", "Unsqueeze" -> in(0);
                    case "Gather" -> node.attributes().containsKey(OnnxNetwork.SHAPE) ? gathered() : in(0);
                    case "ReduceMax" -> folded(Math::max);
                    case "ReduceMin" -> folded(Math::min);
                    case "ReduceSum" -> folded(Double::sum);
                    case "ReduceL1" -> of("ReduceSum", each(Math::abs));
                    case "ReduceL2" -> power(of("ReduceSum", each(x -> x * x)), 0.5);
                    case "ReduceSumSquare" -> of("ReduceSum", each(x -> x * x));
                    case "Mean" -> mean();
                    case "InstanceNormalization" -> instances();
                    case "LayerNormalization" -> layers();
                    case "Tile" -> tiled();
                    case "Expand" ->
                        pairOf(
                                in(0),
                                new Array(integers(OnnxNetwork.SHAPE), new double[count(integers(OnnxNetwork.SHAPE))]),
                                (x, zero) -> x);
                    case "ArgMax" -> extreme(1);
                    case "ArgMin" -> extreme(-1);
                    case "Add" -> pair(Double::sum);
                    case "Sub" -> pair((a, b) -> a - b);
                    case "Mul" -> pair((a, b) -> a * b);
                    case "Div" -> pair((a, b) -> a / b);
                    case "Max" -> pair(Math::max);
                    case "Min" -> pair(Math::min);
                    case "MaxPool" -> pool(true);
                    case "AveragePool" -> pool(false);
                    case "GlobalAveragePool" -> reduced(2, 3);
                    case "ReduceMean" -> reduced(integers("axes"));
                    case "Softmax" -> softmax();
                    case "LRN" -> localResponse();
                    case "Concat" -> joined();
                    case "Slice" -> sliced();
                    case "Pad" -> padded();
                    case "Transpose" -> transposed(in(0), integers("perm"));
                    case "Reshape", "Flatten", "Squeeze" -> new Array(integers(OnnxNetwork.SHAPE), in(0).values());
                    case "QuantizeLinear" -> coded(in(0), 1, 2);
                    case "DequantizeLinear" -> decoded(0, 1, 2);
                    case "Quant" -> quant();
                    case "Trunc" -> trunc();
                    case "BipolarQuant" -> pairOf(in(0), in(1), (x, scale) -> x >= 0 ? scale : -scale);
                    case "MultiThreshold" ->
                        perChannel((x, c) -> real("out_bias", 0) + real("out_scale", 1) * reached(x, c));
                    case "QLinearConv" ->
                        coded(of("Conv", decoded(0, 1, 2), decoded(3, 4, 5), accumulators(8, 4)), 6, 7);
                    case "QGemm" -> coded(of("Gemm", decoded(0, 1, 2), decoded(3, 4, 5), accumulators(6, 4)), 7, 8);
                    case "QLinearMul" -> coded(of("Mul", decoded(0, 1, 2), decoded(3, 4, 5)), 6, 7);
                    case "QLinearSigmoid" -> coded(of("Sigmoid", decoded(0, 1, 2)), 3, 4);
                    case "QLinearGlobalAveragePool" -> coded(of("GlobalAveragePool", decoded(0, 1, 2)), 3, 4);
                    case "QLinearConcat" -> coded(of("Concat", decoded(2, 3, 4), decoded(5, 6, 7)), 0, 1);
                    case "Resize" -> resized();
                    case "DepthToSpace" -> depthToSpace();
                    case "SpaceToDepth" -> spaceToDepth();
                    default -> throw new IllegalArgumentException(node.operator());
                });
    }

    private static Array power(Array x, double exponent) {
        return new Array(
                x.shape(),
                Arrays.stream(x.values())
                        .map(value -> Math.pow(value, exponent))
                        .toArray());
    }

    private Array mean() {
        int count = node.inputs().size();
        Array sum = in(0);
        for (int i = 1; i < count; i++) {
            sum = pairOf(sum, in(i), Double::sum);
        }
        return new Array(
                sum.shape(), Arrays.stream(sum.values()).map(x -> x / count).toArray());
    }

    private Array instances() {
        int run = in(0).values().length / in(0).shape()[1];
        Array normal = normalised(run);
        double[] result = new double[normal.values().length];
        Arrays.setAll(result, i -> normal.values()[i] * in(1).values()[i / run] + in(2).values()[i / run]);
        return new Array(normal.shape(), result);
    }

    private Array layers() {
        int run = in(1).values().length;
        Array scaled = pairOf(normalised(run), in(1), (x, factor) -> x * factor);
        return in(2) == null ? scaled : pairOf(scaled, in(2), Double::sum);
    }

    /** Every run of so many elements, of mean 0 and variance 1. */
    private Array normalised(int run) {
        double[] x = in(0).values();
        double[] result = new double[x.length];
        for (int first = 0; first < x.length; first += run) {
            double[] part = Arrays.copyOfRange(x, first, first + run);
            double mean = Arrays.stream(part).average().orElseThrow();
            double variance = Arrays.stream(part)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElseThrow();
            for (int i = 0; i < run; i++) {
                result[first + i] = (part[i] - mean) / Math.sqrt(variance + real("epsilon", 1e-5));
            }
        }
        return new Array(in(0).shape(), result);
    }

    private Array tiled() {
        int[] shape = in(0).shape().clone();
        for (int d = 0; d < shape.length; d++) {
            shape[d] *= (int) in(1).values()[d];
        }
        double[] result = new double[count(shape)];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            for (int d = 0; d < at.length; d++) {
                at[d] %= in(0).shape()[d];
            }
            result[i] = in(0).at(at);
        }
        return new Array(shape, result);
    }

    /** The float operator over these values, with the node's attributes. */
    private Array of(String operator, Array... inputs) {
        OnnxNetwork.Node outer = node;
        List<String> names = new ArrayList<>();
        for (Array input : inputs) {
            names.add("inner" + names.size());
            values.put(names.get(names.size() - 1), input);
        }
        node = new OnnxNetwork.Node(operator, names, outer.outputs(), outer.attributes(), "");
        Array result = compute().get(0);
        node = outer;
        return result;
    }

    /** By its power series, where that converges; beyond, 1 to eight digits. */
    private static double errorFunction(double x) {
        if (Math.abs(x) > 4) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; n < 60; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    private boolean isUnsigned(int input) {
        return network.constants.get(node.inputs().get(input)).elementType() == 2;
    }

    private Array coded(Array x, int scale, int zeroPoint) {
        int low = isUnsigned(zeroPoint) ? 0 : -128;
        return new Array(
                x.shape(),
                Arrays.stream(x.values())
                        .map(value -> Math.max(
                                low,
                                Math.min(
                                        low + 255,
                                        Math.rint(value / in(scale).values()[0])
                                                + in(zeroPoint).values()[0])))
                        .toArray());
    }

    private Array decoded(int codes, int scale, int zeroPoint) {
        int axis = (int) integer("axis", 0);
        return scaled(pairOf(in(codes), alongAxis(in(zeroPoint), in(codes), axis), (x, zero) -> x - zero), scale, axis);
    }

    private Array accumulators(int codes, int weightScale) {
        return pairOf(scaled(in(codes), weightScale, 0), in(1), (x, scale) -> x * scale);
    }

    private Array scaled(Array x, int scale, int axis) {
        return pairOf(x, alongAxis(in(scale), x, axis), (value, factor) -> value * factor);
    }

    private static Array alongAxis(Array parameter, Array x, int axis) {
        int[] shape = new int[x.shape().length];
        Arrays.fill(shape, 1);
        if (parameter.values().length > 1) {
            shape[axis] = parameter.values().length;
        }
        return new Array(shape, parameter.values());
    }

    private Array quant() {
        double bits = in(3).values()[0];
        boolean signed = integer("signed", 1) != 0;
        double low = signed ? -Math.pow(2, bits - 1) + integer("narrow", 0) : 0;
        double high = signed ? Math.pow(2, bits - 1) - 1 : Math.pow(2, bits) - 1 - integer("narrow", 0);
        String mode = (String) node.attributes().getOrDefault("rounding_mode", "ROUND");
        double zero = in(2).values()[0];
        return pairOf(
                in(0),
                in(1),
                (x, scale) -> (Math.max(low, Math.min(high, rounded(mode, x / scale + zero))) - zero) * scale);
    }

    private static double rounded(String mode, double x) {
        double size = Math.abs(x);
        return switch (mode) {
            case "FLOOR" -> Math.floor(x);
            case "CEIL" -> Math.ceil(x);
            case "UP" -> Math.copySign(Math.ceil(size), x);
            case "DOWN", "ROUND_TO_ZERO" -> Math.copySign(Math.floor(size), x);
            case "HALF_UP" -> Math.copySign(Math.floor(size + 0.5), x);
            case "HALF_DOWN" -> Math.copySign(Math.ceil(size - 0.5), x);
            default -> Math.rint(x);
        };
    }

    private Array trunc() {
        boolean scaled = node.inputs().size() == 6;
        double scale = in(1).values()[0];
        double zero = in(2).values()[0];
        double made = in(scaled ? 4 : 1).values()[0];
        double bits = in(scaled ? 5 : 4).values()[0];
        double step = scaled ? made / scale : Math.pow(2, in(3).values()[0] - bits);
        boolean signed = integer("signed", 1) != 0;
        double low = signed ? -Math.pow(2, bits - 1) + integer("narrow", 0) : 0;
        double high = Math.pow(2, signed ? bits - 1 : bits) - 1;
        DoubleUnaryOperator rounding = switch ((String) node.attributes().getOrDefault("rounding_mode", "FLOOR")) {
            case "FLOOR" -> Math::floor;
            case "CEIL" -> Math::ceil;
            default -> Math::rint;
        };
        return each(x -> {
            double level = Math.rint(x / scale + zero) / step;
            double cut = scaled ? Math.max(low, Math.min(high, level)) : level;
            return (rounding.applyAsDouble(cut) - (scaled ? zero / step : zero)) * made;
        });
    }

    private double reached(double x, int channel) {
        int count = in(1).shape()[1];
        int row = in(1).shape()[0] == 1 ? 0 : channel;
        return IntStream.range(0, count)
                .filter(k -> x >= in(1).values()[row * count + k])
                .count();
    }
}
