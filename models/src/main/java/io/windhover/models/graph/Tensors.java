// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/** Tensors by index, as operators see them. */
@FunctionalInterface
public interface Tensors {
    /** The tensor of this index; a {@link io.windhover.models.ModelException} when there is none. */
    Tensor tensor(int index);
}
