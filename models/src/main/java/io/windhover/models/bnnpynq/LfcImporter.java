package io.windhover.models.bnnpynq;

import io.windhover.models.graph.BinaryFullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import java.io.IOException;

/** LFC: four fully-connected layers over the bits of 28 x 28 pixels; the class has the most agreements above its threshold. */
final class LfcImporter {
    static final int LAYERS = 4;

    private static final int PIXELS = 28 * 28;
    /** The pixels' bits and 48 bits that are always 0. */
    private static final int FIRST_INPUTS = 832;
    private static final int NEURONS = 1024;
    private static final int LAST_NEURONS = 64;

    private final ParameterFolder parameters;
    private final GraphBuilder graph;

    LfcImporter(ParameterFolder parameters, String name) {
        this.parameters = parameters;
        graph = new GraphBuilder(name);
    }

    Graph read() throws IOException {
        int map = first(PixelBits.of(graph));
        map = hidden(1, map);
        map = hidden(2, map);
        return graph.labels(parameters.labels()).build(scores(map));
    }

    /** The 48 zero bits are -1 whatever the image: their weights make a bias. */
    private int first(int pixels) throws IOException {
        boolean[][] weights = parameters.weights(0, NEURONS, FIRST_INPUTS);
        int[] bias = new int[NEURONS];
        for (int n = 0; n < NEURONS; n++) {
            for (int i = PIXELS; i < FIRST_INPUTS; i++) {
                bias[n] += weights[n][i] ? -1 : 1;
            }
        }
        return layer(0, pixels, BinaryLayer.packed(weights, NEURONS, PIXELS), bias, FIRST_INPUTS);
    }

    private int hidden(int layer, int input) throws IOException {
        byte[] weights = BinaryLayer.packed(parameters.weights(layer, NEURONS, NEURONS), NEURONS, NEURONS);
        return layer(layer, input, weights, new int[NEURONS], NEURONS);
    }

    private int layer(int layer, int input, byte[] weights, int[] bias, int inputs) throws IOException {
        String name = "fully_connected_" + layer;
        int output = graph.tensor(name, TensorType.BITS, Shape.vector(NEURONS), null);
        graph.operator(new BinaryFullyConnected(name, new int[] {input}, new int[] {output}, NEURONS, weights, bias,
                BinaryLayer.thresholds(parameters.thresholds(layer, NEURONS), inputs)));
        return output;
    }

    /** Agreements less threshold: the accumulator 2 * agreements - inputs, with inputs - 2 * threshold as its bias. */
    private int scores(int input) throws IOException {
        int[] thresholds = parameters.thresholds(3, LAST_NEURONS);
        int[] bias = new int[BinaryLayer.CLASSES];
        for (int n = 0; n < bias.length; n++) {
            bias[n] = NEURONS - 2 * thresholds[n];
        }
        int output = BinaryLayer.scores(graph);
        graph.operator(new BinaryFullyConnected("scores", new int[] {input}, new int[] {output}, BinaryLayer.CLASSES,
                BinaryLayer.packed(parameters.weights(3, LAST_NEURONS, NEURONS), BinaryLayer.CLASSES, NEURONS), bias, new PostProcess.Raw()));
        return output;
    }
}
