// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/** A tensor repeated along its dimensions: as often as the output's extents say. Any type. */
public record Tile(String name, int[] inputs, int[] outputs) implements HostOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        HostChecks.elements(this, input);
        Checks.type(this, output, input.type());
        boolean fits = input.shape().rank() == output.shape().rank();
        for (int d = 0; fits && d < input.shape().rank(); d++) {
            fits = output.shape().dimensions().get(d)
                            % input.shape().dimensions().get(d)
                    == 0;
        }
        require(fits, "Tile '%s' cannot repeat %s into %s.", name, input, output);
    }
}
