// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

import org.jspecify.annotations.Nullable;

/**
 * Compares two tensors of one type element by element into BOOL; dimensions of 1 are repeated. Comparisons with NaN are
 * false, except that it is not equal.
 *
 * @param codes how 8-bit codes of two quantisations are brought to one; null compares codes as they are
 */
public record Compare(
        String name,
        int[] inputs,
        int[] outputs,
        Function function,
        @Nullable Codes codes) implements HostOperator {
    /** Which pairs of first and second are true. */
    public enum Function {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_EQUAL,
        GREATER,
        GREATER_EQUAL
    }

    /** (code - zero point) * 2^8, rescaled by the tensor's own scale. */
    public record Codes(int firstZeroPoint, Rescale first, int secondZeroPoint, Rescale second) {}

    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 2, 1);
        Tensor first = tensors.tensor(inputs[0]);
        Tensor second = tensors.tensor(inputs[1]);
        HostChecks.elements(this, first);
        Checks.type(this, second, first.type());
        Checks.type(this, tensors.tensor(output()), TensorType.BOOL);
        HostChecks.broadcast(this, tensors);
        if (codes != null) {
            Checks.bytes(this, first);
            Checks.zeroPoint(this, codes.firstZeroPoint(), first);
            Checks.zeroPoint(this, codes.secondZeroPoint(), second);
            require(
                    codes.first().shift() <= 0 && codes.second().shift() <= 0,
                    "Compare '%s' has a scale of 1 or more.",
                    name);
        }
    }
}
