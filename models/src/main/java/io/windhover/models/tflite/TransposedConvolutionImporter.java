// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.TransposedConvolution;
import io.windhover.models.graph.Window;
import java.util.Arrays;

/**
 * TRANSPOSE_CONV: inputs are the output's shape (which the output tensor has as well), weights [output, height, width,
 * input], the map, and perhaps biases.
 */
final class TransposedConvolutionImporter {
    static final int MAP = 2;
    static final int BIASES = 3;

    private TransposedConvolutionImporter() {}

    static Operator read(SourceOperator source) {
        Tensor input = source.map(MAP);
        Tensor output = source.output();
        Weights weights = Weights.read(source, 0);
        source.require(
                weights.shape().rank() == 4
                        && weights.shape().channels() == input.shape().channels(),
                "its weights have shape %s but its input has %d channels.",
                weights.shape(),
                input.shape().channels());
        int outputChannels = weights.shape().dimensions().get(0);
        Window window = window(source, weights.shape());
        return new TransposedConvolution(
                source.name(),
                new int[] {input.index()},
                source.outputIndexes(),
                window,
                outputChannels,
                widened(source, weights, window),
                weights.zeroPoint(),
                source.biases(BIASES, outputChannels),
                source.quantization(input).zeroPoint(),
                weights.requantize(
                        source,
                        input,
                        output,
                        outputChannels,
                        input.type() == TensorType.UINT8,
                        source.byteOption(Schema.TransposeConvOptions.ACTIVATION, 0)));
    }

    /** Kernel, strides and cuts for weights of this shape. */
    static Window window(SourceOperator source, Shape weights) {
        Shape input = source.map(MAP).shape();
        Shape output = source.output().shape();
        source.requireSizes(0, output.height(), output.width(), output.channels());
        Axis rows = Axis.of(
                source,
                input.height(),
                output.height(),
                weights.dimensions().get(1),
                source.option(Schema.TransposeConvOptions.STRIDE_HEIGHT, 0));
        Axis columns = Axis.of(
                source,
                input.width(),
                output.width(),
                weights.width(),
                source.option(Schema.TransposeConvOptions.STRIDE_WIDTH, 0));
        return new Window(
                rows.kernel(),
                columns.kernel(),
                rows.stride(),
                columns.stride(),
                1,
                1,
                new Padding(rows.before(), columns.before(), rows.after(), columns.after()));
    }

    /**
     * Rows or columns: what is cut before and after the full result. Where the output reaches beyond the full result,
     * the kernel is widened by weights of zero.
     */
    private record Axis(int kernel, int stride, int before, int after) {
        static Axis of(SourceOperator source, int input, int output, int kernel, int stride) {
            source.require(stride >= 1, "its stride is %d.", stride);
            int before = 0;
            if (source.byteOption(Schema.TransposeConvOptions.PADDING, 0) == Schema.Padding.SAME) {
                long steps = ((long) output + stride - 1) / stride - 1;
                before = (int) (Math.max(0, steps * stride + kernel - output) / 2);
            }
            long after = (input - 1L) * stride + kernel - before - output;
            long widened = kernel + Math.max(0, -after);
            source.require(
                    after <= 1 << 16 && widened - kernel <= stride,
                    "its output of %d is not what %d makes with kernel %d and stride %d.",
                    output,
                    input,
                    kernel,
                    stride);
            return new Axis((int) widened, stride, before, (int) Math.max(0, after));
        }
    }

    private static byte[] widened(SourceOperator source, Weights weights, Window window) {
        Shape shape = weights.shape();
        int height = shape.dimensions().get(1);
        int rowBytes = shape.width() * shape.channels();
        int widenedRowBytes = window.kernelWidth() * shape.channels();
        if (height == window.kernelHeight() && rowBytes == widenedRowBytes) {
            return weights.codes();
        }
        long bytes = (long) shape.dimensions().get(0) * window.kernelHeight() * widenedRowBytes;
        source.require(source.model().budget().spendComputed(bytes), "its weights would take %d bytes.", bytes);
        byte[] widened = new byte[(int) bytes];
        Arrays.fill(widened, (byte) weights.zeroPoint());
        for (int row = 0; row < shape.dimensions().get(0) * height; row++) {
            int to = (row / height * window.kernelHeight() + row % height) * widenedRowBytes;
            System.arraycopy(weights.codes(), row * rowBytes, widened, to, rowBytes);
        }
        return widened;
    }
}
