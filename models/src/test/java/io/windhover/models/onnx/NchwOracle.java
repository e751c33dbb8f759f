package io.windhover.models.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** ONNX's operators by their definitions, row-major and in double precision: what the importer's channels-last networks must equal. */
final class NchwOracle {
    record Array(int[] shape, double[] values) {
        double at(int... index) {
            int position = 0;
            for (int d = 0; d < index.length; d++) {
                position = position * shape[d] + index[d];
            }
            return values[position];
        }
    }

    private final Map<String, Array> values = new HashMap<>();
    private final OnnxNetwork network;
    private final int opset;
    private OnnxNetwork.Node node;

    private NchwOracle(OnnxNetwork network) {
        this.network = network;
        this.opset = network.opset;
    }

    static Array run(OnnxNetwork network, Map<String, Array> inputs) {
        NchwOracle oracle = new NchwOracle(network);
        network.constants.forEach((name, tensor) -> oracle.values.put(name, new Array(tensor.dimensions(), tensor.values())));
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

    private Array in(int input) {
        return input < node.inputs().size() ? values.get(node.inputs().get(input)) : null;
    }

    private long integer(String name, long otherwise) {
        return node.attributes().get(name) instanceof Number number ? number.longValue() : otherwise;
    }

    private double real(String name, double otherwise) {
        return node.attributes().get(name) instanceof Number number ? number.doubleValue() : otherwise;
    }

    private int[] integers(String name, int... otherwise) {
        return node.attributes().get(name) instanceof long[] given ? Arrays.stream(given).mapToInt(value -> (int) value).toArray() : otherwise;
    }

    private static int count(int... shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    private List<Array> compute() {
        if (node.operator().equals("Split")) {
            return split();
        }
        return List.of(switch (node.operator()) {
            case "Conv" -> convolution();
            case "ConvTranspose" -> transposedConvolution();
            case "Gemm" -> gemm();
            case "MatMul" -> matMul();
            case "BatchNormalization" -> perChannel((x, c) -> (x - in(3).values[c]) / Math.sqrt(in(4).values[c] + real("epsilon", 1e-5)) * in(1).values[c]
                    + in(2).values[c]);
            case "PRelu" -> perChannel((x, c) -> x < 0 ? x * in(1).values[c] : x);
            case "Relu" -> each(x -> Math.max(x, 0));
            case "Sigmoid" -> each(x -> 1 / (1 + Math.exp(-x)));
            case "HardSigmoid" -> each(x -> Math.max(0, Math.min(1, real("alpha", 0.2) * x + real("beta", 0.5))));
            case "HardSwish" -> each(x -> x * Math.max(0, Math.min(1, x / 6 + 0.5)));
            case "LeakyRelu" -> each(x -> x < 0 ? real("alpha", 0.01) * x : x);
            case "Elu" -> each(x -> x < 0 ? real("alpha", 1) * Math.expm1(x) : x);
            case "Tanh" -> each(Math::tanh);
            case "Clip" -> each(x -> Math.max(in(1).values[0], Math.min(in(2).values[0], x)));
            case "Identity", "Dropout" -> in(0);
            case "Shape", "Gather", "Unsqueeze" -> in(0);
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
            case "Reshape", "Flatten", "Squeeze" -> new Array(integers("test_shape"), in(0).values);
            case "QuantizeLinear" -> coded(in(0), 1, 2);
            case "DequantizeLinear" -> decoded(0, 1, 2);
            case "Quant" -> quant();
            case "BipolarQuant" -> pairOf(in(0), in(1), (x, scale) -> x >= 0 ? scale : -scale);
            case "MultiThreshold" -> perChannel((x, c) -> real("out_bias", 0) + real("out_scale", 1) * reached(x, c));
            case "QLinearConv" -> coded(of("Conv", decoded(0, 1, 2), decoded(3, 4, 5), accumulators(8, 4)), 6, 7);
            case "QGemm" -> coded(of("Gemm", decoded(0, 1, 2), decoded(3, 4, 5), accumulators(6, 4)), 7, 8);
            case "QLinearMul" -> coded(of("Mul", decoded(0, 1, 2), decoded(3, 4, 5)), 6, 7);
            case "QLinearSigmoid" -> coded(of("Sigmoid", decoded(0, 1, 2)), 3, 4);
            case "QLinearGlobalAveragePool" -> coded(of("GlobalAveragePool", decoded(0, 1, 2)), 3, 4);
            case "QLinearConcat" -> coded(of("Concat", decoded(2, 3, 4), decoded(5, 6, 7)), 0, 1);
            case "Resize" -> nearest();
            case "DepthToSpace" -> depthToSpace();
            case "SpaceToDepth" -> spaceToDepth();
            default -> throw new IllegalArgumentException(node.operator());
        });
    }

    private Array each(DoubleUnaryOperator function) {
        return new Array(in(0).shape, Arrays.stream(in(0).values).map(function).toArray());
    }

    @FunctionalInterface
    private interface ByChannel {
        double of(double x, int channel);
    }

    private Array perChannel(ByChannel function) {
        Array x = in(0);
        int inner = count(Arrays.copyOfRange(x.shape, 2, x.shape.length));
        double[] result = new double[x.values.length];
        Arrays.setAll(result, i -> function.of(x.values[i], i / inner % x.shape[1]));
        return new Array(x.shape, result);
    }

    private Array pair(DoubleBinaryOperator function) {
        return pairOf(in(0), in(1), function);
    }

    private static Array pairOf(Array first, Array second, DoubleBinaryOperator function) {
        int[] shape = Dimensions.broadcast(first.shape, second.shape);
        double[] result = new double[count(shape)];
        Arrays.setAll(result, i -> function.applyAsDouble(spread(first, shape, i), spread(second, shape, i)));
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

    private boolean isUnsigned(int input) {
        return network.constants.get(node.inputs().get(input)).elementType() == 2;
    }

    private Array coded(Array x, int scale, int zeroPoint) {
        int low = isUnsigned(zeroPoint) ? 0 : -128;
        return new Array(x.shape, Arrays.stream(x.values).map(value -> Math.max(low, Math.min(low + 255,
                Math.rint(value / in(scale).values[0]) + in(zeroPoint).values[0]))).toArray());
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
        int[] shape = new int[x.shape.length];
        Arrays.fill(shape, 1);
        if (parameter.values.length > 1) {
            shape[axis] = parameter.values.length;
        }
        return new Array(shape, parameter.values);
    }

    private Array quant() {
        double bits = in(3).values[0];
        boolean signed = integer("signed", 1) != 0;
        double low = signed ? -Math.pow(2, bits - 1) + integer("narrow", 0) : 0;
        double high = signed ? Math.pow(2, bits - 1) - 1 : Math.pow(2, bits) - 1 - integer("narrow", 0);
        return pairOf(in(0), in(1), (x, scale) -> Math.max(low, Math.min(high, Math.rint(x / scale))) * scale);
    }

    private double reached(double x, int channel) {
        int count = in(1).shape[1];
        int row = in(1).shape[0] == 1 ? 0 : channel;
        return IntStream.range(0, count).filter(k -> x >= in(1).values[row * count + k]).count();
    }

    private static double spread(Array from, int[] shape, int index) {
        int[] padded = Dimensions.padded(from.shape, shape.length);
        int position = 0;
        int[] coordinates = coordinates(shape, index);
        for (int d = 0; d < shape.length; d++) {
            position = position * padded[d] + (padded[d] == 1 ? 0 : coordinates[d]);
        }
        return from.values[position];
    }

    private static int[] coordinates(int[] shape, int index) {
        int[] coordinates = new int[shape.length];
        for (int d = shape.length - 1; d >= 0; d--) {
            coordinates[d] = index % shape[d];
            index /= shape[d];
        }
        return coordinates;
    }

    /** Pads of a 4-D node as top, left, bottom, right. */
    private int[] pads(int[] in, int[] kernel, int[] strides, int[] dilations) {
        String automatic = (String) node.attributes().getOrDefault("auto_pad", "NOTSET");
        if (automatic.equals("NOTSET")) {
            return integers("pads", 0, 0, 0, 0);
        }
        int[] pads = new int[4];
        for (int side = 0; side < 2; side++) {
            int out = (in[side + 2] + strides[side] - 1) / strides[side];
            int total = Math.max(0, (out - 1) * strides[side] + (kernel[side] - 1) * dilations[side] + 1 - in[side + 2]);
            pads[side] = automatic.equals("SAME_UPPER") ? total / 2 : total - total / 2;
            pads[side + 2] = total - pads[side];
        }
        return pads;
    }

    private Array convolution() {
        Array x = in(0);
        Array w = in(1);
        int[] strides = integers("strides", 1, 1);
        int[] dilations = integers("dilations", 1, 1);
        int groups = (int) integer("group", 1);
        int[] kernel = {w.shape[2], w.shape[3]};
        int[] pads = pads(x.shape, kernel, strides, dilations);
        int height = (x.shape[2] + pads[0] + pads[2] - (kernel[0] - 1) * dilations[0] - 1) / strides[0] + 1;
        int width = (x.shape[3] + pads[1] + pads[3] - (kernel[1] - 1) * dilations[1] - 1) / strides[1] + 1;
        int[] shape = {1, w.shape[0], height, width};
        double[] result = new double[count(shape)];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            int group = at[1] / (w.shape[0] / groups);
            double sum = in(2) == null ? 0 : in(2).values[at[1]];
            for (int k = 0; k < w.shape[1] * kernel[0] * kernel[1]; k++) {
                int c = k / kernel[1] / kernel[0];
                int ky = k / kernel[1] % kernel[0];
                int kx = k % kernel[1];
                int y = at[2] * strides[0] - pads[0] + ky * dilations[0];
                int xx = at[3] * strides[1] - pads[1] + kx * dilations[1];
                if (y >= 0 && y < x.shape[2] && xx >= 0 && xx < x.shape[3]) {
                    sum += x.at(0, group * w.shape[1] + c, y, xx) * w.at(at[1], c, ky, kx);
                }
            }
            result[i] = sum;
        }
        return new Array(shape, result);
    }

    private Array transposedConvolution() {
        Array x = in(0);
        Array w = in(1);
        int[] strides = integers("strides", 1, 1);
        int[] pads = integers("pads", 0, 0, 0, 0);
        int[] extra = integers("output_padding", 0, 0);
        int groups = (int) integer("group", 1);
        int height = (x.shape[2] - 1) * strides[0] + w.shape[2] - pads[0] - pads[2] + extra[0];
        int width = (x.shape[3] - 1) * strides[1] + w.shape[3] - pads[1] - pads[3] + extra[1];
        int[] shape = {1, w.shape[1] * groups, height, width};
        double[] result = new double[count(shape)];
        Arrays.setAll(result, i -> in(2).values[i / height / width]);
        for (int c = 0; c < x.shape[1]; c++) {
            for (int k = 0; k < count(x.shape[2], x.shape[3], w.shape[1], w.shape[2], w.shape[3]); k++) {
                int[] at = coordinates(new int[] {x.shape[2], x.shape[3], w.shape[1], w.shape[2], w.shape[3]}, k);
                int y = at[0] * strides[0] - pads[0] + at[3];
                int xx = at[1] * strides[1] - pads[1] + at[4];
                int o = c / (x.shape[1] / groups) * w.shape[1] + at[2];
                if (y >= 0 && y < height && xx >= 0 && xx < width) {
                    result[(o * height + y) * width + xx] += x.at(0, c, at[0], at[1]) * w.at(c, at[2], at[3], at[4]);
                }
            }
        }
        return new Array(shape, result);
    }

    private Array gemm() {
        boolean transposed = integer("transB", 0) != 0;
        Array b = in(1);
        int outputs = transposed ? b.shape[0] : b.shape[1];
        double[] result = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            double sum = 0;
            for (int i = 0; i < in(0).shape[1]; i++) {
                sum += in(0).values[i] * (transposed ? b.at(o, i) : b.at(i, o));
            }
            result[o] = real("alpha", 1) * sum + (in(2) == null ? 0 : real("beta", 1) * in(2).values[o % in(2).values.length]);
        }
        return new Array(new int[] {1, outputs}, result);
    }

    private Array matMul() {
        Array a = in(0);
        Array b = in(1);
        int inner = b.shape[0];
        int rows = a.values.length / inner;
        double[] result = new double[rows * b.shape[1]];
        for (int i = 0; i < result.length; i++) {
            for (int k = 0; k < inner; k++) {
                result[i] += a.values[i / b.shape[1] * inner + k] * b.at(k, i % b.shape[1]);
            }
        }
        int[] shape = a.shape.clone();
        shape[shape.length - 1] = b.shape[1];
        return new Array(shape, result);
    }

    private Array pool(boolean maximum) {
        Array x = in(0);
        int[] kernel = integers("kernel_shape");
        int[] strides = integers("strides", 1, 1);
        int[] pads = pads(x.shape, kernel, strides, new int[] {1, 1});
        int[] size = new int[2];
        for (int side = 0; side < 2; side++) {
            int slack = x.shape[side + 2] + pads[side] + pads[side + 2] - kernel[side];
            size[side] = (integer("ceil_mode", 0) != 0 ? (slack + strides[side] - 1) / strides[side] : slack / strides[side]) + 1;
            size[side] -= (size[side] - 1) * strides[side] >= x.shape[side + 2] + pads[side] ? 1 : 0;
        }
        int[] shape = {1, x.shape[1], size[0], size[1]};
        double[] result = new double[count(shape)];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            double best = Double.NEGATIVE_INFINITY;
            double sum = 0;
            int valid = 0;
            for (int k = 0; k < kernel[0] * kernel[1]; k++) {
                int y = at[2] * strides[0] - pads[0] + k / kernel[1];
                int xx = at[3] * strides[1] - pads[1] + k % kernel[1];
                if (y >= 0 && y < x.shape[2] && xx >= 0 && xx < x.shape[3]) {
                    best = Math.max(best, x.at(0, at[1], y, xx));
                    sum += x.at(0, at[1], y, xx);
                    valid++;
                }
            }
            result[i] = maximum ? best : sum / (integer("count_include_pad", 0) != 0 ? kernel[0] * kernel[1] : valid);
        }
        return new Array(shape, result);
    }

    private Array reduced(int... axes) {
        Array x = in(0);
        int[] shape = x.shape.clone();
        for (int axis : axes) {
            shape[axis] = 1;
        }
        double[] result = new double[count(shape)];
        double share = (double) result.length / x.values.length;
        for (int i = 0; i < x.values.length; i++) {
            int[] at = coordinates(x.shape, i);
            int position = 0;
            for (int d = 0; d < shape.length; d++) {
                position = position * shape[d] + (shape[d] == 1 ? 0 : at[d]);
            }
            result[position] += x.values[i] * share;
        }
        return integer("keepdims", 1) != 0 ? new Array(shape, result) : new Array(integers("test_shape"), result);
    }

    private Array softmax() {
        Array x = in(0);
        int axis = (int) integer("axis", opset < 13 ? 1 : -1);
        axis = axis < 0 ? axis + x.shape.length : axis;
        int inner = count(Arrays.copyOfRange(x.shape, axis + 1, x.shape.length));
        int size = x.shape[axis];
        if (opset < 13) {
            size *= inner;
            inner = 1;
        }
        double[] result = Arrays.stream(x.values).map(Math::exp).toArray();
        for (int i = 0; i < result.length / size; i++) {
            int start = i / inner * inner * size + i % inner;
            double sum = 0;
            for (int k = 0; k < size; k++) {
                sum += result[start + k * inner];
            }
            for (int k = 0; k < size; k++) {
                result[start + k * inner] /= sum;
            }
        }
        return new Array(x.shape, result);
    }

    private Array localResponse() {
        Array x = in(0);
        int size = (int) integer("size", 1);
        double[] result = new double[x.values.length];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(x.shape, i);
            double sum = 0;
            for (int c = Math.max(0, at[1] - (size - 1) / 2); c <= Math.min(x.shape[1] - 1, at[1] + size / 2); c++) {
                sum += Math.pow(x.at(0, c, at[2], at[3]), 2);
            }
            result[i] = x.values[i] / Math.pow(real("bias", 1) + real("alpha", 1e-4) / size * sum, real("beta", 0.75));
        }
        return new Array(x.shape, result);
    }

    private Array joined() {
        if (in(0).shape.length != in(1).shape.length) {
            return in(0);
        }
        int axis = (int) integer("axis", 0);
        int[] shape = in(0).shape.clone();
        for (int i = 1; i < node.inputs().size(); i++) {
            shape[axis] += in(i).shape[axis];
        }
        double[] result = new double[count(shape)];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            int part = 0;
            while (at[axis] >= in(part).shape[axis]) {
                at[axis] -= in(part++).shape[axis];
            }
            result[i] = in(part).at(at);
        }
        return new Array(shape, result);
    }

    private static Array cut(Array x, int[] start, int[] step, int[] shape) {
        double[] result = new double[count(shape)];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            Arrays.setAll(at, d -> start[d] + at[d] * step[d]);
            result[i] = x.at(at);
        }
        return new Array(shape, result);
    }

    private List<Array> split() {
        int axis = (int) integer("axis", 0);
        Array x = in(0);
        int parts = node.outputs().size();
        Array[] all = new Array[parts];
        int[] start = new int[x.shape.length];
        int[] step = new int[x.shape.length];
        Arrays.fill(step, 1);
        for (int i = 0; i < parts; i++) {
            int[] shape = x.shape.clone();
            shape[axis] = in(1) == null ? x.shape[axis] / parts : (int) in(1).values[i];
            all[i] = cut(x, start, step, shape);
            start[axis] += shape[axis];
        }
        return List.of(all);
    }

    private Array sliced() {
        Array x = in(0);
        int[] start = new int[x.shape.length];
        int[] step = new int[x.shape.length];
        int[] shape = x.shape.clone();
        Arrays.fill(step, 1);
        for (int i = 0; i < in(1).values.length; i++) {
            int axis = (int) in(3).values[i];
            start[axis] = (int) in(1).values[i];
            step[axis] = (int) in(4).values[i];
            int end = (int) Math.min(x.shape[axis], in(2).values[i]);
            shape[axis] = (end - start[axis] + step[axis] - 1) / step[axis];
        }
        return cut(x, start, step, shape);
    }

    private Array padded() {
        Array x = in(0);
        int rank = x.shape.length;
        int[] shape = x.shape.clone();
        for (int d = 0; d < rank; d++) {
            shape[d] += (int) (in(1).values[d] + in(1).values[d + rank]);
        }
        boolean reflect = "reflect".equals(node.attributes().get("mode"));
        double[] result = new double[count(shape)];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            boolean inside = true;
            for (int d = 0; d < rank; d++) {
                at[d] -= (int) in(1).values[d];
                if (reflect) {
                    at[d] = at[d] < 0 ? -at[d] : at[d] >= x.shape[d] ? 2 * x.shape[d] - 2 - at[d] : at[d];
                }
                inside &= at[d] >= 0 && at[d] < x.shape[d];
            }
            result[i] = inside ? x.at(at) : in(2) == null ? 0 : in(2).values[0];
        }
        return new Array(shape, result);
    }

    static Array transposed(Array x, int... permutation) {
        int[] shape = Arrays.stream(permutation).map(d -> x.shape[d]).toArray();
        double[] result = new double[x.values.length];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            int[] from = new int[at.length];
            for (int d = 0; d < at.length; d++) {
                from[permutation[d]] = at[d];
            }
            result[i] = x.at(from);
        }
        return new Array(shape, result);
    }

    private Array nearest() {
        Array x = in(0);
        int[] shape = x.shape.clone();
        shape[2] *= (int) in(2).values[2];
        shape[3] *= (int) in(2).values[3];
        double[] result = new double[count(shape)];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            result[i] = x.at(0, at[1], at[2] * x.shape[2] / shape[2], at[3] * x.shape[3] / shape[3]);
        }
        return new Array(shape, result);
    }

    private Array depthToSpace() {
        Array x = in(0);
        int block = (int) integer("blocksize", 1);
        int channels = x.shape[1] / block / block;
        int[] shape = {1, channels, x.shape[2] * block, x.shape[3] * block};
        boolean depthFirst = !"CRD".equals(node.attributes().get("mode"));
        double[] result = new double[x.values.length];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            int inBlock = at[2] % block * block + at[3] % block;
            result[i] = x.at(0, depthFirst ? inBlock * channels + at[1] : at[1] * block * block + inBlock, at[2] / block, at[3] / block);
        }
        return new Array(shape, result);
    }

    private Array spaceToDepth() {
        Array x = in(0);
        int block = (int) integer("blocksize", 1);
        int[] shape = {1, x.shape[1] * block * block, x.shape[2] / block, x.shape[3] / block};
        double[] result = new double[x.values.length];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            int inBlock = at[1] / x.shape[1];
            result[i] = x.at(0, at[1] % x.shape[1], at[2] * block + inBlock / block, at[3] * block + inBlock % block);
        }
        return new Array(shape, result);
    }
}
