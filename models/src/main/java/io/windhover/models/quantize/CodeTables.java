// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rounding;
import io.windhover.models.graph.Tensor;
import java.util.function.DoubleUnaryOperator;

/** Tables of real functions over 8-bit codes. */
final class CodeTables {
    private CodeTables() {}

    /**
     * For every code of {@code from}, the code of {@code to} nearest to the function of its real value, within
     * low..high. Codes that round as ONNX does are made as it defines them, every step in single precision.
     */
    static byte[] of(Tensor from, Tensor to, DoubleUnaryOperator real, int low, int high) {
        Quantization in = from.requireQuantization();
        Quantization out = to.requireQuantization();
        byte[] table = new byte[256];
        for (int code = from.type().minimum(); code <= from.type().maximum(); code++) {
            int centred = code - in.zeroPoint();
            boolean isOnnx = out.rounding() == Rounding.HALF_TO_EVEN;
            double result = real.applyAsDouble(isOnnx ? in.scale() * centred : (double) in.scale() * centred);
            int nearest = isOnnx
                    ? out.rounding().nearest((float) result / out.scale())
                    : Rescaling.roundHalfAway((float) (result / out.scale()));
            table[code & 0xFF] = (byte) FixedPoint.clamp(nearest + out.zeroPoint(), low, high);
        }
        return table;
    }
}
