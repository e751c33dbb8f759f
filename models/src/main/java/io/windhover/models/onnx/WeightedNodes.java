// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Window;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Conv, ConvTranspose, Gemm and MatMul. */
final class WeightedNodes {
    private static final int MAXIMUM_DENSE = 1 << 26;

    private WeightedNodes() {}

    private static int[] weightShape(Translation network, SourceNode node, int rank) {
        node.require(
                network.isConstant(node, 1),
                "its weights '%s' are computed per frame; only constant weights are supported.",
                node.inputs().get(1));
        int[] shape = network.value(node, 1).dimensions();
        node.require(shape.length == rank, "its weights have %d dimensions instead of %d.", shape.length, rank);
        node.require(Dimensions.count(shape) > 0, "its weights are empty.");
        network.charge(Dimensions.count(shape));
        return shape;
    }

    private static int[] kernel(SourceNode node, int[] weightShape) {
        int spatial = weightShape.length - 2;
        int[] kernel = {spatial == 2 ? weightShape[2] : 1, weightShape[weightShape.length - 1]};
        node.require(
                node.integers("kernel_shape") == null
                        || Arrays.equals(Windows.pair(node, "kernel_shape", 1, spatial), kernel),
                "its kernel_shape and its weights of shape %s differ.",
                Arrays.toString(weightShape));
        return kernel;
    }

    static void convolution(Translation network, SourceNode node) {
        MapView map = MapView.of(network, node, network.activation(node, 0));
        int[] shape = weightShape(network, node, map.rank());
        int outputChannels = shape[0];
        int groupInputs = shape[1];
        int[] kernel = kernel(node, shape);
        long groups = node.integer("group", 1);
        node.require(
                groups >= 1 && (long) groupInputs * groups == map.channels() && outputChannels % groups == 0,
                "its weights of shape %s do not fit %d channels in %d groups.",
                Arrays.toString(shape),
                map.channels(),
                groups);
        Window window = Windows.read(node, map, kernel);
        int taps = kernel[0] * kernel[1];
        IntUnaryOperator source =
                i -> i / (taps * groupInputs) * taps * groupInputs + i % groupInputs * taps + i / groupInputs % taps;
        Weights weights = Weights.gather(network.value(node, 1), Dimensions.count(shape), outputChannels, 0, source);
        int height = window.outputHeight(map.height());
        int width = window.outputWidth(map.width());
        node.require(
                height > 0 && width > 0,
                "its kernel %dx%d does not fit its input of %dx%d.",
                kernel[0],
                kernel[1],
                map.height(),
                map.width());
        int output = network.output(node, 0, Shape.map(height, width, outputChannels));
        LinearStep layer = new LinearStep(
                LinearStep.Kind.CONVOLUTION,
                map.tensorId(),
                output,
                window,
                outputChannels,
                (int) groups,
                weights,
                LinearStep.ones(outputChannels),
                new double[outputChannels],
                null);
        network.add(biased(network, node, layer, 2));
        network.bind(node, 0, new Activation(output, map.layout(height, width, outputChannels)));
    }

    static void transposed(Translation network, SourceNode node) {
        MapView map = MapView.of(network, node, network.activation(node, 0));
        int[] shape = weightShape(network, node, map.rank());
        int[] kernel = kernel(node, shape);
        int groups = (int) Math.max(1, Math.min(1 << 20, node.integer("group", 1)));
        int inputs = shape[0];
        int outputChannels = Math.multiplyExact(shape[1], groups);
        node.require(
                inputs == map.channels() && inputs % groups == 0,
                "its weights of shape %s do not fit %d channels in %d groups.",
                Arrays.toString(shape),
                map.channels(),
                groups);
        TransposedWindow placed = TransposedWindow.read(node, map, kernel);
        Window window = placed.window();
        int taps = window.kernelHeight() * window.kernelWidth();
        long count = (long) outputChannels * taps * inputs;
        node.require(
                count <= MAXIMUM_DENSE,
                "it would become %d dense weights (%d groups, kernel %dx%d with its dilation); the most is %d.",
                count,
                groups,
                window.kernelHeight(),
                window.kernelWidth(),
                MAXIMUM_DENSE);
        network.charge(count);
        int groupInputs = inputs / groups;
        int groupOutputs = shape[1];
        IntUnaryOperator source = i -> {
            int from = i % inputs;
            int to = i / (inputs * taps);
            int tap = placed.tap(i / inputs % taps);
            boolean same = from / groupInputs == to / groupOutputs;
            return same && tap >= 0 ? (from * groupOutputs + to % groupOutputs) * kernel[0] * kernel[1] + tap : -1;
        };
        NamedValue stored = network.value(node, 1);
        boolean perInput = groupInputs == 1 && stored instanceof CodedConstant coded && coded.axis() == 0;
        Weights weights = Weights.gather(
                stored, (int) count, outputChannels, perInput ? 0 : 1, perInput ? groupOutputs : 1, source);
        int height = placed.outputHeight(map.height());
        int width = placed.outputWidth(map.width());
        node.require(height > 0 && width > 0, "it makes a map of %dx%d.", height, width);
        int output = network.output(node, 0, Shape.map(height, width, outputChannels));
        network.add(biased(
                network,
                node,
                new LinearStep(
                        LinearStep.Kind.TRANSPOSED,
                        map.tensorId(),
                        output,
                        window,
                        outputChannels,
                        1,
                        weights,
                        LinearStep.ones(outputChannels),
                        new double[outputChannels],
                        null),
                2));
        network.bind(node, 0, new Activation(output, map.layout(height, width, outputChannels)));
    }

    /** The layer with the bias of this input, if there is one. */
    private static LinearStep biased(Translation network, SourceNode node, LinearStep layer, int input) {
        if (!node.hasInput(input)) {
            return layer;
        }
        NamedValue value = network.value(node, input);
        Constant bias = network.constant(node, input);
        int channels = layer.outputChannels();
        node.require(bias.count() == channels, "it has %d biases for %d output channels.", bias.count(), channels);
        return layer.withBias(bias.reals(), biasCodes(value, layer, network.draft(layer.input()).codes));
    }

    /** Bias codes of the file where their scale is the layer's: input scale times weight scale. */
    private static int @Nullable [] biasCodes(NamedValue value, LinearStep layer, Activation.@Nullable Codes input) {
        if (!(value instanceof CodedConstant coded)
                || input == null
                || layer.weights().codes() == null) {
            return null;
        }
        int[] codes = new int[layer.outputChannels()];
        for (int o = 0; o < codes.length; o++) {
            int channel = coded.scales().length == 1 ? 0 : o;
            double expected = (double) input.scale() * layer.weights().scale(o);
            if (Math.abs(coded.scales()[channel] - expected) > 1e-5 * expected || coded.zeroPoints()[channel] != 0) {
                return null;
            }
            codes[o] = (int) coded.codes().integer(o);
        }
        return codes;
    }

    static void gemm(Translation network, SourceNode node) {
        node.require(node.integer("transA", 0) == 0, "it transposes its first input.");
        Activation value = network.activation(node, 0);
        node.require(
                value.layout().rank() == 2,
                "its input has %d dimensions instead of 2.",
                value.layout().rank());
        boolean transposed = node.integer("transB", 0) != 0;
        int[] shape = weightShape(network, node, 2);
        int outputs = transposed ? shape[0] : shape[1];
        double alpha = node.real("alpha", 1);
        double beta = node.real("beta", 1);
        LinearStep layer = dense(network, node, value, shape, transposed);
        if (alpha != 1) {
            layer = layer.then(filled(outputs, alpha), new double[outputs]);
        }
        if (node.hasInput(2)) {
            Constant bias = network.constant(node, 2);
            requirePerColumn(node, bias.dimensions(), outputs);
            if (bias.count() == outputs && beta == 1 && alpha == 1) {
                layer = biased(network, node, layer, 2);
            } else {
                double[] offset = new double[outputs];
                Arrays.setAll(offset, o -> beta * bias.real(bias.count() == 1 ? 0 : o));
                layer = layer.then(LinearStep.ones(outputs), offset);
            }
        }
        finish(network, node, layer, new int[] {value.dimensions()[0], outputs});
    }

    /** A bias is one number, or one for each column; one for each row has as many elements where both are as many. */
    static void requirePerColumn(SourceNode node, int[] shape, int columns) {
        int last = shape.length == 0 ? 1 : shape[shape.length - 1];
        node.require(
                shape.length <= 2 && Dimensions.count(shape) == last && (last == columns || last == 1),
                "its biases have shape %s; one for each of %d outputs, or one for all, is supported.",
                Arrays.toString(shape),
                columns);
    }

    /** True for one matrix, whatever dimensions of 1 stand before it. */
    private static boolean isMatrix(int[] shape) {
        return shape.length >= 2 && Arrays.stream(shape, 0, shape.length - 2).allMatch(size -> size == 1);
    }

    static void matMul(Translation network, SourceNode node) {
        int[] shape = network.value(node, 1).dimensions();
        if (network.value(node, 1) instanceof Activation || !isMatrix(shape)) {
            HostNodes.multiply(network, node);
            return;
        }
        Activation value = network.activation(node, 0);
        int[] matrix = Arrays.copyOfRange(shape, shape.length - 2, shape.length);
        weightShape(network, node, shape.length);
        int rank = value.layout().rank();
        int[] result =
                Dimensions.padded(value.dimensions(), Math.max(rank, rank == 1 ? shape.length - 1 : shape.length));
        result[result.length - 1] = matrix[1];
        finish(network, node, dense(network, node, value, matrix, false), result);
    }

    private static double[] filled(int count, double value) {
        double[] values = new double[count];
        Arrays.fill(values, value);
        return values;
    }

    /** A fully-connected layer over the last dimension; over several rows of it, a convolution of 1x1. */
    private static LinearStep dense(
            Translation network, SourceNode node, Activation value, int[] shape, boolean transposed) {
        int[] dimensions = value.dimensions();
        int inputs = dimensions[dimensions.length - 1];
        int outputs = transposed ? shape[0] : shape[1];
        node.require(
                inputs == (transposed ? shape[1] : shape[0]),
                "its input has %d columns, but its weights have shape %s.",
                inputs,
                Arrays.toString(shape));
        int rows = Dimensions.count(dimensions) / inputs;
        Activation read = rows == 1 ? value : network.arranged(value, rowMajor(dimensions.length));
        int[] stored = rows == 1
                ? value.layout().source()
                : Layout.rowMajor(new int[] {inputs}).source();
        IntUnaryOperator source = transposed
                ? i -> i / inputs * inputs + stored[i % inputs]
                : i -> stored[i % inputs] * outputs + i / inputs;
        int axis = network.value(node, 1).dimensions().length - (transposed ? 2 : 1);
        Weights weights = Weights.gather(network.value(node, 1), inputs * outputs, outputs, axis, source);
        if (rows == 1) {
            return LinearStep.fullyConnected(
                    read.tensorId(), network.output(node, 0, Shape.vector(outputs)), outputs, weights);
        }
        int input = network.viewed(read.tensorId(), Shape.map(1, rows, inputs));
        return new LinearStep(
                LinearStep.Kind.CONVOLUTION,
                input,
                network.output(node, 0, Shape.map(1, rows, outputs)),
                Window.square(1, 1, 0),
                outputs,
                1,
                weights,
                LinearStep.ones(outputs),
                new double[outputs],
                null);
    }

    private static int[] rowMajor(int rank) {
        int[] order = new int[rank];
        Arrays.setAll(order, d -> d);
        return order;
    }

    private static void finish(Translation network, SourceNode node, LinearStep layer, int[] result) {
        network.add(layer);
        network.bind(node, 0, new Activation(layer.output(), Layout.rowMajor(result)));
    }
}
