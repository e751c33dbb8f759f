// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value computed per frame.
 *
 * @param tensorId the tensor that holds it
 * @param layout how its elements lie there
 * @param codes its representation where the file hands on 8-bit codes, or null for real numbers
 * @param isQuantized true when the file has rounded the value to the codes of its tensor; false also for a value that
 *     only other readers take as codes
 */
record Activation(int tensorId, Layout layout, @Nullable Codes codes, boolean isQuantized) implements NamedValue {
    /** How 8-bit codes stand for real numbers. */
    record Codes(ElementType type, float scale, int zeroPoint, int low, int high) {
        /** Whether a code stands for the number, as nearly as it can be written. */
        boolean isCode(double number) {
            double code = number / scale + zeroPoint;
            return Math.abs(code - Math.rint(code)) < 1e-4 && Math.rint(code) >= low && Math.rint(code) <= high;
        }
    }

    Activation(int tensorId, Layout layout) {
        this(tensorId, layout, null, false);
    }

    Activation(int tensorId, Layout layout, @Nullable Codes codes) {
        this(tensorId, layout, codes, codes != null);
    }

    @Override
    public int[] dimensions() {
        return layout.shape();
    }

    Activation with(Layout other) {
        return new Activation(tensorId, other, codes, isQuantized);
    }

    /** The value rounded to codes, and handed on as these. */
    Activation with(Codes others) {
        return new Activation(tensorId, layout, others, true);
    }

    /** The value rounded to codes, and handed on as real numbers. */
    Activation rounded() {
        return new Activation(tensorId, layout, null, true);
    }

    @Override
    public String toString() {
        return "a tensor of shape " + Arrays.toString(dimensions());
    }
}
