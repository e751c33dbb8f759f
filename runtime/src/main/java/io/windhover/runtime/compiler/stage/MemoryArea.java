// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.stage;

import io.windhover.runtime.compiler.program.MapAddress;
import org.jspecify.annotations.Nullable;

/**
 * Memory that maps are loaded from or stored in part by part: a network input, working memory, or the region of an
 * output. Areas are compared by identity.
 */
public final class MemoryArea {
    public final long bytes;
    /** Of a network input; null where the compiler chooses the address. */
    public final @Nullable MapAddress fixed;

    private MemoryArea(long bytes, @Nullable MapAddress fixed) {
        this.bytes = bytes;
        this.fixed = fixed;
    }

    /** An area that the compiler finds an address for. */
    public static MemoryArea of(long bytes) {
        return new MemoryArea(bytes, null);
    }

    /** The bytes of a network input. */
    public static MemoryArea input(MapAddress address, long bytes) {
        return new MemoryArea(bytes, address);
    }
}
