// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime;

import io.windhover.runtime.image.View;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One frame of a session: fill its inputs, submit it, await it, read its outputs. Its buffers belong to the device and
 * must not be used after the session is closed.
 */
public final class Frame {
    enum State {
        FREE,
        SUBMITTED,
        DONE
    }

    private final Session session;
    private final int slot;
    State state = State.FREE;
    /** How the picture lies in the first input; null where it was given as bytes. */
    @Nullable
    View view;

    long decodeNanos;
    long preprocessNanos;
    long submittedAtNanos;
    long accelerateNanos;

    Frame(Session session, int slot) {
        this.session = session;
        this.slot = slot;
    }

    int slot() {
        return slot;
    }

    /** Input {@code index} of the network in its own type, NHWC, little-endian; write all of it from byte 0. */
    public ByteBuffer input(int index) {
        return session.engine().input(slot, index);
    }

    /** Output {@code index}, NHWC, little-endian; valid from await until the frame is submitted again. */
    public ByteBuffer output(int index) {
        if (state != State.DONE) {
            throw new IllegalStateException("the frame's outputs are read before Session.await returned");
        }
        return session.engine().output(slot, index);
    }
}
