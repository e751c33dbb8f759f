// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import io.windhover.runtime.exception.InputException;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream's frames come from. One thread calls {@link #next}; the rest may be called from any thread. A source
 * mends itself: a camera that is gone is looked for again, a folder that is missing waited for.
 */
public interface FrameSource extends AutoCloseable {
    /**
     * Waits for the next frame; null where there will be none any more, or the source was closed.
     *
     * @throws InputException where a frame cannot be used; the next call goes on behind it
     */
    @Nullable
    SourceFrame next() throws InterruptedException;

    /** How the source is. */
    Health health();

    /** Ends a waiting {@link #next}, and everything the source started. May be called more than once. */
    @Override
    void close();

    /** Gives what it holds back to where it came from: it was closed, and nobody takes frames from it any more. */
    default void giveBack() {}

    /**
     * How a source is.
     *
     * @param trouble one sentence, printable and without secrets; null while all is well
     * @param restarts of what it reads from, since the start
     */
    record Health(@Nullable String trouble, long restarts) {
        public static final Health WELL = new Health(null, 0);
    }
}
