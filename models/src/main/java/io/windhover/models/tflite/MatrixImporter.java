// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Matrices;
import io.windhover.models.graph.MatrixProduct;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Transpose;
import java.util.stream.IntStream;

/** BATCH_MATMUL: by one constant matrix it is a fully-connected layer without biases, else the host's. */
final class MatrixImporter {
    private MatrixImporter() {}

    static void read(SourceOperator source, Sink sink) {
        Tensor left = sink.operand(source.source(0).index());
        Tensor right = sink.operand(source.source(1).index());
        byte[] codes = right.constant();
        Shape shape = right.shape();
        if (codes == null || shape.rank() < 2 || shape.height() > 1) {
            multiply(source, sink);
            return;
        }
        boolean transposed = isTransposed(source, Schema.BatchMatMulOptions.ADJOINT_Y);
        int outputs = transposed ? shape.width() : shape.channels();
        int inputs = transposed ? shape.channels() : shape.width();
        byte[] weights = transposed ? codes : transpose(codes, inputs, outputs);
        boolean leftTransposed = isTransposed(source, Schema.BatchMatMulOptions.ADJOINT_X);
        requireShape(source, left.shape(), shape, leftTransposed, transposed);
        FullyConnectedImporter.add(
                source,
                sink,
                leftTransposed ? transpose(source, sink, left) : left,
                Weights.of(source, right, Shape.of(outputs, inputs), weights),
                new int[outputs],
                Schema.ActivationFunction.NONE);
    }

    static boolean isTransposed(SourceOperator source, int option) {
        return source.byteOption(option, 0) != 0;
    }

    /** The product of two operands that no layer of constant weights is. */
    static void multiply(SourceOperator source, Sink sink) {
        Tensor left = sink.operand(source.source(0).index());
        Tensor right = sink.operand(source.source(1).index());
        boolean transposesLeft = isTransposed(source, Schema.BatchMatMulOptions.ADJOINT_X);
        boolean transposesRight = isTransposed(source, Schema.BatchMatMulOptions.ADJOINT_Y);
        requireShape(source, left.shape(), right.shape(), transposesLeft, transposesRight);
        sink.add(product(source, left, right, source.output().index(), transposesLeft, transposesRight));
    }

    static MatrixProduct product(
            SourceOperator source,
            Tensor left,
            Tensor right,
            int output,
            boolean transposesLeft,
            boolean transposesRight) {
        Tensor declared = source.output();
        source.require(
                left.type() == right.type() && left.type() == declared.type(),
                "%s, %s and %s are not of one type.",
                left,
                right,
                declared);
        return new MatrixProduct(
                source.name(),
                new int[] {left.index(), right.index()},
                new int[] {output},
                transposesLeft,
                transposesRight,
                left.type() == TensorType.FLOAT32
                        ? null
                        : codes(source.quantization(left), source.quantization(right), source.quantization(declared)));
    }

    static void requireShape(
            SourceOperator source, Shape left, Shape right, boolean transposesLeft, boolean transposesRight) {
        source.requireShape(
                Matrices.of(left, right, transposesLeft, transposesRight).made(left.rank(), right.rank()));
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
