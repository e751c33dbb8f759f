// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

import java.util.ArrayList;
import java.util.List;

/**
 * The largest or smallest elements along an axis in order, and where they were; of equal elements the first comes
 * first. The extent of the outputs along the axis says how many.
 *
 * @param outputs the elements, of the input's type, and their positions
 */
public record TopK(String name, int[] inputs, int[] outputs, int axis, boolean largest) implements HostOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 2);
        Tensor input = tensors.tensor(input());
        Tensor values = tensors.tensor(outputs[0]);
        Tensor positions = tensors.tensor(outputs[1]);
        HostChecks.elements(this, input);
        Checks.type(this, values, input.type());
        HostChecks.indexes(this, positions);
        HostChecks.axis(this, axis, input);
        require(
                values.shape().equals(positions.shape())
                        && values.shape().rank() == input.shape().rank(),
                "TopK '%s' makes %s and %s out of %s.",
                name,
                values,
                positions,
                input);
        List<Integer> expected = new ArrayList<>(input.shape().dimensions());
        int count = values.shape().dimensions().get(axis);
        require(count <= expected.get(axis), "TopK '%s' takes %d of the elements of %s.", name, count, input);
        expected.set(axis, count);
        require(
                values.shape().dimensions().equals(expected),
                "TopK '%s' makes %s out of %s along dimension %d.",
                name,
                values,
                input,
                axis);
    }
}
