// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.profile;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one frame took on an accelerator, in its clock cycles, or is expected to take.
 *
 * @param config the accelerator's configuration
 * @param estimated whether nothing was run, and all cycles are the compiler's estimate
 * @param estimateWithinPercent how far estimates of the total were found to be off at most; null for a measurement, and
 *     for a configuration for which none was compared
 * @param totalCycles from doorbell to interrupt
 * @param clockHz the configuration's clock
 * @param milliseconds the total at that clock: modelled where the device is simulated
 * @param utilisation multiply-accumulates done over those the arrays could have done in that time, 0..1
 * @param floorCycles the network's floor: the least that its commands take in the queue that has most to do (a read
 *     port, an array, the vector engine, the write port)
 * @param readBytes at the ports, commands included
 * @param host parts of the network that run on the host, in the order they run; not in the cycles
 */
public record Profile(
        String model,
        String device,
        String config,
        boolean estimated,
        @Nullable Integer estimateWithinPercent,
        long totalCycles,
        int clockHz,
        double milliseconds,
        long floorCycles,
        long macs,
        double utilisation,
        long readBytes,
        long writtenBytes,
        List<Layer> layers,
        List<HostShare> host) {
    public Profile {
        layers = List.copyOf(layers);
        host = List.copyOf(host);
    }

    /**
     * One operator of the network. One that is part of a neighbouring layer, costs nothing or runs on the host has no
     * commands: its figures are 0.
     *
     * @param runsOn commands that compute it, or where else it runs
     * @param cycles in which at least one of its commands ran (loads, stores, arrays, vector engine), waits before
     *     commands not counted; layers overlap, so these add up to more than the total. Never less than
     *     {@code floorCycles}
     * @param shareCycles its share of the total, to which these add up. A cycle belongs in equal parts to the layers of
     *     which an array or the vector engine runs a command; where there is none, to those that load or store; where
     *     nothing runs, to the layer of the next command, and after the last one to its layer
     * @param floorCycles the least that its commands take in the queue that has most to do (a read port, an array, the
     *     vector engine, the write port)
     * @param utilisation multiply-accumulates over those its array could have done in {@code cycles}, 0..1
     * @param readBytes bytes its commands read
     * @param stallCycles of its share, those in which neither an array nor the vector engine ran a command
     */
    public record Layer(
            String name,
            String operator,
            String runsOn,
            long macs,
            long cycles,
            long shareCycles,
            long floorCycles,
            double utilisation,
            long readBytes,
            long writtenBytes,
            long stallCycles) {}
}
