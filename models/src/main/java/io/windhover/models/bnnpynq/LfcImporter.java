// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.bnnpynq;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.BinaryFullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** LFC: four fully-connected layers over the bits of 28 x 28 pixels; the class is furthest above its threshold. */
final class LfcImporter {
    static final int LAYERS = 4;

    private static final int PIXELS = 28 * 28;
    private static final int NEURONS = 1024;
    /** Reads the pixels' bits and 48 bits that are always 0. */
    private static final LayerSize FIRST = new LayerSize(0, NEURONS, 832);

    private static final List<LayerSize> HIDDEN =
            List.of(FIRST, new LayerSize(1, NEURONS, NEURONS), new LayerSize(2, NEURONS, NEURONS));
    private static final LayerSize LAST = new LayerSize(LAYERS - 1, BinaryLayer.LAST_NEURONS, NEURONS);

    private final ParameterFolder parameters;
    private final Precision precision;
    private final GraphBuilder graph;

    LfcImporter(ParameterFolder parameters, String name) {
        this.parameters = parameters;
        precision = Precision.of(parameters, HIDDEN, LAST);
        require(
                precision.weightBits() == 1,
                "its four layers have weights of two bits; BNN-PYNQ's LFC has one-bit weights.");
        graph = new GraphBuilder(name);
    }

    Graph read() {
        int map = first(PixelBits.of(graph));
        map = hidden(HIDDEN.get(1), map);
        map = hidden(HIDDEN.get(2), map);
        return graph.labels(parameters.labels()).build(scores(map));
    }

    /** The 48 zero bits are -1 whatever the image: their weights make a bias. */
    private int first(int pixels) {
        byte[][] weights = parameters.weights(FIRST, 1);
        int[] bias = new int[NEURONS * precision.planes()];
        for (int n = 0; n < bias.length; n++) {
            for (int i = PIXELS; i < FIRST.inputs(); i++) {
                bias[n] -= weights[n / precision.planes()][i];
            }
        }
        return layer(
                FIRST,
                pixels,
                BinaryLayer.packed(weights, PIXELS, 1, precision.planes()),
                bias,
                precision.leastActive(FIRST, 1));
    }

    private int hidden(LayerSize layer, int input) {
        int planes = precision.planes();
        byte[] weights = BinaryLayer.packed(parameters.weights(layer, 1), NEURONS, planes, planes);
        return layer(layer, input, weights, new int[NEURONS * planes], precision.leastActive(layer, planes));
    }

    private int layer(LayerSize layer, int input, byte[] weights, int[] bias, IntUnaryOperator leastActive) {
        String name = "fully_connected_" + layer.index();
        int output = graph.tensor(name, TensorType.BITS, Shape.vector(bias.length), null);
        PostProcess.Bits bits = BinaryLayer.bits(
                parameters.thresholds(layer, precision.activationBits()), precision.planes(), leastActive);
        graph.operator(new BinaryFullyConnected(
                name, new int[] {input}, new int[] {output}, bias.length, weights, bias, bits));
        return output;
    }

    /**
     * Twice the agreements, or the sum, above the threshold: the accumulator is 2 * agreements - inputs, or twice the
     * sum.
     */
    private int scores(int input) {
        byte[][] weights = parameters.weights(LAST, 1);
        int[][] thresholds = parameters.thresholds(LAST, 1);
        int[] bias = new int[BinaryLayer.classes(weights, precision, parameters.labels())];
        for (int n = 0; n < bias.length; n++) {
            bias[n] = (precision.isBinary() ? NEURONS : 0) - 2 * thresholds[n][0];
        }
        int output = BinaryLayer.scores(graph, bias.length, 2);
        graph.operator(new BinaryFullyConnected(
                "scores",
                new int[] {input},
                new int[] {output},
                bias.length,
                BinaryLayer.packed(Arrays.copyOf(weights, bias.length), NEURONS, precision.planes(), 1),
                bias,
                new PostProcess.Raw()));
        return output;
    }
}
