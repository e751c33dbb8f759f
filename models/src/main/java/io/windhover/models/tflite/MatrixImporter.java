// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.MatrixProduct;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Transpose;
import java.util.stream.IntStream;

/** BATCH_MATMUL: by a constant matrix it is a fully-connected layer without biases, by a computed one the host's. */
final class MatrixImporter {
    private MatrixImporter() {}

    static void read(SourceOperator source, Sink sink) {
        Tensor left = sink.operand(source.source(0).index());
        Tensor right = sink.operand(source.source(1).index());
        byte[] codes = right.constant();
        if (codes == null) {
            multiply(source, sink, left, right);
            return;
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

    /** Two operands of which the second is computed. */
    static void multiply(SourceOperator source, Sink sink, Tensor left, Tensor right) {
        Tensor output = source.output();
        boolean isReal = output.type() == TensorType.FLOAT32;
        sink.add(new MatrixProduct(
                source.name(),
                new int[] {left.index(), right.index()},
                source.outputIndexes(),
                source.byteOption(Schema.BatchMatMulOptions.ADJOINT_X, 0) != 0,
                source.byteOption(Schema.BatchMatMulOptions.ADJOINT_Y, 0) != 0,
                isReal
                        ? null
                        : codes(source.quantization(left), source.quantization(right), source.quantization(output))));
    }

    private static MatrixProduct.Codes codes(Quantization left, Quantization right, Quantization output) {
        return new MatrixProduct.Codes(
                left.zeroPoint(),
                right.zeroPoint(),
                Rescaling.perTensor(left.scale(), right.scale(), output.scale()),
                output.zeroPoint());
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
