// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import java.util.Arrays;

/** The best of many scored rows: highest score first, ties to the lower row. Its array is kept. */
final class Best {
    private final long[] keys;
    private int count;

    Best(int rows) {
        keys = new long[rows];
    }

    void clear() {
        count = 0;
    }

    /** @param score 0 or more, so that its bits ascend with it */
    void add(int row, float score) {
        keys[count++] = (long) ~Float.floatToIntBits(score + 0f) << Integer.SIZE | row;
    }

    /** Puts them into order; how many of the best {@code most} there are. */
    int sort(int most) {
        Arrays.sort(keys, 0, count);
        return Math.min(count, most);
    }

    int row(int place) {
        return (int) keys[place];
    }

    float score(int place) {
        return Float.intBitsToFloat(~(int) (keys[place] >> Integer.SIZE));
    }
}
