// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Transpose;
import io.windhover.models.graph.Window;
import java.util.Objects;

/**
 * The integer sums of a transposed convolution: those of a convolution that makes a block of strideY x strideX pixels
 * as channels, which are put in their places once they are real numbers.
 *
 * @param layer the convolution
 * @param shape what it makes: a pixel for each block
 */
record TransposedSums(LinearStep layer, Window window, Shape shape) {
    /** A small file may ask for any stride. */
    private static final int MOST_WEIGHTS = 1 << 24;

    private static final int[] ROWS_OF_BLOCKS_FIRST = {0, 1, 3, 2, 4};

    /**
     * A position of the full result is block * stride + phase, and has input pixel block - tap by the kernel's position
     * tap * stride + phase.
     *
     * @param title how a refusal begins
     */
    static TransposedSums of(LinearStep transposed, Shape input, Shape output, String title) {
        Window window = transposed.window();
        int rows = blocks(window.padding().top() + output.height(), window.strideY(), input.height());
        int columns = blocks(window.padding().left() + output.width(), window.strideX(), input.width());
        int tapsY = (window.kernelHeight() + window.strideY() - 1) / window.strideY();
        int tapsX = (window.kernelWidth() + window.strideX() - 1) / window.strideX();
        long weights = (long) window.strideY()
                * tapsY
                * window.strideX()
                * tapsX
                * transposed.outputChannels()
                * input.channels();
        require(
                weights <= MOST_WEIGHTS,
                "%sblocks of %dx%d pixels would take %d weights; the most is %d. Put a QuantizeLinear and a "
                        + "DequantizeLinear behind it.",
                title,
                window.strideY(),
                window.strideX(),
                weights,
                MOST_WEIGHTS);
        Padding padding = new Padding(tapsY - 1, tapsX - 1, rows - input.height(), columns - input.width());
        int phases = window.strideY() * window.strideX();
        LinearStep layer = new LinearStep(
                LinearStep.Kind.CONVOLUTION,
                transposed.input(),
                transposed.output(),
                new Window(tapsY, tapsX, 1, 1, 1, 1, padding),
                phases * transposed.outputChannels(),
                1,
                weights(transposed, tapsY, tapsX),
                repeated(transposed.factor(), phases),
                repeated(transposed.bias(), phases),
                null);
        return new TransposedSums(layer, window, Shape.map(rows, columns, layer.outputChannels()));
    }

    private static int blocks(int end, int stride, int inputs) {
        return Math.max(inputs, (end + stride - 1) / stride);
    }

    private static double[] repeated(double[] values, int times) {
        double[] repeated = new double[values.length * times];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = values[i % values.length];
        }
        return repeated;
    }

    /** Phases outermost, taps from the last to the first; 0 where a phase has one tap less than others. */
    private static Weights weights(LinearStep transposed, int tapsY, int tapsX) {
        Window window = transposed.window();
        byte[] codes = Objects.requireNonNull(transposed.weights().codes());
        int outputs = transposed.outputChannels();
        int inputs = codes.length / outputs / window.kernelHeight() / window.kernelWidth();
        byte[] spread = new byte[window.strideY() * window.strideX() * outputs * tapsY * tapsX * inputs];
        int to = 0;
        for (int phase = 0; phase < window.strideY() * window.strideX(); phase++) {
            for (int o = 0; o < outputs; o++) {
                for (int tap = tapsY * tapsX - 1; tap >= 0; tap--) {
                    int y = tap / tapsX * window.strideY() + phase / window.strideX();
                    int x = tap % tapsX * window.strideX() + phase % window.strideX();
                    if (y < window.kernelHeight() && x < window.kernelWidth()) {
                        int from = ((o * window.kernelHeight() + y) * window.kernelWidth() + x) * inputs;
                        System.arraycopy(codes, from, spread, to, inputs);
                    }
                    to += inputs;
                }
            }
        }
        float[] scales = new float[window.strideY() * window.strideX() * outputs];
        for (int o = 0; o < scales.length; o++) {
            scales[o] = transposed.weights().scale(o % outputs);
        }
        return Weights.ofCodes(spread, scales, 0);
    }

    /** Puts real blocks in their places, without what padding cuts away. */
    void place(GraphBuilder graph, String name, int blocks, int output) {
        int channels = graph.tensor(output).shape().channels();
        int strideY = window.strideY();
        int strideX = window.strideX();
        Shape whole = Shape.map(shape.height() * strideY, shape.width() * strideX, channels);
        int placed = graph.tensor(name + " in its places", TensorType.FLOAT32, whole, null);
        graph.operator(new Transpose(
                name + " in its places",
                new int[] {blocks},
                new int[] {placed},
                Shape.of(1, shape.height(), shape.width(), strideY, strideX * channels),
                ROWS_OF_BLOCKS_FIRST));
        Padding cut = window.padding();
        graph.operator(new Slice(name, new int[] {placed}, new int[] {output}, cut.top(), cut.left(), 0, 1, 1, 1));
    }
}
