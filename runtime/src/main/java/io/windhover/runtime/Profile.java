package io.windhover.runtime;

import java.util.List;

/**
 * What one frame took on an accelerator, in its clock cycles.
 *
 * @param config      the accelerator's configuration
 * @param totalCycles from doorbell to interrupt
 * @param utilisation multiply-accumulates done over those the arrays could have done in that time, 0..1
 * @param floorCycles the network's floor: the largest of multiply-accumulates over their arrays, bytes read over both read
 *                    ports, bytes written over the write port
 * @param readBytes   counted at the ports, commands included
 */
public record Profile(
        String model,
        String device,
        String config,
        long totalCycles,
        long floorCycles,
        long macs,
        double utilisation,
        long readBytes,
        long writtenBytes,
        List<Layer> layers) {
    public Profile {
        layers = List.copyOf(layers);
    }

    /**
     * One operator of the network. Layers overlap on the accelerator; a layer's cycles are those between the completion of
     * what came before it and its own, so they add up to the total.
     *
     * @param runsOn      commands that compute it, or where else it runs
     * @param cycles      0 when it is part of a neighbouring layer or runs on the host
     * @param floorCycles the larger of its multiply-accumulates over its array and its bytes over the ports
     * @param readBytes   bytes its commands read
     * @param stallCycles of its cycles, those in which no array or vector engine worked
     */
    public record Layer(
            String name,
            String operator,
            String runsOn,
            long macs,
            long cycles,
            long floorCycles,
            double utilisation,
            long readBytes,
            long writtenBytes,
            long stallCycles) {}
}
