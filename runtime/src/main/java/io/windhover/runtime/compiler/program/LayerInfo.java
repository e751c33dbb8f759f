// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

/**
 * What became of one operator of the network.
 *
 * @param layer position in the graph, as in traces
 * @param operator its kind
 * @param placement commands that compute it, or where else it runs
 * @param macs multiply-accumulates
 * @param readBytes bytes its commands read through both ports
 * @param writtenBytes bytes its commands write
 * @param floorCycles what its commands take at least: of the queue whose commands take longest together
 *     ({@link CommandFloor}); 0 without commands
 */
public record LayerInfo(
        int layer,
        String name,
        String operator,
        String placement,
        long macs,
        long readBytes,
        long writtenBytes,
        long floorCycles) {}
