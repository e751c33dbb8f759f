// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime;

import java.util.List;

/**
 * What a network says about one frame.
 *
 * @param top best first
 * @param timings where the time went
 */
public record Classification(List<Score> top, Timings timings) {
    public Classification {
        top = List.copyOf(top);
    }

    /**
     * One class.
     *
     * @param label its name, or "class N" when the model has no labels
     * @param index its channel in the output
     * @param score its probability, 0..1
     */
    public record Score(String label, int index, double score) {
        public Score {
            if (!Double.isFinite(score)) {
                throw new IllegalArgumentException("class " + index + " with the score " + score);
            }
        }

        @Override
        public String toString() {
            return String.format(java.util.Locale.ROOT, "%-24s %6.2f %%", label, score * 100);
        }
    }

    /**
     * Microseconds of each stage of one frame. Stages of neighbouring frames overlap, so their sum is a latency, not a
     * rate.
     *
     * @param decodeUs reading and decoding the image
     * @param preprocessUs resizing and quantising into the device's memory
     * @param accelerateUs from submission to the logits
     * @param classifyUs softmax and ranking
     */
    public record Timings(long decodeUs, long preprocessUs, long accelerateUs, long classifyUs) {}

    /** The most probable class. */
    public Score best() {
        return top.get(0);
    }
}
