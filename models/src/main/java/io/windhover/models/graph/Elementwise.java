// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Two operands element by element: first (function) second. The output has the first operand's map; the second operand
 * may broadcast as {@link Broadcast} says.
 *
 * <p>Integers have a record for each function, because each has fixed-point parameters of its own. Floats need none:
 * {@link FloatElementwise} is all of them.
 */
public sealed interface Elementwise extends Operator
        permits Add, FloatElementwise, Maximum, Minimum, Multiply, Subtract {
    /** What is computed. */
    enum Function {
        ADD,
        SUBTRACT,
        MULTIPLY,
        /** Floats only: integers multiply by reciprocals. */
        DIVIDE,
        MAXIMUM,
        MINIMUM
    }

    Function function();

    /** True for second (function) first. */
    default boolean reversed() {
        return false;
    }
}
