// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;

/** Layers, pools and normalisations over channels-first maps. */
abstract class NchwLayers extends NchwValues {
    NchwLayers(OnnxNetwork network) {
        super(network);
    }

    /** Pads of a 4-D node as top, left, bottom, right. */
    int[] pads(int[] in, int[] kernel, int[] strides, int[] dilations) {
        String automatic = (String) node.attributes().getOrDefault("auto_pad", "NOTSET");
        if (automatic.equals("NOTSET")) {
            return integers("pads", 0, 0, 0, 0);
        }
        int[] pads = new int[4];
        for (int side = 0; side < 2; side++) {
            int out = (in[side + 2] + strides[side] - 1) / strides[side];
            int total =
                    Math.max(0, (out - 1) * strides[side] + (kernel[side] - 1) * dilations[side] + 1 - in[side + 2]);
            pads[side] = automatic.equals("SAME_UPPER") ? total / 2 : total - total / 2;
            pads[side + 2] = total - pads[side];
        }
        return pads;
    }

    Array convolution() {
        Array x = in(0);
        Array w = in(1);
        int[] strides = integers("strides", 1, 1);
        int[] dilations = integers("dilations", 1, 1);
        int groups = (int) integer("group", 1);
        int[] kernel = {w.shape()[2], w.shape()[3]};
        int[] pads = pads(x.shape(), kernel, strides, dilations);
        int height = (x.shape()[2] + pads[0] + pads[2] - (kernel[0] - 1) * dilations[0] - 1) / strides[0] + 1;
        int width = (x.shape()[3] + pads[1] + pads[3] - (kernel[1] - 1) * dilations[1] - 1) / strides[1] + 1;
        int[] shape = {1, w.shape()[0], height, width};
        double[] result = new double[count(shape)];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            int group = at[1] / (w.shape()[0] / groups);
            double sum = in(2) == null ? 0 : in(2).values()[at[1]];
            for (int k = 0; k < w.shape()[1] * kernel[0] * kernel[1]; k++) {
                int c = k / kernel[1] / kernel[0];
                int ky = k / kernel[1] % kernel[0];
                int kx = k % kernel[1];
                int y = at[2] * strides[0] - pads[0] + ky * dilations[0];
                int xx = at[3] * strides[1] - pads[1] + kx * dilations[1];
                if (y >= 0 && y < x.shape()[2] && xx >= 0 && xx < x.shape()[3]) {
                    sum += x.at(0, group * w.shape()[1] + c, y, xx) * w.at(at[1], c, ky, kx);
                }
            }
            result[i] = sum;
        }
        return new Array(shape, result);
    }

    /** With SAME padding the result is as many times larger as the strides say. */
    Array transposedConvolution() {
        Array x = in(0);
        Array w = in(1);
        int[] strides = integers("strides", 1, 1);
        int[] dilations = integers("dilations", 1, 1);
        int[] extra = integers("output_padding", 0, 0);
        int[] pads = integers("pads", 0, 0, 0, 0);
        String automatic = (String) node.attributes().getOrDefault("auto_pad", "NOTSET");
        int[] size = new int[2];
        for (int side = 0; side < 2; side++) {
            int span = (w.shape()[side + 2] - 1) * dilations[side] + 1;
            size[side] = (x.shape()[side + 2] - 1) * strides[side] + span + extra[side] - pads[side] - pads[side + 2];
            if (automatic.startsWith("SAME")) {
                int total = Math.max(0, span + extra[side] - strides[side]);
                pads[side] = automatic.equals("SAME_UPPER") ? total / 2 : total - total / 2;
                size[side] = x.shape()[side + 2] * strides[side];
            }
        }
        int groups = (int) integer("group", 1);
        int height = size[0];
        int width = size[1];
        int[] shape = {1, w.shape()[1] * groups, height, width};
        double[] result = new double[count(shape)];
        Arrays.setAll(result, i -> in(2) == null ? 0 : in(2).values()[i / height / width]);
        for (int c = 0; c < x.shape()[1]; c++) {
            for (int k = 0; k < count(x.shape()[2], x.shape()[3], w.shape()[1], w.shape()[2], w.shape()[3]); k++) {
                int[] at = coordinates(
                        new int[] {x.shape()[2], x.shape()[3], w.shape()[1], w.shape()[2], w.shape()[3]}, k);
                int y = at[0] * strides[0] - pads[0] + at[3] * dilations[0];
                int xx = at[1] * strides[1] - pads[1] + at[4] * dilations[1];
                int o = c / (x.shape()[1] / groups) * w.shape()[1] + at[2];
                if (y >= 0 && y < height && xx >= 0 && xx < width) {
                    result[(o * height + y) * width + xx] += x.at(0, c, at[0], at[1]) * w.at(c, at[2], at[3], at[4]);
                }
            }
        }
        return new Array(shape, result);
    }

    Array gemm() {
        boolean transposed = integer("transB", 0) != 0;
        Array b = in(1);
        int outputs = transposed ? b.shape()[0] : b.shape()[1];
        double[] result = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            double sum = 0;
            for (int i = 0; i < in(0).shape()[1]; i++) {
                sum += in(0).values()[i] * (transposed ? b.at(o, i) : b.at(i, o));
            }
            result[o] = real("alpha", 1) * sum
                    + (in(2) == null ? 0 : real("beta", 1) * in(2).values()[o % in(2).values().length]);
        }
        return new Array(new int[] {1, outputs}, result);
    }

    /** Right is a column, one matrix, or one for each of left's. */
    Array matMul() {
        Array a = in(0);
        double[] b = in(1).values();
        int rank = in(1).shape().length;
        int inner = in(1).shape()[Math.max(0, rank - 2)];
        int columns = rank == 1 ? 1 : in(1).shape()[rank - 1];
        int rows = a.shape().length < 2 ? 1 : a.shape()[a.shape().length - 2];
        double[] result = new double[a.values().length / inner * columns];
        for (int i = 0; i < result.length; i++) {
            int matrix = i / columns / rows * inner * columns % b.length;
            for (int k = 0; k < inner; k++) {
                result[i] += a.values()[i / columns * inner + k] * b[matrix + k * columns + i % columns];
            }
        }
        int[] shape = a.shape().clone();
        shape[shape.length - 1] = columns;
        return new Array(shape, result);
    }

    /** Positions of padding that the node names count in an average where it says so; those beyond never do. */
    Array pool(boolean maximum) {
        Array x = in(0);
        int[] kernel = integers("kernel_shape");
        int[] strides = integers("strides", 1, 1);
        int[] dilations = integers("dilations", 1, 1);
        int[] pads = pads(x.shape(), kernel, strides, dilations);
        int[] size = new int[2];
        for (int side = 0; side < 2; side++) {
            int slack = x.shape()[side + 2] + pads[side] + pads[side + 2] - (kernel[side] - 1) * dilations[side] - 1;
            boolean up = integer("ceil_mode", 0) != 0;
            size[side] = Math.floorDiv(up ? slack + strides[side] - 1 : slack, strides[side]) + 1;
            size[side] -= (size[side] - 1) * strides[side] >= x.shape()[side + 2] + pads[side] ? 1 : 0;
        }
        int[] shape = {1, x.shape()[1], size[0], size[1]};
        double[] result = new double[count(shape)];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            double best = Double.NEGATIVE_INFINITY;
            double sum = 0;
            int valid = 0;
            int named = 0;
            for (int k = 0; k < kernel[0] * kernel[1]; k++) {
                int y = at[2] * strides[0] - pads[0] + k / kernel[1] * dilations[0];
                int xx = at[3] * strides[1] - pads[1] + k % kernel[1] * dilations[1];
                if (y >= 0 && y < x.shape()[2] && xx >= 0 && xx < x.shape()[3]) {
                    best = Math.max(best, x.at(0, at[1], y, xx));
                    sum += x.at(0, at[1], y, xx);
                    valid++;
                }
                named += y < x.shape()[2] + pads[2] && xx < x.shape()[3] + pads[3] ? 1 : 0;
            }
            result[i] = maximum ? best : sum / (integer("count_include_pad", 0) != 0 ? named : valid);
        }
        return new Array(shape, result);
    }

    Array reduced(int... axes) {
        Array sums = folded(Double::sum, axes);
        double share = (double) sums.values().length / in(0).values().length;
        return new Array(
                sums.shape(),
                Arrays.stream(sums.values()).map(sum -> sum * share).toArray());
    }

    Array folded(DoubleBinaryOperator function) {
        return folded(
                function,
                in(1) == null
                        ? integers("axes")
                        : Arrays.stream(in(1).values())
                                .mapToInt(axis -> (int) axis)
                                .toArray());
    }

    private Array folded(DoubleBinaryOperator function, int... axes) {
        Array x = in(0);
        int[] shape = ones(x.shape(), axes);
        double[] result = new double[count(shape)];
        boolean[] begun = new boolean[result.length];
        for (int i = 0; i < x.values().length; i++) {
            int position = position(shape, coordinates(x.shape(), i));
            result[position] =
                    begun[position] ? function.applyAsDouble(result[position], x.values()[i]) : x.values()[i];
            begun[position] = true;
        }
        return integer("keepdims", 1) != 0 ? new Array(shape, result) : new Array(integers(OnnxNetwork.SHAPE), result);
    }

    private static int[] ones(int[] shape, int... axes) {
        int[] reduced = shape.clone();
        for (int axis : axes) {
            reduced[axis] = 1;
        }
        return reduced;
    }

    private static int position(int[] shape, int... at) {
        int position = 0;
        for (int d = 0; d < shape.length; d++) {
            position = position * shape[d] + (shape[d] == 1 ? 0 : at[d]);
        }
        return position;
    }

    /** Where the element is that is largest after multiplication by the sign. */
    Array extreme(int sign) {
        Array x = in(0);
        int axis = (int) integer("axis", 0);
        int[] shape = ones(x.shape(), axis);
        double[] result = new double[count(shape)];
        double[] best = new double[result.length];
        Arrays.fill(best, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < x.values().length; i++) {
            int[] at = coordinates(x.shape(), i);
            int position = position(shape, at);
            double value = sign * x.values()[i];
            if (value > best[position] || (value == best[position] && integer("select_last_index", 0) != 0)) {
                best[position] = value;
                result[position] = at[axis];
            }
        }
        return integer("keepdims", 1) != 0 ? new Array(shape, result) : new Array(integers(OnnxNetwork.SHAPE), result);
    }

    Array softmax() {
        Array x = in(0);
        int axis = (int) integer("axis", network.opset < 13 ? 1 : -1);
        axis = axis < 0 ? axis + x.shape().length : axis;
        int inner = count(Arrays.copyOfRange(x.shape(), axis + 1, x.shape().length));
        int size = x.shape()[axis];
        if (network.opset < 13) {
            size *= inner;
            inner = 1;
        }
        double[] result = Arrays.stream(x.values()).map(Math::exp).toArray();
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
        return new Array(x.shape(), result);
    }

    Array localResponse() {
        Array x = in(0);
        int size = (int) integer("size", 1);
        double[] result = new double[x.values().length];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(x.shape(), i);
            double sum = 0;
            for (int c = Math.max(0, at[1] - (size - 1) / 2); c <= Math.min(x.shape()[1] - 1, at[1] + size / 2); c++) {
                sum += Math.pow(x.at(0, c, at[2], at[3]), 2);
            }
            result[i] =
                    x.values()[i] / Math.pow(real("bias", 1) + real("alpha", 1e-4) / size * sum, real("beta", 0.75));
        }
        return new Array(x.shape(), result);
    }
}
