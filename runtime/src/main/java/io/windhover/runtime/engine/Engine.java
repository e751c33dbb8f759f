// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.engine;

import java.nio.ByteBuffer;

/**
 * One network on one device, with {@link #SLOTS} frames that may be in flight. A slot goes fill, submit, await, read;
 * slots run in order of submission. Used by one thread at a time.
 */
public interface Engine extends AutoCloseable {
    int SLOTS = 2;

    /**
     * The network's input {@code index} of this slot: its whole contents, little-endian, NHWC. Stable for the engine's
     * life.
     */
    ByteBuffer input(int slot, int index);

    /** Queues the slot's frame and returns at once. */
    void submit(int slot);

    /** Waits until the slot's frame is done; throws when the device fails or takes too long. */
    void await(int slot);

    /** The network's output {@code index} of this slot, valid from await to the next submit: its bytes, NHWC. */
    ByteBuffer output(int slot, int index);

    /** Bytes of one activation of the last awaited frame; only where the engine was opened to keep all tensors. */
    byte[] activation(int slot, int tensorIndex);

    @Override
    void close();
}
