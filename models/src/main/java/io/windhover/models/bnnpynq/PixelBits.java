// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.bnnpynq;

import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Threshold;
import java.util.Arrays;

/**
 * How FINN's networks for handwritten digits begin: 28 x 28 grey pixels, each a bit that is 1 above half brightness.
 */
public final class PixelBits {
    private static final int SIZE = 28;
    /** The pixels as a row of 112 channels, so that the bits of one fill whole bytes and nearly whole words. */
    private static final Shape ROW = Shape.map(1, SIZE * SIZE / 112, 112);

    private PixelBits() {}

    /** Adds the uint8 input and returns the tensor of its 784 bits, in the pixels' order. */
    public static int of(GraphBuilder graph) {
        Quantization levels = Quantization.of(1, 0);
        int image = graph.input("image", TensorType.UINT8, Shape.map(SIZE, SIZE, 1), levels);
        int row = graph.tensor("pixels", TensorType.UINT8, ROW, levels);
        graph.operator(new Reshape("pixels", new int[] {image}, new int[] {row}));
        int bits = graph.tensor("pixel_bits", TensorType.BITS, ROW, null);
        int[] half = new int[ROW.channels()];
        Arrays.fill(half, 128);
        graph.operator(new Threshold(
                "pixel_bits", new int[] {row}, new int[] {bits}, new PostProcess.Bits(half, new boolean[half.length])));
        return bits;
    }
}
