package io.windhover.models.bnnpynq;

import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** What the layers of both networks share. */
final class BinaryLayer {
    /** Outputs 10 to 63 of the last layer are padding. */
    static final int CLASSES = 10;

    private BinaryLayer() {}

    /** A neuron is active when its agreements are greater than the threshold; the accumulator is 2 * agreements - inputs. */
    static PostProcess.Bits thresholds(int[] thresholds, int inputs) {
        return bits(thresholds, threshold -> 2 * threshold - inputs + 1);
    }

    /** Activation from the least active accumulator on. */
    static PostProcess.Bits bits(int[] thresholds, IntUnaryOperator leastActive) {
        return new PostProcess.Bits(Arrays.stream(thresholds).map(leastActive).toArray(), new boolean[thresholds.length]);
    }

    /** Rows of {@code inputs} weights from {@code weights[row]}, packed; a multiple of 8. */
    static byte[] packed(boolean[][] weights, int rows, int inputs) {
        byte[] packed = new byte[rows * inputs / 8];
        for (int i = 0; i < rows * inputs; i++) {
            if (weights[i / inputs][i % inputs]) {
                packed[i / 8] |= (byte) (1 << (i % 8));
            }
        }
        return packed;
    }

    /** The scores: twice what is counted, hence the scale. */
    static int scores(GraphBuilder graph) {
        return graph.tensor("scores", TensorType.INT32, Shape.vector(CLASSES), Quantization.of(0.5f, 0));
    }
}
