// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.models.graph.ArgMax;
import io.windhover.models.graph.ClasswiseNonMaximumSuppression;
import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.DetectionPostProcess;
import io.windhover.models.graph.Divide;
import io.windhover.models.graph.FloatOperator;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.HostOperator;
import io.windhover.models.graph.L2Normalization;
import io.windhover.models.graph.LogSoftmax;
import io.windhover.models.graph.MatrixProduct;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.NonMaximumSuppression;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.ScaleAccumulators;
import io.windhover.models.graph.Softmax;
import io.windhover.models.graph.SquaredDifference;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Tensors;
import io.windhover.models.graph.TopK;

/** Why an operator runs on the host, in the user's words. */
public enum HostReason {
    SOFTMAX("softmax needs exponentials and a division of each row, which the accelerator lacks"),
    REAL_NUMBERS("it computes with real numbers; the accelerator has integers of 8 bits only"),
    CONVERSION("it converts between real numbers and codes"),
    ORDER("it looks for the largest or smallest elements, which the accelerator cannot order"),
    BOXES("it chooses among boxes, one depending on the others"),
    INTEGERS("it works on integers of 32 or 64 bits or on truth values; the accelerator has maps of 8 bits only"),
    MATRICES("it multiplies two computed values; the accelerator multiplies by constants only"),
    REDUCTION("the accelerator has no such operator over these dimensions"),
    FUNCTION("the accelerator has no such operator"),
    WINDOW("it pools or averages more rows, columns, channels or positions than the accelerator reads at once"),
    SHARES("it mixes pixels in shares too fine for the accelerator's sums; scale bilinearly by a small power of two"),
    COLUMNS(
            "it reads or makes more columns than a map of the accelerator has, and not along a line; cut the map into parts"),
    DILATION("its windows are dilated; the accelerator's pools take neighbouring pixels only"),
    NEIGHBOUR("all that it reads or is read by is on the host");

    private final String words;

    HostReason(String words) {
        this.words = words;
    }

    /** A clause about the operator. */
    public String words() {
        return words;
    }

    /** Of an operator that {@link Placement} leaves to the host. */
    public static HostReason of(Operator operator, Tensors tensors) {
        if (operator instanceof Softmax || operator instanceof LogSoftmax || operator instanceof FloatSoftmax) {
            return SOFTMAX;
        }
        if (operator instanceof Quantize || operator instanceof Dequantize || operator instanceof ScaleAccumulators) {
            return CONVERSION;
        }
        if (operator instanceof ArgMax || operator instanceof TopK) {
            return ORDER;
        }
        if (operator instanceof MatrixProduct) {
            return MATRICES;
        }
        if (operator instanceof NonMaximumSuppression
                || operator instanceof ClasswiseNonMaximumSuppression
                || operator instanceof DetectionPostProcess) {
            return BOXES;
        }
        TensorType type = tensors.tensor(operator.output()).type();
        if (operator instanceof FloatOperator || type == TensorType.FLOAT32) {
            return REAL_NUMBERS;
        }
        if (!type.isByte() && type != TensorType.BITS) {
            return INTEGERS;
        }
        if (LargeWindows.areTakenBy(operator, tensors)) {
            return WINDOW;
        }
        if (WideMaps.areReadBy(operator, tensors)) {
            return COLUMNS;
        }
        if (operator instanceof MaxPool pool && pool.window().isDilated()) {
            return DILATION;
        }
        if (operator instanceof Divide
                || operator instanceof L2Normalization
                || operator instanceof SquaredDifference) {
            return FUNCTION;
        }
        if (operator instanceof HostOperator) {
            return REDUCTION;
        }
        return BilinearShares.areTakenBy(operator) ? SHARES : NEIGHBOUR;
    }
}
