// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import java.util.List;

/**
 * Counters of the last job. Lists are indexed by queue ordinal; cycles are accelerator clock cycles, beats are 8 bytes.
 */
public record Counters(
        long cycles,
        int commands,
        long readBeats0,
        long readBeats1,
        long writeBeats,
        List<Long> busyCycles,
        List<Long> stallCycles,
        List<Long> waitingCycles) {}
