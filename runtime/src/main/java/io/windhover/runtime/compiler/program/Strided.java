// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

/** Strides that are taken in several steps because no command can name them. */
public final class Strided {
    private Strided() {}

    /** The largest divisor of a stride that commands can name; 1 where there is none. */
    public static int step(int stride) {
        int step = Math.min(stride, FieldLimits.STRIDE);
        while (stride % step != 0) {
            step--;
        }
        return step;
    }
}
