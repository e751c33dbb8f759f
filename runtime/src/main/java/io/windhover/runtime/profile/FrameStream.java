// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.profile;

import io.windhover.runtime.exception.WindhoverException;
import java.util.List;

/**
 * Frames one after another in steady state: what a frame takes of the accelerator's clock from the interrupt that ends
 * the frame before to its own, on average over all frames but the first.
 *
 * @param frames frames averaged over
 * @param cyclesPerFrame from interrupt to interrupt
 * @param idleCyclesPerFrame of these, from an interrupt to the next doorbell: the driver's accesses of registers. The
 *     registers belong to the running job, so that the driver rings only after its end. What the host computes
 *     meanwhile is not in it: a simulated clock stands still
 * @param milliseconds the cycles at the configuration's clock
 */
public record FrameStream(
        int frames, double cyclesPerFrame, double idleCyclesPerFrame, double milliseconds, double framesPerSecond) {
    private static final String DOORBELL = "doorbell ";
    private static final String INTERRUPT = "interrupt ";

    /**
     * Of what a simulated accelerator writes with the option {@code jobs}.
     *
     * @param times lines of {@code doorbell N} and {@code interrupt N}, in the clock's cycles
     * @param frames all that were run, two or more
     */
    public static FrameStream of(List<String> times, int frames, int clockHz) {
        long[] doorbells = cycles(times, DOORBELL);
        long[] interrupts = cycles(times, INTERRUPT);
        if (doorbells.length != frames || interrupts.length != frames) {
            throw new WindhoverException("The device noted " + doorbells.length + " doorbells and " + interrupts.length
                    + " interrupts of " + frames + " frames, so they cannot be measured; report it.");
        }
        int measured = frames - 1;
        long idle = 0;
        for (int frame = 1; frame < frames; frame++) {
            idle += Math.max(0, doorbells[frame] - interrupts[frame - 1]);
        }
        double cycles = (double) (interrupts[measured] - interrupts[0]) / measured;
        return new FrameStream(measured, cycles, (double) idle / measured, 1e3 * cycles / clockHz, clockHz / cycles);
    }

    private static long[] cycles(List<String> times, String event) {
        return times.stream()
                .filter(line -> line.startsWith(event))
                .mapToLong(line -> Long.parseLong(line.substring(event.length())))
                .toArray();
    }
}
