// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import org.jspecify.annotations.Nullable;

/** Memory that stages write part by part and later segments read: working memory, or the region of an output. */
final class Area implements Place {
    final long bytes;
    /** Null until the compiler gives it a place. */
    MapNode.@Nullable Home home;

    Area(long bytes) {
        this.bytes = bytes;
    }

    @Override
    public MapNode.Home home() {
        return java.util.Objects.requireNonNull(home);
    }
}
