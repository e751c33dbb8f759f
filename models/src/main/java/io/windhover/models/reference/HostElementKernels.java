// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import static io.windhover.models.ModelException.require;
import static io.windhover.models.arithmetic.FixedPoint.clamp;
import static io.windhover.models.arithmetic.FixedPoint.multiplyByQuantizedMultiplier;

import io.windhover.models.arithmetic.Reciprocal;
import io.windhover.models.graph.Arithmetic;
import io.windhover.models.graph.Cast;
import io.windhover.models.graph.Compare;
import io.windhover.models.graph.Divide;
import io.windhover.models.graph.Logical;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Repetition;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.SquaredDifference;
import io.windhover.models.graph.TensorType;

/** Element by element, with dimensions of 1 repeated: arithmetic of any rank, comparisons, truth values, casts. */
final class HostElementKernels {
    private static final int COMPARISON_SHIFT = 8;

    private HostElementKernels() {}

    /** Computes output element {@code at} of elements {@code first} and {@code second} of the operands. */
    @FunctionalInterface
    private interface Step {
        void run(int first, int second, int at);
    }

    private static void pairwise(Operator operator, Values values, Step step) {
        int last = operator.inputs().length - 1;
        Repetition first = Repetition.of(values.shape(operator.inputs()[0]), values.shape(operator.output()));
        Repetition second = Repetition.of(values.shape(operator.inputs()[last]), values.shape(operator.output()));
        int count = values.shape(operator.output()).elements();
        for (int i = 0; i < count; i++) {
            step.run(first.partner(i), second.partner(i), i);
        }
    }

    static void arithmetic(Arithmetic operator, Values values) {
        Elements first = new Elements(values, operator.inputs()[0]);
        Elements second = new Elements(values, operator.inputs()[1]);
        Elements output = new Elements(values, operator.output());
        pairwise(operator, values, (a, b, at) -> {
            if (output.isReal()) {
                output.set(at, real(operator.function(), first.real(a), second.real(b)));
            } else {
                output.set(at, integer(operator, first.integer(a), second.integer(b)));
            }
        });
    }

    private static float real(Arithmetic.Function function, float a, float b) {
        return switch (function) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case POWER -> (float) StrictMath.pow(a, b);
            case SQUARED_DIFFERENCE -> (a - b) * (a - b);
            case FLOOR_DIVIDE -> (float) Math.floor(a / b);
            case FLOOR_MODULO -> floorModulo(a, b);
        };
    }

    private static float floorModulo(float a, float b) {
        float rest = a % b;
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    }

    private static long integer(Arithmetic operator, long a, long b) {
        return switch (operator.function()) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / divisor(operator, b);
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case POWER -> power(operator, a, b);
            case SQUARED_DIFFERENCE -> (a - b) * (a - b);
            case FLOOR_DIVIDE -> Math.floorDiv(a, divisor(operator, b));
            case FLOOR_MODULO -> Math.floorMod(a, divisor(operator, b));
        };
    }

    private static long divisor(Arithmetic operator, long b) {
        require(b != 0, "Arithmetic '%s' divides an integer by 0.", operator.name());
        return b;
    }

    private static long power(Arithmetic operator, long base, long exponent) {
        require(exponent >= 0, "Arithmetic '%s' raises an integer to the power %d.", operator.name(), exponent);
        long result = 1;
        long factor = base;
        for (long rest = exponent; rest > 0; rest >>= 1) {
            result *= (rest & 1) == 1 ? factor : 1;
            factor *= factor;
        }
        return result;
    }

    static void compare(Compare operator, Values values) {
        Elements first = new Elements(values, operator.inputs()[0]);
        Elements second = new Elements(values, operator.inputs()[1]);
        Elements output = new Elements(values, operator.output());
        Compare.Codes codes = operator.codes();
        pairwise(operator, values, (a, b, at) -> {
            if (first.isReal() && (Float.isNaN(first.real(a)) || Float.isNaN(second.real(b)))) {
                output.set(at, operator.function() == Compare.Function.NOT_EQUAL);
            } else if (codes == null) {
                output.set(at, holds(operator.function(), first.compare(a, second, b)));
            } else {
                int left = rescaled(first.integer(a), codes.firstZeroPoint(), COMPARISON_SHIFT, codes.first());
                int right = rescaled(second.integer(b), codes.secondZeroPoint(), COMPARISON_SHIFT, codes.second());
                output.set(at, holds(operator.function(), Integer.compare(left, right)));
            }
        });
    }

    private static int rescaled(long code, int zeroPoint, int leftShift, Rescale rescale) {
        int shifted = ((int) code - zeroPoint) << leftShift;
        return multiplyByQuantizedMultiplier(shifted, rescale.multiplier(), rescale.shift());
    }

    static void squaredDifference(SquaredDifference operator, Values values) {
        Elements first = new Elements(values, operator.inputs()[0]);
        Elements second = new Elements(values, operator.inputs()[1]);
        Elements output = new Elements(values, operator.output());
        TensorType type = output.type();
        int shift = SquaredDifference.LEFT_SHIFT;
        Rescale result = operator.result();
        pairwise(operator, values, (a, b, at) -> {
            int difference = rescaled(first.integer(a), operator.firstZeroPoint(), shift, operator.first())
                    - rescaled(second.integer(b), operator.secondZeroPoint(), shift, operator.second());
            int code = multiplyByQuantizedMultiplier(difference * difference, result.multiplier(), result.shift())
                    + operator.outputZeroPoint();
            output.set(at, clamp(code, type.minimum(), type.maximum()));
        });
    }

    static void divide(Divide operator, Values values) {
        Elements first = new Elements(values, operator.inputs()[0]);
        Elements second = new Elements(values, operator.inputs()[1]);
        Elements output = new Elements(values, operator.output());
        pairwise(operator, values, (a, b, at) -> {
            int dividend = (int) first.integer(a) - operator.firstZeroPoint();
            int divisor = (int) second.integer(b) - operator.secondZeroPoint();
            require(divisor != 0, "Divide '%s' divides by 0.", operator.name());
            int code = Reciprocal.quotient(dividend, divisor, operator.result()) + operator.outputZeroPoint();
            output.set(at, clamp(code, operator.clampMin(), operator.clampMax()));
        });
    }

    private static boolean holds(Compare.Function function, int order) {
        return switch (function) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_EQUAL -> order >= 0;
        };
    }

    static void logical(Logical operator, Values values) {
        Elements first = new Elements(values, operator.inputs()[0]);
        Elements second = new Elements(values, operator.inputs()[operator.inputs().length - 1]);
        Elements output = new Elements(values, operator.output());
        pairwise(operator, values, (i, j, at) -> {
            boolean a = first.isTrue(i);
            boolean b = second.isTrue(j);
            output.set(
                    at,
                    switch (operator.function()) {
                        case AND -> a && b;
                        case OR -> a || b;
                        case XOR -> a != b;
                        case NOT -> !a;
                    });
        });
    }

    static void cast(Cast operator, Values values) {
        Elements input = new Elements(values, operator.input());
        Elements output = new Elements(values, operator.output());
        for (int i = 0; i < output.count(); i++) {
            if (output.type() == TensorType.BOOL) {
                output.set(i, input.isReal() ? input.real(i) != 0 : input.integer(i) != 0);
            } else if (output.isReal()) {
                output.set(i, input.isReal() ? input.real(i) : (float) input.integer(i));
            } else if (input.isReal()) {
                boolean wide = output.type() == TensorType.INT64;
                output.set(i, wide ? (long) input.real(i) : (int) input.real(i));
            } else {
                output.set(i, input.integer(i));
            }
        }
    }
}
