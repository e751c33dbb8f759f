// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import org.jspecify.annotations.Nullable;

/**
 * Part of a memory that a command reads or writes; two commands of which one writes must not overlap in time where
 * these meet.
 *
 * @param low first word or byte
 * @param high one past the last
 * @param map activation memory only: the map, of whose rings rows {@code row} to {@code row + rows} (modulo the ring)
 *     and blocks {@code firstBlock} to {@code endBlock} are touched
 */
public record MemoryAccess(
        Space space,
        int index,
        long low,
        long high,
        @Nullable MapAllocation map,
        int row,
        int rows,
        int firstBlock,
        int endBlock,
        boolean write) {
    enum Space {
        ACTIVATION,
        WEIGHT,
        TABLE,
        MEMORY
    }

    public static MemoryAccess rows(MapAllocation map, int row, int rows, int firstBlock, int endBlock, boolean write) {
        int first = row % map.rows();
        boolean wraps = first + rows > map.rows();
        long low = wraps ? map.base() : map.base() + (long) (first / 4) * map.groupWords();
        long high =
                wraps ? map.base() + map.words() : map.base() + (long) ((first + rows - 1) / 4 + 1) * map.groupWords();
        return new MemoryAccess(
                Space.ACTIVATION, 0, low, high, map, first, Math.min(rows, map.rows()), firstBlock, endBlock, write);
    }

    public static MemoryAccess weights(int address, int words, boolean write) {
        return new MemoryAccess(Space.WEIGHT, 0, address, (long) address + words, null, 0, 0, 0, 0, write);
    }

    public static MemoryAccess table(int target, boolean write) {
        return new MemoryAccess(Space.TABLE, target, 0, 1, null, 0, 0, 0, 0, write);
    }

    public static MemoryAccess memory(int region, long offset, long bytes, boolean write) {
        return new MemoryAccess(Space.MEMORY, region, offset, offset + bytes, null, 0, 0, 0, 0, write);
    }

    boolean conflicts(MemoryAccess other) {
        if ((!write && !other.write)
                || space != other.space
                || index != other.index
                || low >= other.high
                || other.low >= high) {
            return false;
        }
        if (map == null || other.map == null || map.id() != other.map.id()) {
            return true;
        }
        return firstBlock < other.endBlock && other.firstBlock < endBlock && rowsMeet(other, map.rows());
    }

    private boolean rowsMeet(MemoryAccess other, int modulus) {
        int ahead = Math.floorMod(other.row - row, modulus);
        int behind = Math.floorMod(row - other.row, modulus);
        return ahead < rows || behind < other.rows;
    }
}
