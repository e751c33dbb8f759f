// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

import java.util.List;

/** Memory to a lookup table. */
public final class LoadTable {
    private LoadTable() {}

    /** What Header.OPCODE says. */
    public static final int OPCODE = 4;
    /** Byte offset in the region. */
    public static final Field OFFSET = new Field("offset", 2, 0, 32, false, 1);
    /** Memory region. */
    public static final Field REGION = new Field("region", 2, 32, 4, false, 1);
    /** Read port, which is also the load queue. */
    public static final Field PORT = new Field("port", 2, 36, 1, false, 1);
    /** Which table. */
    public static final Field TARGET = new Field("target", 1, 0, 4, false, 1);
    /** All but the header's, in the order of their bits. */
    public static final List<Field> FIELDS = List.of(
            TARGET,
            OFFSET,
            REGION,
            PORT);
}
