// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One element out of all along some dimensions. Reals are added and multiplied in single precision in the order of the
 * input; integers of 32 and 64 bits wrap.
 *
 * @param axes dimensions that go, ascending; the output has all others, in order (dimensions of 1 may stay)
 * @param codes how sums and products of 8-bit codes are made; null for other functions and types
 */
public record Reduce(
        String name,
        int[] inputs,
        int[] outputs,
        int[] axes,
        Function function,
        @Nullable Codes codes) implements HostOperator {
    /** What is made. */
    public enum Function {
        MAXIMUM,
        MINIMUM,
        PRODUCT,
        SUM
    }

    /**
     * Sums and products of codes: sum of (code - inputZeroPoint) rescaled; the product is rescaled before each factor
     * but the first and once at the end. Then outputZeroPoint is added and the result cut to the type.
     */
    public record Codes(int inputZeroPoint, Rescale rescale, int outputZeroPoint) {}

    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        HostChecks.elements(this, input);
        Checks.type(this, output, input.type());
        require(axes.length > 0, "Reduce '%s' has no dimensions.", name);
        List<Integer> left = new ArrayList<>(input.shape().dimensions());
        int previous = -1;
        for (int axis : axes) {
            HostChecks.axis(this, axis, input);
            require(axis > previous, "Reduce '%s' has its dimensions out of order.", name);
            left.set(axis, 1);
            previous = axis;
        }
        require(HostChecks.sameExtents(left, output.shape()), "Reduce '%s' of %s cannot make %s.", name, input, output);
        boolean summed = function == Function.SUM || function == Function.PRODUCT;
        require(
                (codes != null) == (summed && input.type().isByte()) && (!summed || input.type() != TensorType.BOOL),
                "Reduce '%s' cannot make the %s of %s with these parameters.",
                name,
                function,
                input);
        if (codes != null) {
            Checks.zeroPoint(this, codes.inputZeroPoint(), input);
            Checks.zeroPoint(this, codes.outputZeroPoint(), output);
            require(
                    codes.rescale().shift() < 8,
                    "Reduce '%s' shifts left by %d, 8 or more.",
                    name,
                    codes.rescale().shift());
        }
    }
}
