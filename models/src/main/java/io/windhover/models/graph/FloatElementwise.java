// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Two operands element by element, first (function) second. The second input may broadcast as {@link Broadcast} says.
 *
 * @param reversed second (function) first instead
 */
public record FloatElementwise(String name, int[] inputs, int[] outputs, Function function, boolean reversed)
        implements FloatOperator {
    /** What is computed. */
    public enum Function {
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        MAXIMUM,
        MINIMUM
    }

    @Override
    public void check(Tensors tensors) {
        Checks.floats(this, tensors, 2);
        Checks.sameMap(this, tensors.tensor(inputs[0]), tensors.tensor(output()));
        Broadcast.of(this, tensors.tensor(inputs[0]), tensors.tensor(inputs[1]));
    }
}
