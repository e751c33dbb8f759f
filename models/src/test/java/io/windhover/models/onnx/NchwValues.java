// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Values of an ONNX network by their definition, row-major and in double precision. */
abstract class NchwValues {
    record Array(int[] shape, double[] values) {
        double at(int... index) {
            int position = 0;
            for (int d = 0; d < index.length; d++) {
                position = position * shape[d] + index[d];
            }
            return values[position];
        }
    }

    final Map<String, Array> values = new HashMap<>();
    final OnnxNetwork network;
    /** The node being computed. */
    OnnxNetwork.Node node;

    NchwValues(OnnxNetwork network) {
        this.network = network;
    }

    Array in(int input) {
        return input < node.inputs().size() ? values.get(node.inputs().get(input)) : null;
    }

    long integer(String name, long otherwise) {
        return node.attributes().get(name) instanceof Number number ? number.longValue() : otherwise;
    }

    double real(String name, double otherwise) {
        return node.attributes().get(name) instanceof Number number ? number.doubleValue() : otherwise;
    }

    int[] integers(String name, int... otherwise) {
        return node.attributes().get(name) instanceof long[] given
                ? Arrays.stream(given).mapToInt(value -> (int) value).toArray()
                : otherwise;
    }

    static int count(int... shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    Array each(DoubleUnaryOperator function) {
        return new Array(in(0).shape, Arrays.stream(in(0).values).map(function).toArray());
    }

    @FunctionalInterface
    interface ByChannel {
        double of(double x, int channel);
    }

    Array perChannel(ByChannel function) {
        Array x = in(0);
        int inner = count(Arrays.copyOfRange(x.shape, 2, x.shape.length));
        double[] result = new double[x.values.length];
        Arrays.setAll(result, i -> function.of(x.values[i], i / inner % x.shape[1]));
        return new Array(x.shape, result);
    }

    Array pair(DoubleBinaryOperator function) {
        return pairOf(in(0), in(1), function);
    }

    static Array pairOf(Array first, Array second, DoubleBinaryOperator function) {
        int[] shape = Dimensions.broadcast(first.shape, second.shape);
        double[] result = new double[count(shape)];
        Arrays.setAll(result, i -> function.applyAsDouble(spread(first, shape, i), spread(second, shape, i)));
        return new Array(shape, result);
    }

    static double spread(Array from, int[] shape, int index) {
        int[] padded = Dimensions.padded(from.shape, shape.length);
        int position = 0;
        int[] coordinates = coordinates(shape, index);
        for (int d = 0; d < shape.length; d++) {
            position = position * padded[d] + (padded[d] == 1 ? 0 : coordinates[d]);
        }
        return from.values[position];
    }

    static int[] coordinates(int[] shape, int index) {
        int[] coordinates = new int[shape.length];
        for (int d = shape.length - 1; d >= 0; d--) {
            coordinates[d] = index % shape[d];
            index /= shape[d];
        }
        return coordinates;
    }
}
