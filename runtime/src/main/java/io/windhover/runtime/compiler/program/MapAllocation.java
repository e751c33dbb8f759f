// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

/**
 * The words of activation memory that a map has.
 *
 * @param id distinguishes allocations that reuse the same words
 * @param base first word in every bank
 * @param firstBlock channel block of the root map that lies first
 * @param blocks channel blocks
 * @param quads words of one row and block in a bank
 * @param ring groups of four rows kept
 */
public record MapAllocation(int id, int base, int firstBlock, int blocks, int quads, int ring) {
    /** The same map from this column on, a multiple of 4. */
    public MapAllocation from(int column) {
        return new MapAllocation(id, base + column / 4, firstBlock, blocks, quads, ring);
    }

    int rows() {
        return 4 * ring;
    }

    int groupWords() {
        return blocks * quads;
    }

    public int words() {
        return ring * groupWords();
    }
}
