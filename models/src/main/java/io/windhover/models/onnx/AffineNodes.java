// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What multiplies and shifts per channel: batch normalisation, and sums and products with constants. Folded into the
 * layer before where there is one.
 */
final class AffineNodes {
    private AffineNodes() {}

    static void batchNormalization(Translation network, SourceNode node) {
        Activation value = network.activation(node, 0);
        node.require(node.integer("training_mode", 0) == 0, "it is in training mode.");
        node.require(node.integer("spatial", 1) == 1, "it normalises each pixel by itself.");
        node.require(value.layout().rank() >= 2, "its input has one dimension.");
        int channels = value.dimensions()[1];
        double[][] parameters = new double[4][];
        for (int i = 0; i < 4; i++) {
            parameters[i] = network.constant(node, i + 1).reals();
            node.require(
                    parameters[i].length == channels,
                    "its input %d has %d elements for %d channels.",
                    i + 1,
                    parameters[i].length,
                    channels);
        }
        double epsilon = node.real("epsilon", 1e-5f);
        double[] factor = new double[channels];
        double[] offset = new double[channels];
        for (int c = 0; c < channels; c++) {
            factor[c] = parameters[0][c] / Math.sqrt(parameters[3][c] + epsilon);
            offset[c] = parameters[1][c] - parameters[2][c] * factor[c];
            node.require(
                    Double.isFinite(factor[c]) && Double.isFinite(offset[c]),
                    "channel %d has variance %s.",
                    c,
                    parameters[3][c]);
        }
        apply(network, node, value, 1, factor, offset);
    }

    /**
     * Add, Sub, Mul or Div of a value and a constant, where that is one number or one per index of a dimension.
     *
     * @param constantFirst the constant is the first operand
     * @return false when it is something else
     */
    static boolean withConstant(
            Translation network, SourceNode node, Activation value, Constant constant, boolean constantFirst) {
        int rank = value.layout().rank();
        if (constant.dimensions().length > rank) {
            Layout wider = value.layout().padded(constant.dimensions().length);
            return withConstant(network, node, value.with(wider), constant, constantFirst);
        }
        int[] dimensions = Dimensions.padded(constant.dimensions(), rank);
        int varying = -1;
        for (int d = 0; d < rank; d++) {
            if (dimensions[d] > 1) {
                if (varying >= 0 || dimensions[d] != value.dimensions()[d]) {
                    return false;
                }
                varying = d;
            }
        }
        if (constant.count() == 0 || (node.operator().equals("Div") && constantFirst)) {
            return false;
        }
        double[] numbers = constant.reals();
        double[] factor = LinearStep.ones(numbers.length);
        double[] offset = new double[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            switch (node.operator()) {
                case "Add" -> offset[i] = numbers[i];
                case "Mul" -> factor[i] = numbers[i];
                case "Div" -> factor[i] = 1 / numbers[i];
                default -> {
                    factor[i] = constantFirst ? -1 : 1;
                    offset[i] = constantFirst ? numbers[i] : -numbers[i];
                }
            }
            node.require(
                    Double.isFinite(factor[i]) && Double.isFinite(offset[i]), "its constant holds %s.", numbers[i]);
        }
        apply(network, node, value, varying, factor, offset);
        return true;
    }

    private static void apply(
            Translation network, SourceNode node, Activation value, int dimension, double[] factor, double[] offset) {
        network.bind(node, 0, scaled(network, node, value, dimension, factor, offset));
    }

    /** The value times a factor plus an offset per index of dimension 1, as a step before what the node itself does. */
    static Activation shifted(
            Translation network, SourceNode node, Activation value, double[] factor, double[] offset) {
        return scaled(network, node, value, factor.length == 1 ? -1 : 1, factor, offset);
    }

    /** Applies one factor and offset per index of a dimension, or one for all where the dimension is -1. */
    private static Activation scaled(
            Translation network, SourceNode node, Activation value, int dimension, double[] factor, double[] offset) {
        LinearStep before = foldable(network, value, dimension, factor.length);
        if (before != null) {
            network.replace(
                    before.then(spread(factor, before.outputChannels()), spread(offset, before.outputChannels())));
            network.rename(before.output(), node, 0);
            network.draft(before.output()).node = node;
            return value;
        }
        Activation arranged = value;
        Shape shape = network.draft(value).shape;
        if (factor.length > 1) {
            arranged = last(network, value, dimension);
            shape = Shape.map(1, value.layout().elements() / factor.length, factor.length);
            shape = network.draft(arranged).shape.channels() == factor.length ? network.draft(arranged).shape : shape;
        }
        network.draft(arranged).readRounded |= value.isQuantized();
        network.draft(arranged).readAsIs |= !value.isQuantized();
        int channels = shape.channels();
        int output = network.output(node, 0, shape);
        network.add(LinearStep.affine(
                network.viewed(arranged.tensorId(), shape),
                output,
                spread(factor, channels),
                spread(offset, channels)));
        return new Activation(output, arranged.layout());
    }

    private static double[] spread(double[] values, int channels) {
        if (values.length == channels) {
            return values;
        }
        double[] all = new double[channels];
        Arrays.fill(all, values[0]);
        return all;
    }

    /** The value with this dimension stored innermost, as one run. */
    static Activation last(Translation network, Activation value, int dimension) {
        Layout layout = value.layout();
        int[] axes = layout.dimensions()[dimension];
        if (axes.length == 0 || (axes.length == 1 && axes[0] == layout.sizes().length - 1)) {
            return value;
        }
        int rank = layout.rank();
        int[] order = new int[rank];
        int next = 0;
        for (int d = 0; d < rank; d++) {
            if (d != dimension) {
                order[next++] = d;
            }
        }
        order[rank - 1] = dimension;
        return network.arranged(value, order);
    }

    /** The layer that makes the value, if only this node reads it and its output channels are the dimension. */
    static @Nullable LinearStep foldable(Translation network, Activation value, int dimension, int count) {
        if (!network.draft(value).isReadOnce() || !(network.producer(value.tensorId()) instanceof LinearStep layer)) {
            return null;
        }
        if (count == 1) {
            return layer;
        }
        int[] axes = value.layout().dimensions()[dimension];
        boolean innermost = axes.length == 1 && axes[0] == value.layout().sizes().length - 1;
        return innermost && layer.outputChannels() == count ? layer : null;
    }
}
