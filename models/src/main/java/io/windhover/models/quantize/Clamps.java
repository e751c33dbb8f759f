// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.TensorUses;
import org.jspecify.annotations.Nullable;

/** Clamps that the layer before them takes over. */
final class Clamps {
    private Clamps() {}

    /** The clamp that alone reads the tensor, or null. */
    static @Nullable FloatActivation onlyAfter(TensorUses uses, int tensor) {
        return uses.onlyConsumer(tensor) instanceof FloatActivation activation
                        && activation.function() == FloatActivation.Function.CLAMP
                ? activation
                : null;
    }
}
