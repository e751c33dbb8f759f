// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/** Inputs of equal quantisation side by side along one axis. */
public record Concatenation(String name, int[] inputs, int[] outputs, Axis axis) implements Operator {
    /** The axis along which the inputs are joined. */
    public enum Axis {
        HEIGHT,
        WIDTH,
        CHANNEL
    }

    @Override
    public void check(Tensors tensors) {
        require(inputs.length > 0 && outputs.length == 1, "Concatenation '%s' needs inputs and one output.", name);
        Tensor output = tensors.tensor(output());
        HostChecks.elements(this, output);
        long total = 0;
        for (int index : inputs) {
            Tensor input = tensors.tensor(index);
            Checks.type(this, input, output.type());
            for (Axis other : Axis.values()) {
                require(
                        other == axis || extent(input, other) == extent(output, other),
                        "Concatenation '%s' along %s cannot place %s in %s.",
                        name,
                        axis,
                        input,
                        output);
            }
            total += extent(input, axis);
        }
        Checks.length(this, "output positions along its axis", extent(output, axis), total);
    }

    private static int extent(Tensor tensor, Axis axis) {
        Shape shape = tensor.shape();
        return switch (axis) {
            case HEIGHT -> shape.height();
            case WIDTH -> shape.width();
            case CHANNEL -> shape.channels();
        };
    }
}
