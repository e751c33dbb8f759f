// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Window;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * MultiThreshold with thresholds at any distances: the layer before it makes one sign for each threshold, and a layer
 * of ones counts those of a channel. Exact.
 */
final class UnequalLevels {
    private static final Window PIXEL = new Window(1, 1, 1, 1, 1, 1, Padding.NONE);

    private final Translation network;
    private final Constant thresholds;
    private final int channels;
    private final int count;

    private UnequalLevels(Translation network, Constant thresholds, int channels) {
        this.network = network;
        this.thresholds = thresholds;
        this.channels = channels;
        this.count = thresholds.dimensions()[1];
    }

    static void bind(
            Translation network, SourceNode node, Activation value, Constant thresholds, Activation.Codes codes) {
        // Thresholds for all channels serve whatever a layer before them has as its channels.
        LinearStep before = layerBefore(network, value, thresholds.dimensions()[0]);
        int channels = before == null ? value.dimensions()[1] : before.outputChannels();
        UnequalLevels levels = new UnequalLevels(network, thresholds, channels);
        Activation arranged = before == null ? AffineNodes.last(network, value, 1) : value;
        Shape own = network.draft(arranged).shape;
        Shape shape =
                own.channels() == channels ? own : Shape.map(1, value.layout().elements() / channels, channels);
        LinearStep layer;
        if (before == null) {
            layer = levels.single(
                    network.viewed(arranged.tensorId(), shape), LinearStep.ones(channels), new double[channels]);
        } else if (before.kind() == LinearStep.Kind.AFFINE) {
            network.remove(before);
            layer = levels.single(before.input(), before.factor(), before.bias());
        } else {
            network.remove(before);
            layer = levels.repeated(before);
        }
        Shape wide = shape.elements() == channels && before != null && before.kind() == LinearStep.Kind.FULLY_CONNECTED
                ? Shape.vector(channels * levels.count)
                : Shape.map(shape.height(), shape.width(), channels * levels.count);
        String name = node.outputs().get(0);
        int sums = network.auxiliary(name + " before its thresholds", wide);
        int signs = network.auxiliary(name + " as one bit each", wide);
        network.add(layer.writing(sums));
        network.add(new BinarizeStep(sums, signs, 1, false));
        int output = network.output(node, 0, shape);
        network.draft(output).codes = codes;
        network.add(levels.sum(signs, output, codes));
        network.bind(node, 0, new Activation(output, arranged.layout()).rounded());
    }

    /** The layer that may make the signs, or null where what it makes is compared. */
    private static @Nullable LinearStep layerBefore(Translation network, Activation value, int rows) {
        LinearStep layer = AffineNodes.foldable(network, value, 1, rows);
        return layer != null && (layer.kind() == LinearStep.Kind.AFFINE || SignOf.hasExactSums(layer)) ? layer : null;
    }

    private double threshold(int channel, int k) {
        return thresholds.real((thresholds.dimensions()[0] == 1 ? 0 : channel * count) + k);
    }

    /** Each channel once for each of its thresholds. */
    private LinearStep single(int input, double[] factor, double[] offset) {
        byte[] ones = ones();
        return new LinearStep(
                LinearStep.Kind.CONVOLUTION,
                input,
                input,
                PIXEL,
                channels * count,
                channels,
                Weights.ofCodes(ones, new float[] {1}, 0),
                spread(factor),
                shifted(offset),
                null);
    }

    private byte[] ones() {
        network.charge((long) channels * count);
        byte[] ones = new byte[channels * count];
        Arrays.fill(ones, (byte) 1);
        return ones;
    }

    /** The layer with each output once for each of its thresholds. */
    private LinearStep repeated(LinearStep layer) {
        byte[] once = Objects.requireNonNull(layer.weights().codes());
        int terms = once.length / channels;
        network.charge((long) once.length * count);
        byte[] codes = new byte[Math.multiplyExact(once.length, count)];
        float[] scales = new float[channels * count];
        for (int o = 0; o < channels * count; o++) {
            System.arraycopy(once, o / count * terms, codes, o * terms, terms);
            scales[o] = layer.weights().scale(o / count);
        }
        return new LinearStep(
                layer.kind(),
                layer.input(),
                layer.output(),
                layer.window(),
                channels * count,
                layer.groups(),
                Weights.ofCodes(codes, scales, layer.weights().zeroPoint()),
                spread(layer.factor()),
                shifted(layer.bias()),
                null);
    }

    private double[] spread(double[] values) {
        double[] all = new double[channels * count];
        Arrays.setAll(all, i -> values[i / count]);
        return all;
    }

    private double[] shifted(double[] offset) {
        double[] all = new double[channels * count];
        Arrays.setAll(all, i -> offset[i / count] - threshold(i / count, i % count));
        return all;
    }

    /** Half the sum of n values of +1 and -1, plus n / 2, is the number of +1. */
    private LinearStep sum(int signs, int output, Activation.Codes codes) {
        double[] factor = new double[channels];
        double[] bias = new double[channels];
        Arrays.fill(factor, codes.scale() / 2.0);
        Arrays.fill(bias, (codes.low() - codes.zeroPoint() + count / 2.0) * codes.scale());
        return new LinearStep(
                LinearStep.Kind.CONVOLUTION,
                signs,
                output,
                PIXEL,
                channels,
                channels,
                Weights.ofCodes(ones(), new float[] {1}, 0),
                factor,
                bias,
                null);
    }
}
