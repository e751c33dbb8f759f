// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

/** A set of numbers that are spread like random ones, in 16 to 32 bytes each, 8 KiB at least. */
final class IdentitySet {
    private static final int LEAST_SLOTS = 1024;

    /** 0 is an empty slot. */
    private long[] slots = new long[LEAST_SLOTS];

    private int size;

    int size() {
        return size;
    }

    boolean contains(long identity) {
        return slots[slot(stored(identity))] != 0;
    }

    void add(long identity) {
        int slot = slot(stored(identity));
        if (slots[slot] == 0) {
            slots[slot] = stored(identity);
            size++;
            if (size > slots.length / 2) {
                grow();
            }
        }
    }

    private static long stored(long identity) {
        return identity == 0 ? 1 : identity;
    }

    /** Where a number is, or would be. */
    private int slot(long number) {
        int slot = (int) (number & (slots.length - 1));
        while (slots[slot] != 0 && slots[slot] != number) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[old.length * 2];
        for (long number : old) {
            if (number != 0) {
                slots[slot(number)] = number;
            }
        }
    }
}
