package io.windhover.models.reference;

import static io.windhover.models.arithmetic.FixedPoint.clamp;
import static io.windhover.models.arithmetic.FixedPoint.multiplyByQuantizedMultiplier;

import io.windhover.models.graph.Mean;
import io.windhover.models.graph.TensorType;

/** Mean over height and width. */
final class MeanKernel {
    private MeanKernel() {}

    static void run(Mean operator, Values values) {
        int[] centred = values.centred(operator.input(), operator.inputZeroPoint());
        byte[] output = values.bytes(operator.output());
        int[] sums = new int[output.length];
        for (int i = 0; i < centred.length; i++) {
            sums[i % sums.length] += centred[i];
        }
        TensorType type = values.tensor(operator.output()).type();
        for (int c = 0; c < sums.length; c++) {
            int scaled = multiplyByQuantizedMultiplier(sums[c], operator.rescale().multiplier(), operator.rescale().shift());
            output[c] = (byte) clamp(scaled + operator.outputZeroPoint(), type.minimum(), type.maximum());
        }
    }
}
