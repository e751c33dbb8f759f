// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Two operands of one type, FLOAT32, INT32 or INT64, element by element; dimensions of 1 are repeated, whatever the
 * ranks. Reals are computed in single precision, powers in double precision and rounded once; integers wrap, and a
 * division by 0 ends the inference with an error.
 */
public record Arithmetic(String name, int[] inputs, int[] outputs, Function function) implements HostOperator {
    /** What is computed of first and second. */
    public enum Function {
        ADD,
        SUBTRACT,
        MULTIPLY,
        /** Of integers: the quotient without its fraction. */
        DIVIDE,
        MAXIMUM,
        MINIMUM,
        POWER,
        /** (first - second)^2. */
        SQUARED_DIFFERENCE,
        /** The largest integer that is not above first / second. */
        FLOOR_DIVIDE,
        /** first - second * floor(first / second): it has the sign of second. */
        FLOOR_MODULO
    }

    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 2, 1);
        Tensor output = tensors.tensor(output());
        Checks.type(this, output, TensorType.FLOAT32, TensorType.INT32, TensorType.INT64);
        Checks.type(this, tensors.tensor(inputs[0]), output.type());
        Checks.type(this, tensors.tensor(inputs[1]), output.type());
        HostChecks.broadcast(this, tensors);
    }
}
