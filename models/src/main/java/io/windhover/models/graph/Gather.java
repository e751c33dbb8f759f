// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

import java.util.ArrayList;
import java.util.List;

/**
 * Elements of a dimension by their positions: output [batch.., before.., chosen.., after..] is data [batch.., before..,
 * indexes[batch.., chosen..], after..]. A position outside the dimension ends the inference with an error.
 *
 * @param inputs the data, of any type, and the positions, INT32 or INT64
 * @param axis dimension of the data that is chosen from
 * @param batch leading dimensions that data and positions share
 * @param fromEnd whether negative positions count from the end; otherwise they are outside
 */
public record Gather(String name, int[] inputs, int[] outputs, int axis, int batch, boolean fromEnd)
        implements HostOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 2, 1);
        Tensor data = tensors.tensor(inputs[0]);
        Tensor positions = tensors.tensor(inputs[1]);
        Tensor output = tensors.tensor(output());
        HostChecks.elements(this, data);
        HostChecks.indexes(this, positions);
        Checks.type(this, output, data.type());
        HostChecks.axis(this, axis, data);
        List<Integer> from = data.shape().dimensions();
        List<Integer> chosen = positions.shape().dimensions();
        require(
                batch >= 0
                        && batch <= axis
                        && batch <= chosen.size()
                        && from.subList(0, batch).equals(chosen.subList(0, batch)),
                "Gather '%s' shares %d dimensions between %s and %s.",
                name,
                batch,
                data,
                positions);
        List<Integer> made = new ArrayList<>(from.subList(0, axis));
        made.addAll(chosen.subList(batch, chosen.size()));
        made.addAll(from.subList(axis + 1, from.size()));
        require(
                HostChecks.sameExtents(made, output.shape()),
                "Gather '%s' makes %s, but its output is %s.",
                name,
                made,
                output);
    }
}
