package io.windhover.models.quantize;

import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Tensor;
import java.util.function.DoubleUnaryOperator;

/** Tables of real functions over 8-bit codes. */
final class Tables {
    private Tables() {}

    /** For every code of {@code from}, the code of {@code to} nearest to the function of its real value, within low..high. */
    static byte[] of(Tensor from, Tensor to, DoubleUnaryOperator real, int low, int high) {
        Quantization in = from.requireQuantization();
        Quantization out = to.requireQuantization();
        byte[] table = new byte[256];
        for (int code = from.type().minimum(); code <= from.type().maximum(); code++) {
            double result = real.applyAsDouble((double) in.scale() * (code - in.zeroPoint()));
            int nearest = Rescaling.roundHalfAway((float) (result / out.scale())) + out.zeroPoint();
            table[code & 0xFF] = (byte) FixedPoint.clamp(nearest, low, high);
        }
        return table;
    }
}
