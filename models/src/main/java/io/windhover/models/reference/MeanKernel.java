// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import static io.windhover.models.arithmetic.FixedPoint.clamp;
import static io.windhover.models.arithmetic.FixedPoint.multiplyByQuantizedMultiplier;

import io.windhover.models.graph.Axes;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;

/** Mean over any of height, width and channels. */
final class MeanKernel {
    private MeanKernel() {}

    static void run(Mean operator, Values values) {
        int[] sums = sums(operator, values);
        byte[] output = values.bytes(operator.output());
        TensorType type = values.tensor(operator.output()).type();
        for (int i = 0; i < sums.length; i++) {
            int scaled = multiplyByQuantizedMultiplier(
                    sums[i], operator.rescale().multiplier(), operator.rescale().shift());
            output[i] = (byte) clamp(scaled + operator.outputZeroPoint(), type.minimum(), type.maximum());
        }
    }

    private static int[] sums(Mean operator, Values values) {
        int[] centred = values.centred(operator.input(), operator.inputZeroPoint());
        Shape in = values.shape(operator.input());
        Axes axes = operator.axes();
        Shape kept = axes.reduced(in);
        int[] sums = new int[kept.elements()];
        int from = 0;
        for (int y = 0; y < in.height(); y++) {
            for (int x = 0; x < in.width(); x++) {
                for (int c = 0; c < in.channels(); c++) {
                    int row = axes.height() ? 0 : y;
                    int column = axes.width() ? 0 : x;
                    int channel = axes.channels() ? 0 : c;
                    sums[(row * kept.width() + column) * kept.channels() + channel] += centred[from++];
                }
            }
        }
        return sums;
    }
}
