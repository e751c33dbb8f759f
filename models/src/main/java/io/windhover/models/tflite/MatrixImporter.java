package io.windhover.models.tflite;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;

/** BATCH_MATMUL by a constant matrix, which makes it a fully-connected layer without biases. */
final class MatrixImporter {
    private MatrixImporter() {}

    static void read(SourceOperator source, Sink sink) {
        Tensor left = source.input(0);
        Tensor right = sink.operand(source.source(1).index());
        byte[] codes = right.constant();
        if (codes == null) {
            throw source.refuse("both of its operands are computed; only a constant second one is supported.");
        }
        boolean vector = left.shape().width() == 1 || left.shape().channels() == 1;
        source.require(vector && left.shape().height() == 1 || source.byteOption(Schema.BatchMatMulOptions.ADJOINT_X, 0) == 0,
                "its first operand is a transposed matrix.");
        Shape shape = right.shape();
        source.require(shape.rank() >= 2 && shape.height() == 1, "its constant %s is more than one matrix.", right);
        boolean transposed = source.byteOption(Schema.BatchMatMulOptions.ADJOINT_Y, 0) != 0;
        int outputs = transposed ? shape.width() : shape.channels();
        int inputs = transposed ? shape.channels() : shape.width();
        byte[] weights = transposed ? codes : transpose(codes, inputs, outputs);
        FullyConnectedImporter.add(source, sink,
                Weights.of(source, right, Shape.of(outputs, inputs), weights), new int[outputs], Schema.ActivationFunction.NONE);
    }

    private static byte[] transpose(byte[] matrix, int rows, int columns) {
        byte[] transposed = new byte[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            transposed[i % columns * rows + i / columns] = matrix[i];
        }
        return transposed;
    }
}
