// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static io.windhover.models.ModelException.require;

/**
 * What reading a file may cost. Parts of a flatbuffer may be referred to again and again, so that a small file says
 * much.
 */
final class Budget {
    private static final long COMPUTED_BYTES = 4L << 20;
    private static final long SPARE_PARAMETERS = 4L << 20;
    /** Weights in one constant may serve many layers; ours each have their own. */
    private static final long MOST_SHARING = 16;

    private static final long SPARE_SCALES = 1L << 20;

    private long storedBytes;
    private long computedBytes;
    private long parameters;
    private long scales;

    Budget(long fileBytes) {
        storedBytes = 2 * fileBytes;
        computedBytes = COMPUTED_BYTES + fileBytes;
        parameters = SPARE_PARAMETERS + MOST_SHARING * fileBytes;
        scales = SPARE_SCALES + fileBytes;
    }

    /** Takes the bytes of a constant that the file stores. */
    void spendStored(long bytes) {
        storedBytes -= bytes;
        require(storedBytes >= 0, "Constants add up to more than twice the file's size; the file is damaged.");
    }

    /** Takes the bytes of a constant that is computed while reading; false when there are not enough left. */
    boolean spendComputed(long bytes) {
        if (bytes > computedBytes) {
            return false;
        }
        computedBytes -= bytes;
        return true;
    }

    /** Takes the weights and biases of a layer. */
    void spendParameters(long count) {
        parameters -= count;
        require(
                parameters >= 0,
                "Layers share their weights more than %d times over; the file is damaged.",
                MOST_SHARING);
    }

    /** Takes the scales of a tensor. */
    void spendScales(int count) {
        scales -= count;
        require(scales >= 0, "Tensors have far more scales than the file has bytes; the file is damaged.");
    }
}
