// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

import java.util.List;

/** Memory to weight memory. */
public final class LoadWeights {
    private LoadWeights() {}

    /** What Header.OPCODE says. */
    public static final int OPCODE = 3;
    /** Byte offset in the region. */
    public static final Field OFFSET = new Field("offset", 2, 0, 32, false, 1);
    /** Memory region. */
    public static final Field REGION = new Field("region", 2, 32, 4, false, 1);
    /** Read port, which is also the load queue. */
    public static final Field PORT = new Field("port", 2, 36, 1, false, 1);
    /** First 32-byte word in the weight memory. */
    public static final Field ADDRESS = new Field("address", 1, 0, 20, false, 1);
    /** How the bytes in memory are encoded. */
    public static final Field CODEC = new Field("codec", 1, 20, 4, false, 1);
    /** Bytes to write, a multiple of 32. */
    public static final Field DECODED_BYTES = new Field("decoded_bytes", 3, 0, 32, false, 1);
    /** Bytes to read, a multiple of 8; equal to decoded_bytes when codec is RAW. */
    public static final Field ENCODED_BYTES = new Field("encoded_bytes", 3, 32, 32, false, 1);
    /** All but the header's, in the order of their bits. */
    public static final List<Field> FIELDS = List.of(
            ADDRESS,
            CODEC,
            OFFSET,
            REGION,
            PORT,
            DECODED_BYTES,
            ENCODED_BYTES);
}
