// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

/**
 * A map's place in activation memory.
 *
 * @param id distinguishes allocations that reuse the same words
 * @param base first word in every bank
 * @param firstBlock channel block of the root map that lies first
 * @param blocks channel blocks
 * @param quads words of one row and block in a bank
 * @param ring groups of four rows kept
 */
record OnChip(int id, int base, int firstBlock, int blocks, int quads, int ring) {
    /** The same map from this column on, a multiple of 4. */
    OnChip from(int column) {
        return new OnChip(id, base + column / 4, firstBlock, blocks, quads, ring);
    }

    int rows() {
        return 4 * ring;
    }

    int groupWords() {
        return blocks * quads;
    }

    int words() {
        return ring * groupWords();
    }
}
