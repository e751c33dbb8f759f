// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.models.FileContents;
import io.windhover.models.Reason;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.Pixels;
import io.windhover.runtime.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Tensor bytes from files into a frame's inputs. */
final class RawInputs {
    private RawInputs() {}

    static void fill(Session session, Frame frame, List<Path> files) {
        Model model = session.model();
        int expected = model.graph().inputs().length;
        if (files.size() != expected) {
            throw new WindhoverException("Model '" + model.name() + "' takes " + expected + " input"
                    + (expected == 1 ? "" : "s") + ", not " + files.size() + "; give one --raw file for each.");
        }
        for (int index = 0; index < expected; index++) {
            fill(session, frame, index, files.get(index));
        }
    }

    private static void fill(Session session, Frame frame, int index, Path file) {
        if (!Files.isRegularFile(file)) {
            throw new WindhoverException("'" + file + "' is no regular file; check the path given with --raw.");
        }
        Tensor tensor = session.model().graph().tensor(session.model().graph().inputs()[index]);
        try {
            long bytes = Files.size(file);
            boolean pixels = tensor.type() == TensorType.FLOAT32
                    && bytes == tensor.shape().elements();
            if (bytes != tensor.bytes() && !pixels) {
                throw new WindhoverException("'" + file + "' has " + bytes + " bytes, but input " + index
                        + " of model '" + session.model().name() + "', " + tensor + ", takes " + tensor.bytes()
                        + "; give a file of that size.");
            }
            byte[] contents = FileContents.read(file, bytes);
            if (pixels) {
                session.fill(frame, image(tensor.shape(), contents));
            } else {
                session.fill(frame, index, contents);
            }
        } catch (IOException problem) {
            throw new WindhoverException("'" + file + "' cannot be read (" + Reason.of(problem) + ").", problem);
        }
    }

    /** A float input also takes uint8 pixels, which become reals as an image's do. */
    private static Pixels image(Shape shape, byte[] pixels) {
        boolean map = shape.channels() == 1 || shape.channels() == 3;
        return map
                ? new Pixels(shape.width(), shape.height(), shape.channels(), pixels)
                : new Pixels(pixels.length, 1, 1, pixels);
    }
}
