// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.graph.Interpolation;
import io.windhover.models.graph.NeighbourShares;
import io.windhover.models.graph.Shape;

/** Interpolation of codes: sums in whole shares, rescaled once. */
final class InterpolationKernel {
    private final Interpolation operator;
    private final Shape in;
    private final int[] input;

    private InterpolationKernel(Interpolation operator, Values values) {
        this.operator = operator;
        in = values.shape(operator.input());
        input = values.centred(operator.input(), operator.inputZeroPoint());
    }

    static void run(Interpolation operator, Values values) {
        InterpolationKernel kernel = new InterpolationKernel(operator, values);
        byte[] output = values.bytes(operator.output());
        int to = 0;
        for (int y = 0; y < operator.rows().size(); y++) {
            for (int x = 0; x < operator.columns().size(); x++) {
                for (int c = 0; c < kernel.in.channels(); c++) {
                    output[to++] = (byte) kernel.code(kernel.sum(y, x, c));
                }
            }
        }
    }

    private int code(int sum) {
        int scaled = FixedPoint.multiplyByQuantizedMultiplier(
                sum, operator.rescale().multiplier(), operator.rescale().shift());
        return Math.max(operator.clampMin(), Math.min(operator.clampMax(), scaled + operator.outputZeroPoint()));
    }

    private int sum(int y, int x, int c) {
        NeighbourShares rows = operator.rows();
        int top = rows.lower()[y];
        int bottomShares = rows.upperShares()[y];
        int sum = (rows.divisor() - bottomShares) * ofRow(top, x, c);
        return bottomShares == 0 ? sum : sum + bottomShares * ofRow(top + 1, x, c);
    }

    private int ofRow(int y, int x, int c) {
        NeighbourShares columns = operator.columns();
        int left = columns.lower()[x];
        int rightShares = columns.upperShares()[x];
        int first = (y * in.width() + left) * in.channels() + c;
        int sum = (columns.divisor() - rightShares) * input[first];
        return rightShares == 0 ? sum : sum + rightShares * input[first + in.channels()];
    }
}
