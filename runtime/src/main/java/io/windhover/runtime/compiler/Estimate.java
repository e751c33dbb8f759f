// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import io.windhover.driver.Capabilities;
import io.windhover.runtime.compiler.program.CompiledModel;
import java.util.List;
import java.util.Optional;

/**
 * A compiled network and when each of its commands is expected to run.
 *
 * @param runs in cycles from the start of the first job; each job starts where the one before ends
 */
public record Estimate(CompiledModel model, List<Run> runs) {
    /**
     * How far the estimated cycles of a frame are at most from those of the RTL, for the networks that are compared.
     */
    public static final int WITHIN_PERCENT = 3;
    /** Compared are the networks of the zoo up to so many multiply-accumulates. */
    public static final long COMPARED_MACS = 600_000_000;
    /** The only configuration for which they are compared. */
    public static final String COMPARED_CONFIGURATION = "zynq7020";

    public Estimate {
        runs = List.copyOf(runs);
    }

    /** The error in percent that the estimates for a configuration were shown to keep to; empty where none was. */
    public static Optional<Integer> withinPercent(Capabilities capabilities) {
        return capabilities.name().equals(COMPARED_CONFIGURATION) ? Optional.of(WITHIN_PERCENT) : Optional.empty();
    }

    /**
     * When a command runs.
     *
     * @param command its number through all jobs
     * @param start the cycle in which it takes its tokens
     * @param end one past its last cycle
     */
    public record Run(int command, long start, long end) {}
}
