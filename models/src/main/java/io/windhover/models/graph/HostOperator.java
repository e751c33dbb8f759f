// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Operators that an accelerator of convolutions has no use for: they order, choose and compare, work on integers of 32
 * and 64 bits, or take any rank. The reference executor runs them, on the host. Axes are dimensions of the input's
 * shape, counted from 0.
 */
public sealed interface HostOperator extends Operator
        permits ArgMax,
                Arithmetic,
                Cast,
                ClasswiseNonMaximumSuppression,
                Compare,
                CumulativeSum,
                DetectionPostProcess,
                Divide,
                Gather,
                L2Normalization,
                Logical,
                MatrixProduct,
                NonMaximumSuppression,
                Reduce,
                Select,
                SquaredDifference,
                Tile,
                TopK {}
