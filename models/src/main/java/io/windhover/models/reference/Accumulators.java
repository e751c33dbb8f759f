// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.graph.PostProcess;
import java.nio.ByteBuffer;

/** Turns the accumulators of one pixel into that pixel of the output tensor. */
@FunctionalInterface
interface Accumulators {
    /** Writes pixel number {@code pixel}; one accumulator per output channel, bias included. */
    void write(int pixel, int[] accumulators);

    /** Writes a tensor of the network; a cancelled inference ends at its next pixel. */
    static Accumulators into(PostProcess post, int outputIndex, Values values) {
        Accumulators output = forPost(post, outputIndex, values);
        return (pixel, accumulators) -> {
            Cancellation.check();
            output.write(pixel, accumulators);
        };
    }

    private static Accumulators forPost(PostProcess post, int outputIndex, Values values) {
        if (post instanceof PostProcess.Requantize requantize) {
            return requantized(requantize, values.bytes(outputIndex));
        }
        if (post instanceof PostProcess.Bits bits) {
            return thresholded(bits, values.bytes(outputIndex));
        }
        ByteBuffer words = values.words(outputIndex);
        return (pixel, accumulators) -> words.asIntBuffer().put(pixel * accumulators.length, accumulators);
    }

    private static Accumulators requantized(PostProcess.Requantize requantize, byte[] output) {
        int[] multiplier = requantize.multiplier();
        int[] shift = requantize.shift();
        return (pixel, accumulators) -> {
            int base = pixel * accumulators.length;
            for (int c = 0; c < accumulators.length; c++) {
                int scaled = FixedPoint.multiplyByQuantizedMultiplier(accumulators[c], multiplier[c], shift[c]);
                output[base + c] = (byte)
                        FixedPoint.clamp(scaled + requantize.zeroPoint(), requantize.clampMin(), requantize.clampMax());
            }
        };
    }

    private static Accumulators thresholded(PostProcess.Bits bits, byte[] output) {
        return (pixel, accumulators) -> {
            int base = pixel * ((accumulators.length + 7) / 8);
            for (int c = 0; c < accumulators.length; c++) {
                if ((accumulators[c] >= bits.threshold()[c]) != bits.invert()[c]) {
                    output[base + c / 8] |= (byte) (1 << (c % 8));
                }
            }
        };
    }
}
