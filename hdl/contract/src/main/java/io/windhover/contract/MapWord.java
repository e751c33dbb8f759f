// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

/** A map on chip: where a command finds its activations, or puts them. */
public final class MapWord {
    private MapWord() {}

    /** First word in every bank. */
    public static final Field BASE = new Field("base", 0, 0, 13, false, 1);
    /** Channel blocks of the whole map. */
    public static final Field BLOCKS = new Field("blocks", 0, 13, 12, false, 1);
    /** Words of one row and block in a bank: ceil(columns / 4). */
    public static final Field QUADS = new Field("quads", 0, 25, 9, false, 1);
    /** Groups of 4 rows kept: the ring's modulus is 4 x ring rows. */
    public static final Field RING = new Field("ring", 0, 34, 8, false, 1);
    /** Physical row of the command's row 0. */
    public static final Field ROW = new Field("row", 0, 42, 10, false, 1);
    /** Channel block of the command's block 0. */
    public static final Field BLOCK = new Field("block", 0, 52, 12, false, 1);
}
