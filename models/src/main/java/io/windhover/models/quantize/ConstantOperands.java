// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import static io.windhover.models.ModelException.require;
import static io.windhover.models.ModelException.requirePresent;

import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.quantize.QuantizationPlan.Activation;
import io.windhover.models.quantize.Ranges.Range;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Constant operands of float networks. */
final class ConstantOperands {
    private ConstantOperands() {}

    /** The elements of a FLOAT32 constant. */
    static float[] floats(Tensor constant) {
        return floats(requirePresent(constant.constant(), "%s is not a constant.", constant));
    }

    /** Little-endian FLOAT32 elements. */
    static float[] floats(byte[] contents) {
        float[] floats = new float[contents.length / Float.BYTES];
        ByteBuffer.wrap(contents).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }

    /** Smallest and largest element. */
    static Range range(float[] values) {
        Range range = new Range(values[0], values[0]);
        for (float value : values) {
            require(Float.isFinite(value), "A constant holds %s.", value);
            range = range.with(new Range(value, value));
        }
        return range;
    }

    /** Codes and what they mean. */
    record Codes(byte[] codes, Quantization quantization) {}

    /** Values as codes that cover their own range. */
    static Codes quantized(TensorType type, float[] values) {
        Activation activation = Ranges.activation(type, range(values));
        return new Codes(codes(values, activation), activation.quantization());
    }

    /** Values as codes of an activation. */
    static byte[] codes(float[] values, Activation activation) {
        byte[] codes = new byte[values.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) activation.quantization().code(values[i], activation.low(), activation.high());
        }
        return codes;
    }
}
