package io.windhover.runtime.compiler;

/**
 * What became of one operator of the network.
 *
 * @param layer        position in the graph, as in traces
 * @param operator     its kind
 * @param placement    commands that compute it, or where else it runs
 * @param macs         multiply-accumulates
 * @param readBytes    bytes its commands read through both ports
 * @param writtenBytes bytes its commands write
 * @param floorCycles  the larger of multiply-accumulates over its array and bytes over the ports
 * @param aloneFloorCycles the same floor if its input, weights and output all went through memory, as layer by layer they would
 */
public record LayerInfo(
        int layer, String name, String operator, String placement, long macs, long readBytes, long writtenBytes, long floorCycles,
        long aloneFloorCycles) {}
