// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.Transpose;
import java.util.stream.IntStream;

/** BATCH_MATMUL by a constant matrix, which makes it a fully-connected layer without biases. */
final class MatrixImporter {
    private MatrixImporter() {}

    static void read(SourceOperator source, Sink sink) {
        Tensor left = sink.operand(source.source(0).index());
        Tensor right = sink.operand(source.source(1).index());
        byte[] codes = right.constant();
        if (codes == null) {
            throw source.refuse("both of its operands are computed; only a constant second one is supported.");
        }
        Shape shape = right.shape();
        source.require(shape.rank() >= 2 && shape.height() == 1, "its constant %s is more than one matrix.", right);
        boolean transposed = source.byteOption(Schema.BatchMatMulOptions.ADJOINT_Y, 0) != 0;
        int outputs = transposed ? shape.width() : shape.channels();
        int inputs = transposed ? shape.channels() : shape.width();
        byte[] weights = transposed ? codes : transpose(codes, inputs, outputs);
        boolean leftTransposed = source.byteOption(Schema.BatchMatMulOptions.ADJOINT_X, 0) != 0;
        FullyConnectedImporter.add(
                source,
                sink,
                leftTransposed ? transpose(source, sink, left) : left,
                Weights.of(source, right, Shape.of(outputs, inputs), weights),
                new int[outputs],
                Schema.ActivationFunction.NONE);
    }

    /** Exchanges the last two dimensions of a computed operand. */
    static Tensor transpose(SourceOperator source, Sink sink, Tensor matrix) {
        int rank = matrix.shape().rank();
        source.require(rank >= 2, "%s is no matrix.", matrix);
        int[] permutation = IntStream.range(0, rank).toArray();
        permutation[rank - 2] = rank - 1;
        permutation[rank - 1] = rank - 2;
        Shape shape = Shape.of(IntStream.of(permutation)
                .map(d -> matrix.shape().dimensions().get(d))
                .toArray());
        Tensor transposed = sink.like(matrix, shape);
        sink.add(new Transpose(
                transposed.name(), new int[] {matrix.index()}, new int[] {transposed.index()}, permutation));
        return sink.operand(transposed.index());
    }

    private static byte[] transpose(byte[] matrix, int rows, int columns) {
        byte[] transposed = new byte[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            transposed[i % columns * rows + i / columns] = matrix[i];
        }
        return transposed;
    }
}
