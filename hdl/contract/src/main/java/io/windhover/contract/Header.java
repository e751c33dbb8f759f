// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

/** Word 0 of every command. */
public final class Header {
    private Header() {}

    /** Which command. */
    public static final Field OPCODE = new Field("opcode", 0, 0, 4, false, 1);
    /** Append a trace entry when this command completes. */
    public static final Field TRACE = new Field("trace", 0, 4, 1, false, 1);
    /** No on-chip data is live after this command (reserved, no effect yet). */
    public static final Field PREEMPTIBLE = new Field("preemptible", 0, 5, 1, false, 1);
    /** Layer number written to the trace entry. */
    public static final Field LAYER = new Field("layer", 0, 6, 10, false, 1);
    /** Per queue: tokens to take from it before starting. */
    public static final Field WAITS = new Field("waits", 0, 16, 4, false, 6);
    /** Per queue: tokens to give it when complete. */
    public static final Field SIGNALS = new Field("signals", 0, 40, 4, false, 6);
}
