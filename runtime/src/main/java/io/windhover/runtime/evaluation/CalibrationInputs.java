// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.evaluation;

import io.windhover.models.FileContents;
import io.windhover.models.Reason;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.dataset.Dataset;
import io.windhover.runtime.dataset.Example;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.Pixels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Inputs to calibrate a float network with: a folder of images or tensors, or a data set. */
public final class CalibrationInputs {
    /** What a source may be, for help texts. */
    public static final String FORMS =
            "a folder of images, or of raw tensors (.bin: float32, or a byte a pixel), or a data set as evaluate takes it";

    private final Session session;
    private final Tensor input;

    private CalibrationInputs(Session session) {
        Graph graph = session.model().graph();
        if (graph.inputs().length != 1) {
            throw new WindhoverException("Model '" + graph.name() + "' takes " + graph.inputs().length
                    + " inputs; only models with one can be calibrated.");
        }
        this.session = session;
        this.input = graph.tensor(graph.inputs()[0]);
    }

    /**
     * Reads at most {@code limit} inputs through the model's preprocessing; from a folder with more files, evenly
     * spaced ones.
     *
     * @param step called after each
     * @return the input tensor's bytes, one array a network input
     */
    public static List<byte[][]> read(Session session, String source, int limit, Runnable step) {
        CalibrationInputs inputs = new CalibrationInputs(session);
        List<byte[][]> all = new ArrayList<>();
        if (Files.isDirectory(Path.of(source))) {
            List<Path> files = files(Path.of(source));
            int count = Math.min(limit, files.size());
            for (int i = 0; i < count; i++) {
                all.add(inputs.file(files.get((int) ((long) i * files.size() / count))));
                step.run();
            }
        } else {
            if (source.indexOf(':') < 0) {
                throw new WindhoverException("There is no folder '" + source + "'; calibrate with " + FORMS + ".");
            }
            try (Stream<Example> examples = Dataset.open(source, inputs.input).examples()) {
                for (Iterator<Example> some = examples.limit(limit).iterator(); some.hasNext(); step.run()) {
                    all.add(inputs.example(some.next()));
                }
            }
        }
        return all;
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> files = entries.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new WindhoverException(
                        "Folder '" + folder + "' holds no images and no tensors (.bin); calibrate with " + FORMS + ".");
            }
            return files;
        } catch (IOException | UncheckedIOException problem) {
            throw new WindhoverException(
                    "Folder '" + folder + "' cannot be read (" + Reason.of(problem) + ").", problem);
        }
    }

    private static boolean isTensor(Path file) {
        return file.getFileName().toString().endsWith(".bin");
    }

    private byte[][] file(Path file) {
        if (!isTensor(file)) {
            return example(new Example.File(file.toString(), 0, file));
        }
        try {
            long bytes = Files.size(file);
            if (bytes == input.bytes()) {
                return new byte[][] {FileContents.read(file, bytes)};
            }
            int channels = input.shape().channels();
            if (bytes == input.shape().elements() && (channels == 1 || channels == 3)) {
                Pixels pixels = new Pixels(
                        input.shape().width(), input.shape().height(), channels, FileContents.read(file, bytes));
                return example(new Example.Image(file.toString(), 0, pixels));
            }
            throw new WindhoverException("'" + file + "' has " + bytes + " bytes, but " + input + " takes "
                    + input.bytes() + " as float32 or " + input.shape().elements() + " as pixels of 1 or 3 channels.");
        } catch (IOException problem) {
            throw new WindhoverException("'" + file + "' cannot be read (" + Reason.of(problem) + ").", problem);
        }
    }

    private byte[][] example(Example example) {
        Frame frame = session.frame();
        ExampleFiller.fill(session, frame, example);
        ByteBuffer filled = frame.input(0);
        byte[] bytes = new byte[input.bytes()];
        filled.get(0, bytes);
        return new byte[][] {bytes};
    }
}
