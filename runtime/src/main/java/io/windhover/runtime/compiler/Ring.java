// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

/**
 * What a segment keeps of a root map on chip.
 *
 * @param groups groups of four rows
 * @param firstBlock first channel block that the segment touches
 * @param endBlock one past the last
 */
record Ring(int groups, int firstBlock, int endBlock) {
    static Ring whole(MapNode map) {
        return new Ring(map.wholeRing(), 0, map.blocks);
    }

    int blocks() {
        return endBlock - firstBlock;
    }

    /** Words in every bank. */
    int words(MapNode map) {
        return groups * blocks() * map.quads();
    }
}
