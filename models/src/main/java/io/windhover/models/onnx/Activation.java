package io.windhover.models.onnx;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value computed per frame.
 *
 * @param handle the tensor that holds it
 * @param layout how its elements lie there
 * @param codes  its representation where the file hands on 8-bit codes, or null for real numbers
 */
record Activation(int handle, Layout layout, @Nullable Codes codes) implements Value {
    /** How 8-bit codes stand for real numbers. */
    record Codes(ElementType type, float scale, int zeroPoint, int low, int high) {}

    Activation(int handle, Layout layout) {
        this(handle, layout, null);
    }

    @Override
    public int[] dimensions() {
        return layout.shape();
    }

    Activation with(Layout other) {
        return new Activation(handle, other, codes);
    }

    Activation with(@Nullable Codes others) {
        return new Activation(handle, layout, others);
    }

    @Override
    public String toString() {
        return "a tensor of shape " + Arrays.toString(dimensions());
    }
}
