// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.monitor;

import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.Pixels;
import org.jspecify.annotations.Nullable;

/** What a running node shows, and the few things that can be changed while it runs. Thread-safe. */
public interface NodeView {
    NodeState state();

    /** False where the inference loop made no progress for too long. */
    boolean isAlive();

    /** The newest picture that a stream ran; null for none. Not to be changed. */
    @Nullable
    Pixels picture(String stream);

    /** Starts or stops a stream; a {@link WindhoverException} says why that cannot be. */
    void setRunning(String stream, boolean running);

    /** Has a stream run another of the configuration's models; a {@link WindhoverException} says why it cannot. */
    void setModel(String stream, String model);

    /** Counts something that was refused, by kind. */
    void refused(String kind);
}
