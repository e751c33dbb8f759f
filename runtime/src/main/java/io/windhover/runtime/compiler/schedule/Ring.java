// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.schedule;

import io.windhover.runtime.compiler.stage.MapNode;

/**
 * What a segment keeps of a root map on chip.
 *
 * @param groups groups of four rows
 * @param firstBlock first channel block that the segment touches
 * @param endBlock one past the last
 */
public record Ring(int groups, int firstBlock, int endBlock) {
    public static Ring whole(MapNode map) {
        return new Ring(map.wholeRing(), 0, map.blocks);
    }

    public int blocks() {
        return endBlock - firstBlock;
    }

    /** Words in every bank. */
    public int words(MapNode map) {
        return groups * blocks() * map.quads();
    }
}
