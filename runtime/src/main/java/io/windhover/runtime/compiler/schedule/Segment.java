// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.schedule;

import io.windhover.runtime.compiler.stage.MapNode;
import java.util.List;
import java.util.Map;

/**
 * Consecutive stages executed band of rows by band of rows with their maps on chip.
 *
 * @param skewed stages on other engines lag by a band
 * @param rings what is kept of each map that is not resident
 * @param residentWeights weights are loaded once and stay for all bands; otherwise they are streamed in each band
 * @param cost estimated cycles
 */
public record Segment(
        int from,
        int to,
        int bandRows,
        boolean skewed,
        List<ScheduleStep> steps,
        Map<MapNode, Ring> rings,
        boolean residentWeights,
        long cost) {}
