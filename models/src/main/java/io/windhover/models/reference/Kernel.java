// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.graph.Operator;

/** Executes one kind of operator on the values of its tensors. */
@FunctionalInterface
interface Kernel<O extends Operator> {
    void run(O operator, Values values);
}
