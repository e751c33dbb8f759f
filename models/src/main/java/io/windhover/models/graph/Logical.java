// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Truth values element by element; dimensions of 1 are repeated.
 *
 * @param inputs two BOOL tensors; NOT has one
 */
public record Logical(String name, int[] inputs, int[] outputs, Function function) implements HostOperator {
    /** What is computed. */
    public enum Function {
        AND,
        OR,
        XOR,
        NOT
    }

    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, function == Function.NOT ? 1 : 2, 1);
        for (int input : inputs) {
            Checks.type(this, tensors.tensor(input), TensorType.BOOL);
        }
        Checks.type(this, tensors.tensor(output()), TensorType.BOOL);
        HostChecks.broadcast(this, tensors);
    }
}
