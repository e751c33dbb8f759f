// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.synthetic;

import io.windhover.models.arithmetic.RealFunction;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Activation of a layer. NONE and RELU are the layer's own clamp; the others follow it as a table. */
public enum Activation {
    /** Signed outputs around a zero point near 0. */
    NONE(null),
    /** Outputs from 0 up: zero point -128. */
    RELU(null),
    /** x * relu6(x + 3) / 6 (MobileNetV3). */
    HARD_SWISH(x -> x * FunctionLayers.relu6(x + 3) / 6),
    /** x * logistic(x) (EfficientNet). */
    SWISH(x -> x * RealFunction.logistic(x)),
    /** x, or 0.3 x below 0. */
    LEAKY_RELU(x -> x < 0 ? 0.3 * x : x);

    /** A pure function, or null. */
    @SuppressWarnings("ImmutableEnumChecker")
    final @Nullable DoubleUnaryOperator table;

    Activation(@Nullable DoubleUnaryOperator table) {
        this.table = table;
    }
}
