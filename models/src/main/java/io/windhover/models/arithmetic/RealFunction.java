// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.arithmetic;

import io.windhover.models.graph.FloatActivation;
import java.util.function.DoubleUnaryOperator;

/** The functions of {@link FloatActivation} in double precision, the same on every machine. */
public final class RealFunction {
    private RealFunction() {}

    /** What the activation computes of one element. */
    public static DoubleUnaryOperator of(FloatActivation activation) {
        double alpha = activation.alpha();
        double beta = activation.beta();
        return switch (activation.function()) {
            case CLAMP -> x -> Math.max(alpha, Math.min(beta, x));
            case LEAKY_RELU -> x -> x < 0 ? alpha * x : x;
            case ELU -> x -> x < 0 ? alpha * StrictMath.expm1(x) : x;
            case LOGISTIC -> RealFunction::logistic;
            case TANH -> StrictMath::tanh;
            case HARD_SWISH -> x -> x * Math.min(Math.max(x + 3, 0), 6) / 6;
            case HARD_SIGMOID -> x -> Math.min(Math.max(alpha * x + beta, 0), 1);
            case SWISH -> x -> x * logistic(x);
            case ABS -> Math::abs;
            case SQUARE_ROOT -> Math::sqrt;
            case EXP -> StrictMath::exp;
            case NEGATE -> x -> -x;
            case LOG -> StrictMath::log;
            case SINE -> StrictMath::sin;
            case COSINE -> StrictMath::cos;
            case RECIPROCAL_SQUARE_ROOT -> x -> 1 / Math.sqrt(x);
            case RECIPROCAL -> x -> 1 / x;
            case FLOOR -> Math::floor;
            case CEILING -> Math::ceil;
            case ROUND -> Math::rint;
            case SIGN -> Math::signum;
            case ERF -> ErrorFunction::of;
            case GELU -> x -> x * ErrorFunction.complementary(-x * Math.sqrt(0.5)) / 2;
            case GELU_TANH -> x -> x * (1 + StrictMath.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2;
            case SOFTPLUS -> RealFunction::softplus;
            case SELU -> x -> beta * (x < 0 ? alpha * StrictMath.expm1(x) : x);
            case CELU -> x -> Math.max(x, 0) + Math.min(alpha * StrictMath.expm1(x / alpha), 0);
            case THRESHOLDED_RELU -> x -> x > alpha ? x : 0;
            case SOFTSIGN -> x -> x / (1 + Math.abs(x));
            case MISH -> x -> x * StrictMath.tanh(softplus(x));
            case POWER -> x -> StrictMath.pow(x, alpha);
        };
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    /** 1 / (1 + e^-x). */
    public static double logistic(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }
}
