// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.dataset;

import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.image.Pixels;
import java.nio.file.Path;

/** One input with the class it belongs to. */
public sealed interface Example {
    /** What it is called in messages. */
    String name();

    /** Number of its class in the data set. */
    int label();

    /** Writes it into the first input of a frame, preprocessed as the session's model asks. */
    void fill(Session session, Frame frame);

    /** An encoded image. */
    record File(String name, int label, Path path) implements Example {
        @Override
        public void fill(Session session, Frame frame) {
            session.fill(frame, path);
        }
    }

    /** A decoded image. */
    record Image(String name, int label, Pixels pixels) implements Example {
        @Override
        public void fill(Session session, Frame frame) {
            session.fill(frame, pixels);
        }
    }

    /** Bytes of the input tensor, in its own type and layout. */
    record Raw(String name, int label, byte[] bytes) implements Example {
        @Override
        public void fill(Session session, Frame frame) {
            session.fill(frame, 0, bytes);
        }
    }
}
