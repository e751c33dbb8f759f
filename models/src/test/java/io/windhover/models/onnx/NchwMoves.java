// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.util.Arrays;
import java.util.List;

/** What moves, joins and cuts. */
abstract class NchwMoves extends NchwLayers {
    NchwMoves(OnnxNetwork network) {
        super(network);
    }

    Array joined() {
        if (in(0).shape().length != in(1).shape().length) {
            return in(0);
        }
        int axis = (int) integer("axis", 0);
        int[] shape = in(0).shape().clone();
        for (int i = 1; i < node.inputs().size(); i++) {
            shape[axis] += in(i).shape()[axis];
        }
        double[] result = new double[count(shape)];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            int part = 0;
            while (at[axis] >= in(part).shape()[axis]) {
                at[axis] -= in(part++).shape()[axis];
            }
            result[i] = in(part).at(at);
        }
        return new Array(shape, result);
    }

    static Array cut(Array x, int[] start, int[] step, int[] shape) {
        double[] result = new double[count(shape)];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            Arrays.setAll(at, d -> start[d] + at[d] * step[d]);
            result[i] = x.at(at);
        }
        return new Array(shape, result);
    }

    List<Array> split() {
        int axis = (int) integer("axis", 0);
        Array x = in(0);
        int parts = node.outputs().size();
        Array[] all = new Array[parts];
        int[] start = new int[x.shape().length];
        int[] step = new int[x.shape().length];
        Arrays.fill(step, 1);
        for (int i = 0; i < parts; i++) {
            int[] shape = x.shape().clone();
            shape[axis] = in(1) == null ? x.shape()[axis] / parts : (int) in(1).values()[i];
            all[i] = cut(x, start, step, shape);
            start[axis] += shape[axis];
        }
        return List.of(all);
    }

    Array sliced() {
        Array x = in(0);
        int[] start = new int[x.shape().length];
        int[] step = new int[x.shape().length];
        int[] shape = x.shape().clone();
        Arrays.fill(step, 1);
        for (int i = 0; i < in(1).values().length; i++) {
            int axis = (int) in(3).values()[i];
            int size = x.shape()[axis];
            step[axis] = (int) in(4).values()[i];
            int lowest = step[axis] < 0 ? -1 : 0;
            int highest = step[axis] < 0 ? size - 1 : size;
            start[axis] = bound(in(1).values()[i], size, 0, highest);
            int end = bound(in(2).values()[i], size, lowest, highest);
            shape[axis] = Math.max(0, (int) Math.ceil((end - start[axis]) / (double) step[axis]));
        }
        return cut(x, start, step, shape);
    }

    private static int bound(double position, int size, int lowest, int highest) {
        return (int) Math.max(lowest, Math.min(highest, position < 0 ? position + size : position));
    }

    Array padded() {
        Array x = in(0);
        int rank = x.shape().length;
        int[] shape = x.shape().clone();
        for (int d = 0; d < rank; d++) {
            shape[d] += (int) (in(1).values()[d] + in(1).values()[d + rank]);
        }
        String mode = (String) node.attributes().getOrDefault("mode", "constant");
        double[] result = new double[count(shape)];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            boolean inside = true;
            for (int d = 0; d < rank; d++) {
                at[d] -= (int) in(1).values()[d];
                int size = x.shape()[d];
                at[d] = switch (mode) {
                    case "reflect" -> at[d] < 0 ? -at[d] : at[d] >= size ? 2 * size - 2 - at[d] : at[d];
                    case "edge" -> Math.max(0, Math.min(size - 1, at[d]));
                    case "wrap" -> (at[d] + 10 * size) % size;
                    default -> at[d];
                };
                inside &= at[d] >= 0 && at[d] < x.shape()[d];
            }
            result[i] = inside ? x.at(at) : in(2) == null ? 0 : in(2).values()[0];
        }
        return new Array(shape, result);
    }

    static Array transposed(Array x, int... permutation) {
        int[] shape = Arrays.stream(permutation).map(d -> x.shape()[d]).toArray();
        double[] result = new double[x.values().length];
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

    Array resized() {
        boolean old = network.opset < 11;
        return NchwResizing.of(node, old, in(0), in(old ? 1 : 2), old ? null : in(3));
    }

    Array gathered() {
        Array x = in(0);
        int axis = (int) integer("axis", 0);
        int size = x.shape()[axis];
        int[] shape = x.shape().clone();
        shape[axis] = in(1).values().length;
        double[] result = new double[count(shape)];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            int index = (int) in(1).values()[at[axis]];
            at[axis] = index < 0 ? index + size : index;
            result[i] = x.at(at);
        }
        return new Array(integers(OnnxNetwork.SHAPE), result);
    }

    Array depthToSpace() {
        Array x = in(0);
        int block = (int) integer("blocksize", 1);
        int channels = x.shape()[1] / block / block;
        int[] shape = {1, channels, x.shape()[2] * block, x.shape()[3] * block};
        boolean depthFirst = !"CRD".equals(node.attributes().get("mode"));
        double[] result = new double[x.values().length];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            int inBlock = at[2] % block * block + at[3] % block;
            result[i] = x.at(
                    0,
                    depthFirst ? inBlock * channels + at[1] : at[1] * block * block + inBlock,
                    at[2] / block,
                    at[3] / block);
        }
        return new Array(shape, result);
    }

    Array spaceToDepth() {
        Array x = in(0);
        int block = (int) integer("blocksize", 1);
        int[] shape = {1, x.shape()[1] * block * block, x.shape()[2] / block, x.shape()[3] / block};
        double[] result = new double[x.values().length];
        for (int i = 0; i < result.length; i++) {
            int[] at = coordinates(shape, i);
            int inBlock = at[1] / x.shape()[1];
            result[i] = x.at(0, at[1] % x.shape()[1], at[2] * block + inBlock / block, at[3] * block + inBlock % block);
        }
        return new Array(shape, result);
    }
}
