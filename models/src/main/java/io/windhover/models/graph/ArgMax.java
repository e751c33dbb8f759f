// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * The position of the largest or smallest element along an axis. A NaN is passed over unless it comes first.
 *
 * @param axis dimension that goes; the output has all others, in order (a dimension of 1 may stay)
 * @param smallest of the smallest element instead
 * @param last of equal elements the last, otherwise the first
 */
public record ArgMax(String name, int[] inputs, int[] outputs, int axis, boolean smallest, boolean last)
        implements HostOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        HostChecks.elements(this, input);
        HostChecks.indexes(this, output);
        HostChecks.axis(this, axis, input);
        require(
                HostChecks.sameExtents(HostChecks.without(input.shape(), axis), output.shape()),
                "ArgMax '%s' over dimension %d of %s cannot make %s.",
                name,
                axis,
                input,
                output);
    }
}
