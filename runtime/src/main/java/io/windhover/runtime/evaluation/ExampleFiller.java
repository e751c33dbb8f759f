// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.evaluation;

import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.dataset.Example;

/** Writes examples into frames. */
final class ExampleFiller {
    private ExampleFiller() {}

    /** Writes an example into the first input of a frame; pixels are preprocessed as the session's model asks. */
    static void fill(Session session, Frame frame, Example example) {
        if (example instanceof Example.File file) {
            session.fill(frame, file.path());
        } else if (example instanceof Example.Image image) {
            session.fill(frame, image.pixels());
        } else {
            session.fill(frame, 0, ((Example.Raw) example).bytes());
        }
    }
}
