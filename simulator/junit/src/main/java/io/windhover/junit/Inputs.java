// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.verify.FrameInput;
import io.windhover.runtime.verify.RandomFrame;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a frame may be given. */
public final class Inputs {
    private Inputs() {}

    /**
     * An encoded image: a file, found from the folder that the tests run in, or where there is none a resource of the
     * tests.
     */
    public static FrameInput image(String name) {
        Path file = Path.of(name);
        return Files.exists(file) ? FrameInput.image(file) : new Encoded(name, resource(name));
    }

    /** Codes drawn at random; equal seeds give equal frames. */
    public static FrameInput random(long seed) {
        return new RandomFrame(seed);
    }

    /** Bytes of each of the model's inputs, in its own type, NHWC, little-endian. */
    public static FrameInput bytes(byte[]... inputs) {
        return new Raw(inputs.clone());
    }

    private static byte[] resource(String name) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try (InputStream stream = loader.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalArgumentException("There is no file and no resource '" + name
                        + "'; files are found from " + Path.of("").toAbsolutePath() + ".");
            }
            return stream.readAllBytes();
        } catch (IOException problem) {
            throw new IllegalArgumentException("Resource '" + name + "' cannot be read.", problem);
        }
    }

    private record Encoded(String file, byte[] contents) implements FrameInput {
        @Override
        public String name() {
            return "'" + file + "'";
        }

        @Override
        public void fill(Session session, Frame frame) {
            session.fill(frame, contents, file);
        }
    }

    private record Raw(byte[][] inputs) implements FrameInput {
        @Override
        public String name() {
            return "the frame of given bytes";
        }

        @Override
        public void fill(Session session, Frame frame) {
            int wanted = session.model().graph().inputs().length;
            if (inputs.length != wanted) {
                throw new IllegalArgumentException("Model '" + session.model().name() + "' takes " + wanted
                        + " inputs, not " + inputs.length + "; give the bytes of each.");
            }
            for (int input = 0; input < inputs.length; input++) {
                session.fill(frame, input, inputs[input]);
            }
        }
    }
}
