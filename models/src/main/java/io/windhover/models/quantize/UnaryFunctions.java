// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.arithmetic.RealFunction;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.FloatPRelu;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Tensor;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/** Float operators that compute a function of one element: chains of them become one table. */
final class UnaryFunctions {
    private UnaryFunctions() {}

    /**
     * True for activations, for element-wise operators with a single constant, and for rectifiers with one slope for
     * all channels.
     */
    static boolean isUnary(Graph graph, Operator operator) {
        if (operator instanceof FloatElementwise elementwise) {
            Tensor second = graph.tensor(elementwise.inputs()[1]);
            return second.isConstant()
                    && second.shape().elements() == 1
                    && !graph.tensor(elementwise.inputs()[0]).isConstant();
        }
        return operator instanceof FloatActivation || (operator instanceof FloatPRelu prelu && hasOneSlope(prelu));
    }

    private static boolean hasOneSlope(FloatPRelu prelu) {
        for (float slope : prelu.slope()) {
            if (slope != prelu.slope()[0]) {
                return false;
            }
        }
        return true;
    }

    /** The function of a unary operator. */
    static DoubleUnaryOperator of(Graph graph, Operator operator) {
        if (operator instanceof FloatElementwise elementwise) {
            return withConstant(
                    elementwise,
                    ConstantOperands.floats(graph.tensor(elementwise.inputs()[1]))[0]);
        }
        if (operator instanceof FloatPRelu prelu) {
            return x -> x < 0 ? prelu.slope()[0] * x : x;
        }
        return RealFunction.of((FloatActivation) operator);
    }

    private static DoubleUnaryOperator withConstant(FloatElementwise operator, double constant) {
        return switch (operator.function()) {
            case ADD -> x -> x + constant;
            case SUBTRACT -> operator.reversed() ? x -> constant - x : x -> x - constant;
            case MULTIPLY -> x -> x * constant;
            case DIVIDE -> operator.reversed() ? x -> constant / x : x -> x / constant;
            case MAXIMUM -> x -> Math.max(x, constant);
            case MINIMUM -> x -> Math.min(x, constant);
        };
    }

    /** What the table is called in reports. */
    static String word(Operator operator) {
        if (operator instanceof FloatActivation activation) {
            return activation.function().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
        return operator instanceof FloatElementwise elementwise
                ? elementwise.function().name().toLowerCase(Locale.ROOT) + " constant"
                : "leaky relu";
    }
}
