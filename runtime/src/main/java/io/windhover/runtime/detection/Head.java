// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/** Outputs that hold a box and the scores of its classes in each of many rows. */
interface Head {
    int rows();

    int classes();

    /**
     * Takes a frame.
     *
     * @param outputs the contents of each output by its place in the graph
     */
    void load(IntFunction<ByteBuffer> outputs);

    /** The best class of each row, and its score, 0 to 1. */
    void score(float[] best, int[] classOf);

    /** Left, top, right, bottom of a row's box in parts of the input. */
    void box(int row, double[] into);

    /**
     * Refuses boxes that cannot be meant so.
     *
     * @param right greatest of all boxes, in parts of the input
     * @param bottom greatest of all boxes, in parts of the input
     */
    default void check(double right, double bottom) {}
}
