// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import static io.windhover.models.arithmetic.FixedPoint.multiplyByQuantizedMultiplier;

import io.windhover.models.graph.Matrices;
import io.windhover.models.graph.MatrixProduct;
import io.windhover.models.graph.Repetition;
import io.windhover.models.graph.TensorType;

/** Products of two computed matrices. */
final class MatrixKernel {
    private MatrixKernel() {}

    /** Takes an element of the product: where its row and its column begin. */
    private interface Sum {
        void of(int row, int column, int at);
    }

    static void multiply(MatrixProduct operator, Values values) {
        Matrices matrices = operator.matrices(values::tensor);
        int rowStep = operator.transposesLeft() ? matrices.rows() : 1;
        int columnStep = operator.transposesRight() ? 1 : matrices.columns();
        MatrixProduct.Codes codes = operator.codes();
        if (codes == null) {
            float[] left = values.floats(operator.inputs()[0]);
            float[] right = values.floats(operator.inputs()[1]);
            float[] output = new float[matrices.elements()];
            forEach(operator, matrices, (row, column, at) -> {
                double sum = 0;
                for (int i = 0; i < matrices.inner(); i++) {
                    sum += (double) left[row + i * rowStep] * right[column + i * columnStep];
                }
                output[at] = (float) sum;
            });
            values.setFloats(operator.output(), output);
        } else {
            Elements left = new Elements(values, operator.inputs()[0]);
            Elements right = new Elements(values, operator.inputs()[1]);
            Elements output = new Elements(values, operator.output());
            TensorType type = output.type();
            forEach(operator, matrices, (row, column, at) -> {
                int sum = 0;
                for (int i = 0; i < matrices.inner(); i++) {
                    sum += ((int) left.integer(row + i * rowStep) - codes.leftZeroPoint())
                            * ((int) right.integer(column + i * columnStep) - codes.rightZeroPoint());
                }
                int code = multiplyByQuantizedMultiplier(
                                sum, codes.result().multiplier(), codes.result().shift())
                        + codes.outputZeroPoint();
                output.set(at, (long) Math.max(type.minimum(), Math.min(type.maximum(), code)));
            });
        }
    }

    private static void forEach(MatrixProduct operator, Matrices matrices, Sum sum) {
        Repetition lefts = Repetition.of(matrices.leftBatch(), matrices.batch());
        Repetition rights = Repetition.of(matrices.rightBatch(), matrices.batch());
        int at = 0;
        for (int matrix = 0; matrix < matrices.batch().elements(); matrix++) {
            int left = lefts.partner(matrix) * matrices.rows() * matrices.inner();
            int right = rights.partner(matrix) * matrices.inner() * matrices.columns();
            for (int row = 0; row < matrices.rows(); row++) {
                Cancellation.check();
                int beginning = left + row * (operator.transposesLeft() ? 1 : matrices.inner());
                for (int column = 0; column < matrices.columns(); column++) {
                    sum.of(beginning, right + column * (operator.transposesRight() ? matrices.inner() : 1), at++);
                }
            }
        }
    }
}
