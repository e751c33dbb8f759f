// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.bnnpynq;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** What the layers of both networks share. */
final class BinaryLayer {
    /** Of the last layer: its outputs beyond the classes are padding. */
    static final int LAST_NEURONS = 64;

    private BinaryLayer() {}

    /**
     * The activations of every neuron, each threshold giving a bit and the bits repeated until there are {@code planes}
     * of them.
     *
     * @param leastActive the least accumulator above a threshold
     */
    static PostProcess.Bits bits(int[][] thresholds, int planes, IntUnaryOperator leastActive) {
        int[] least = new int[thresholds.length * planes];
        for (int i = 0; i < least.length; i++) {
            int[] neuron = thresholds[i / planes];
            least[i] = leastActive.applyAsInt(neuron[i % planes % neuron.length]);
        }
        return new PostProcess.Bits(least, new boolean[least.length]);
    }

    /**
     * Rows of weights as bits, a multiple of 8 each.
     *
     * @param planes bits a weight takes: half of them those of its upper half where it has two
     * @param repetitions of every row
     */
    static byte[] packed(byte[][] weights, int inputs, int planes, int repetitions) {
        int rowBits = inputs * planes;
        byte[] packed = new byte[Math.multiplyExact(weights.length * repetitions, rowBits / 8)];
        for (int row = 0; row < weights.length * repetitions; row++) {
            for (int bit = 0; bit < rowBits; bit++) {
                int weight = weights[row / repetitions][bit / planes];
                if (weight > 0 || (weight == 0 && bit % planes < planes / 2)) {
                    packed[row * (rowBits / 8) + bit / 8] |= (byte) (1 << (bit % 8));
                }
            }
        }
        return packed;
    }

    /**
     * How many classes the last layer tells apart. Its unused neurons stand at the end, all their weights +1 (of one
     * bit) or 0 (of two); where there is a list of classes it must have as many names.
     */
    static int classes(byte[][] lastWeights, Precision precision, List<String> names) {
        int used = lastWeights.length;
        while (used > 0 && isPadding(lastWeights[used - 1], precision.weightBits() == 1 ? 1 : 0)) {
            used--;
        }
        require(used >= 2, "The last layer has weights for %d classes; a weight file is damaged.", used);
        require(
                names.isEmpty() || names.size() == used,
                "File classes.txt names %d classes but the last layer has weights for %d; give the list of the classes it was trained with.",
                names.size(),
                used);
        require(
                !names.isEmpty() || used < lastWeights.length,
                "Nothing says how many of the %d outputs are classes; add the network's classes.txt with one name a line.",
                used);
        return used;
    }

    private static boolean isPadding(byte[] weights, int padding) {
        for (byte weight : weights) {
            if (weight != padding) {
                return false;
            }
        }
        return true;
    }

    /** The scores: a sum that is {@code multiple} times what is counted. */
    static int scores(GraphBuilder graph, int classes, int multiple) {
        return graph.tensor("scores", TensorType.INT32, Shape.vector(classes), Quantization.of(1f / multiple, 0));
    }
}
