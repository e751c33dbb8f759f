// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import org.jspecify.annotations.Nullable;

/**
 * Memory that maps are loaded from or stored in part by part: a network input, working memory, or the region of an
 * output. Areas are compared by identity.
 */
final class MemoryArea {
    final long bytes;
    /** Of a network input; null where the compiler chooses the address. */
    final @Nullable MapAddress fixed;

    private MemoryArea(long bytes, @Nullable MapAddress fixed) {
        this.bytes = bytes;
        this.fixed = fixed;
    }

    /** An area that the compiler finds an address for. */
    static MemoryArea of(long bytes) {
        return new MemoryArea(bytes, null);
    }

    /** The bytes of a network input. */
    static MemoryArea input(int number, long bytes) {
        return new MemoryArea(bytes, new MapAddress(Regions.INPUT + number, 0));
    }
}
