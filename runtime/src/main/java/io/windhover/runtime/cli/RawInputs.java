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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tensor bytes from files, one for each input: of one frame, or of as many as the model's file takes at once. */
final class RawInputs {
    private final List<Path> files;
    private final List<byte[]> contents = new ArrayList<>();
    private int count;

    private RawInputs(List<Path> files) {
        this.files = files;
    }

    static RawInputs read(Model model, List<Path> files) {
        int expected = model.graph().inputs().length;
        if (files.size() != expected) {
            throw new WindhoverException("Model '" + model.name() + "' takes " + expected + " input"
                    + (expected == 1 ? "" : "s") + ", not " + files.size() + "; give one --raw file for each.");
        }
        RawInputs inputs = new RawInputs(files);
        for (int index = 0; index < expected; index++) {
            inputs.read(model, index, files.get(index));
        }
        return inputs;
    }

    private void read(Model model, int index, Path file) {
        if (!Files.isRegularFile(file)) {
            throw new WindhoverException("'" + file + "' is no regular file; check the path given with --raw.");
        }
        Tensor tensor = model.graph().tensor(model.graph().inputs()[index]);
        try {
            long bytes = Files.size(file);
            long frames = frames(tensor, bytes);
            int batch = model.graph().batch();
            if (frames != 1 && frames != batch) {
                throw new WindhoverException("'" + file + "' has " + bytes + " bytes, but input " + index
                        + " of model '" + model.name() + "', " + tensor + ", takes " + tensor.bytes()
                        + (batch == 1 ? "" : ", or " + (long) batch * tensor.bytes() + " for its batch of " + batch)
                        + "; give a file of that size.");
            }
            if (index > 0 && frames != count) {
                throw new WindhoverException("'" + file + "' holds " + frames + " frames and '" + files.get(0) + "' "
                        + count + "; give files of as many frames.");
            }
            count = (int) frames;
            contents.add(FileContents.read(file, bytes));
        } catch (IOException problem) {
            throw new WindhoverException("'" + file + "' cannot be read (" + Reason.of(problem) + ").", problem);
        }
    }

    /** How many frames so many bytes are; 0 where they are none. */
    private static long frames(Tensor tensor, long bytes) {
        boolean pixels =
                tensor.type() == TensorType.FLOAT32 && bytes == tensor.shape().elements();
        return pixels ? 1 : bytes % tensor.bytes() == 0 ? bytes / tensor.bytes() : 0;
    }

    /** How many frames the files hold. */
    int count() {
        return count;
    }

    /** What to call a frame. */
    String name(int position) {
        return count == 1 ? files.get(0).toString() : files.get(0) + "[" + position + "]";
    }

    void fill(Session session, Frame frame, int position) {
        for (int index = 0; index < contents.size(); index++) {
            Tensor tensor =
                    session.model().graph().tensor(session.model().graph().inputs()[index]);
            byte[] all = contents.get(index);
            int bytes = all.length / count;
            byte[] one = Arrays.copyOfRange(all, position * bytes, (position + 1) * bytes);
            if (bytes == tensor.bytes()) {
                session.fill(frame, index, one);
            } else {
                session.fill(frame, image(tensor.shape(), one));
            }
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
