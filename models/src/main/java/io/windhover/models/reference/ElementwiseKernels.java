package io.windhover.models.reference;

import static io.windhover.models.arithmetic.FixedPoint.clamp;
import static io.windhover.models.arithmetic.FixedPoint.multiplyByQuantizedMultiplier;

import io.windhover.models.graph.Add;
import io.windhover.models.graph.Broadcast;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Rescale;

/** Sum and product of two activations. */
final class ElementwiseKernels {
    private ElementwiseKernels() {}

    static void add(Add operator, Values values) {
        int[] first = values.centred(operator.inputs()[0], operator.firstZeroPoint());
        int[] second = spread(operator, values, operator.secondZeroPoint());
        byte[] output = values.bytes(operator.output());
        for (int i = 0; i < output.length; i++) {
            int left = apply(operator.first(), first[i] << operator.leftShift());
            int right = apply(operator.second(), second[i] << operator.leftShift());
            int code = apply(operator.result(), left + right) + operator.outputZeroPoint();
            output[i] = (byte) clamp(code, operator.clampMin(), operator.clampMax());
        }
    }

    static void multiply(Multiply operator, Values values) {
        int[] first = values.centred(operator.inputs()[0], operator.firstZeroPoint());
        int[] second = spread(operator, values, operator.secondZeroPoint());
        byte[] output = values.bytes(operator.output());
        for (int i = 0; i < output.length; i++) {
            int code = apply(operator.rescale(), first[i] * second[i]) + operator.outputZeroPoint();
            output[i] = (byte) clamp(code, operator.clampMin(), operator.clampMax());
        }
    }

    private static int apply(Rescale rescale, int value) {
        return multiplyByQuantizedMultiplier(value, rescale.multiplier(), rescale.shift());
    }

    /** The second operand repeated to the size of the first. */
    private static int[] spread(Operator operator, Values values, int zeroPoint) {
        int firstIndex = operator.inputs()[0];
        int secondIndex = operator.inputs()[1];
        int[] second = values.centred(secondIndex, zeroPoint);
        Broadcast broadcast = Broadcast.of(operator, values.tensor(firstIndex), values.tensor(secondIndex));
        if (broadcast == Broadcast.NONE) {
            return second;
        }
        int[] spread = new int[values.shape(firstIndex).elements()];
        for (int i = 0; i < spread.length; i++) {
            spread[i] = second[i % second.length];
        }
        return spread;
    }
}
