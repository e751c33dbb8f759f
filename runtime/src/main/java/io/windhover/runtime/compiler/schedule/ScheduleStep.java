// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.schedule;

import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.Stage;

/** One step of a segment's schedule over rows {@code low} to {@code high}. */
public sealed interface ScheduleStep {
    int low();

    int high();

    /** Rows of blocks {@code firstBlock} to {@code endBlock} of a root map from memory into its ring. */
    record Load(MapNode map, int firstBlock, int endBlock, int low, int high) implements ScheduleStep {
        public long bytes() {
            return 8L * map.width * (endBlock - firstBlock) * (high - low);
        }
    }

    /** Output rows of a stage. */
    record Run(Stage stage, int low, int high) implements ScheduleStep {}

    /** Rows that a stage made to every place in memory that wants them. */
    record Store(Stage stage, int low, int high) implements ScheduleStep {}
}
