// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * A function of one element.
 *
 * @param alpha LEAKY_RELU: slope below 0; ELU, SELU and CELU: factor; HARD_SIGMOID: slope; CLAMP: lower limit;
 *     THRESHOLDED_RELU: threshold; POWER: exponent; otherwise 0
 * @param beta HARD_SIGMOID: offset; CLAMP: upper limit; SELU: factor of all; otherwise 0
 */
public record FloatActivation(String name, int[] inputs, int[] outputs, Function function, float alpha, float beta)
        implements FloatOperator {
    /** What is computed of x. */
    public enum Function {
        /** x between alpha and beta; RELU is 0 to infinity, RELU6 0 to 6. */
        CLAMP,
        /** x, or alpha x below 0. */
        LEAKY_RELU,
        /** x, or alpha (e^x - 1) below 0. */
        ELU,
        /** 1 / (1 + e^-x). */
        LOGISTIC,
        TANH,
        /** x * min(max(x + 3, 0), 6) / 6. */
        HARD_SWISH,
        /** min(max(alpha x + beta, 0), 1). */
        HARD_SIGMOID,
        /** x / (1 + e^-x), SiLU. */
        SWISH,
        ABS,
        SQUARE_ROOT,
        EXP,
        NEGATE,
        /** The natural logarithm. */
        LOG,
        SINE,
        COSINE,
        /** 1 / sqrt(x). */
        RECIPROCAL_SQUARE_ROOT,
        /** 1 / x. */
        RECIPROCAL,
        FLOOR,
        CEILING,
        /** To the nearest integer, of two the even one. */
        ROUND,
        /** -1, 0 or 1. */
        SIGN,
        /** The error function. */
        ERF,
        /** x * (1 + erf(x / sqrt(2))) / 2. */
        GELU,
        /** GELU by way of the hyperbolic tangent: x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2. */
        GELU_TANH,
        /** log(1 + e^x). */
        SOFTPLUS,
        /** beta x, or beta alpha (e^x - 1) below 0. */
        SELU,
        /** max(x, 0) + min(alpha (e^(x / alpha) - 1), 0). */
        CELU,
        /** x where it is above alpha, else 0. */
        THRESHOLDED_RELU,
        /** x / (1 + |x|). */
        SOFTSIGN,
        /** x * tanh(log(1 + e^x)). */
        MISH,
        /** x^alpha. */
        POWER
    }

    @Override
    public void check(Tensors tensors) {
        Checks.floats(this, tensors, 1);
        Checks.sameMap(this, tensors.tensor(input()), tensors.tensor(output()));
    }
}
