// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

/** One step of a segment's schedule over rows {@code low} to {@code high}. */
sealed interface Step {
    int low();

    int high();

    /** Rows of blocks {@code firstBlock} to {@code endBlock} of a root map from memory into its ring. */
    record Load(MapNode map, int firstBlock, int endBlock, int low, int high) implements Step {
        long bytes() {
            return 8L * map.width * (endBlock - firstBlock) * (high - low);
        }
    }

    /** Output rows of a stage. */
    record Run(Stage stage, int low, int high) implements Step {}

    /** Rows that a stage made to every place in memory that wants them. */
    record Store(Stage stage, int low, int high) implements Step {}
}
