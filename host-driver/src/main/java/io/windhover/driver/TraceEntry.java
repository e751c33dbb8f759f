package io.windhover.driver;

/**
 * A layer's completion, in order of completion.
 *
 * @param cycle cycles since the job started
 * @param layer layer number from the command
 * @param busyCycles cycles so far in which a compute engine issued work
 * @param stallCycles cycles so far in which none did
 */
public record TraceEntry(long cycle, int layer, long busyCycles, long stallCycles) {}
