// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.TensorType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that turn a float network into an integer one. Importers of files that carry their quantisation fill it
 * from the file; calibration fills it from measured ranges.
 *
 * @param activations by tensor index: how that FLOAT32 tensor is represented
 * @param weights by operator name: the codes of a layer's weights; layers not named here are quantised per channel,
 *     symmetrically, from their float weights
 */
public record QuantizationPlan(Map<Integer, Activation> activations, Map<String, Weights> weights) {
    /**
     * An 8-bit activation; {@code low} and {@code high} narrow the codes that occur (4-bit activations use 16 of them).
     */
    public record Activation(TensorType type, Quantization quantization, int low, int high) {
        public Activation {
            require(
                    type.isByte() && low >= type.minimum() && high <= type.maximum() && low < high,
                    "An activation cannot use codes %d..%d of type %s.",
                    low,
                    high,
                    type);
        }

        /** All codes of the type. */
        public static Activation of(TensorType type, float scale, int zeroPoint) {
            return new Activation(type, Quantization.of(scale, zeroPoint), type.minimum(), type.maximum());
        }
    }

    /**
     * Weights as codes, in the order of the float layer's weights.
     *
     * @param scales one per output channel, or one for all
     * @param zeroPoint subtracted from every code; 0 for int8 weights
     * @param bias at input scale * weight scale, or null to derive it from the float bias
     */
    public record Weights(byte[] codes, TensorType type, float[] scales, int zeroPoint, int @Nullable [] bias) {}
}
