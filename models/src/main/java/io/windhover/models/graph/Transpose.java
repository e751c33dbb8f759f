// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges dimensions: output dimension d is input dimension permutation[d].
 *
 * @param dimensions the dimensions of the input's elements where a compiler lays out its tensors under other shapes;
 *     null where they are the input's own
 * @param permutation each of these dimensions once
 */
public record Transpose(
        String name, int[] inputs, int[] outputs, @Nullable Shape dimensions, int[] permutation) implements Operator {
    /** Of tensors that have these dimensions themselves. */
    public Transpose(String name, int[] inputs, int[] outputs, int[] permutation) {
        this(name, inputs, outputs, null, permutation);
    }

    /** The dimensions that change places. */
    public Shape from(Tensors tensors) {
        return dimensions != null ? dimensions : tensors.tensor(input()).shape();
    }

    /** The same dimensions in the output's order. */
    public Shape to(Tensors tensors) {
        Shape from = from(tensors);
        return Shape.of(IntStream.of(permutation).map(from.dimensions()::get).toArray());
    }

    @Override
    public void check(Tensors tensors) {
        Checks.moved(this, tensors);
        Shape input = tensors.tensor(input()).shape();
        Shape output = tensors.tensor(output()).shape();
        Shape from = from(tensors);
        require(
                Arrays.equals(
                        IntStream.of(permutation).sorted().toArray(),
                        IntStream.range(0, from.rank()).toArray()),
                "Transpose '%s' takes dimensions %s, not each of the %d of %s once.",
                name,
                Arrays.toString(permutation),
                from.rank(),
                from);
        Checks.length(this, "elements", input.elements(), from.elements());
        Shape to = to(tensors);
        require(
                dimensions == null ? output.equals(to) : output.elements() == to.elements(),
                "Transpose '%s' makes %s out of %s, not %s.",
                name,
                to,
                from,
                output);
    }
}
