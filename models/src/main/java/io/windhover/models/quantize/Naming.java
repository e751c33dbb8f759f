// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Tensor;

/**
 * What refusals call the parts of a float network: its own numbers and names, or those of the file it was read from.
 */
public interface Naming {
    /** The names of the float network itself. */
    Naming OWN = new Naming() {
        @Override
        public String refused(int position, Operator operator) {
            return String.format(
                    "Operator %d (%s '%s') cannot be quantised", position, operator.kind(), operator.name());
        }

        @Override
        public String tensor(Tensor tensor) {
            return tensor.toString();
        }
    };

    /** The beginning of a sentence that says why an operator cannot be used. */
    String refused(int position, Operator operator);

    /** A value. */
    String tensor(Tensor tensor);
}
