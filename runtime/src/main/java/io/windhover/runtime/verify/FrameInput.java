// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.verify;

import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import java.nio.file.Path;

/** What one frame is given. */
public interface FrameInput {
    /** What it is called in messages. */
    String name();

    void fill(Session session, Frame frame);

    /** An image file. */
    static FrameInput image(Path file) {
        return new FrameInput() {
            @Override
            public String name() {
                return "'" + file + "'";
            }

            @Override
            public void fill(Session session, Frame frame) {
                session.fill(frame, file);
            }
        };
    }
}
