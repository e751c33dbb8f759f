// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

/**
 * A traced command, in order of completion.
 *
 * @param startCycle when it took its tokens and started, in cycles since the job started
 * @param cycle its completion, in cycles since the job started
 * @param layer layer number from the command
 * @param busyCycles cycles so far in which a compute engine issued work
 * @param stallCycles cycles so far in which none did
 */
public record TraceEntry(long startCycle, long cycle, int layer, long busyCycles, long stallCycles) {}
