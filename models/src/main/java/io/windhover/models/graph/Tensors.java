// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.requirePresent;

import java.util.Map;

/** Tensors by index, as operators see them. */
@FunctionalInterface
public interface Tensors {
    /** The tensor of this index; a {@link io.windhover.models.ModelException} when there is none. */
    Tensor tensor(int index);

    /** Those of a map, seen through all later changes of it. */
    static Tensors of(Map<Integer, Tensor> tensors) {
        return index -> requirePresent(tensors.get(index), "There is no tensor %d.", index);
    }
}
