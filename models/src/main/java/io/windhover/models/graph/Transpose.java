// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Exchanges dimensions: output dimension d is input dimension permutation[d].
 *
 * @param permutation each dimension of the input once; both tensors have this rank
 */
public record Transpose(String name, int[] inputs, int[] outputs, int[] permutation) implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.moved(this, tensors);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        int rank = input.shape().rank();
        require(
                permutation.length == rank && output.shape().rank() == rank,
                "Transpose '%s' permutes %d dimensions of %s into %s.",
                name,
                permutation.length,
                input,
                output);
        boolean[] taken = new boolean[rank];
        for (int d = 0; d < rank; d++) {
            int from = permutation[d];
            require(
                    from >= 0 && from < rank && !taken[from],
                    "Transpose '%s' takes dimension %d, which is missing or taken.",
                    name,
                    from);
            taken[from] = true;
            require(
                    output.shape()
                            .dimensions()
                            .get(d)
                            .equals(input.shape().dimensions().get(from)),
                    "Transpose '%s' makes dimension %d of %s out of dimension %d of %s.",
                    name,
                    d,
                    output,
                    from,
                    input);
        }
    }
}
