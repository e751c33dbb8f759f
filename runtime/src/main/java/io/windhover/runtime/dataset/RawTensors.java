package io.windhover.runtime.dataset;

import io.windhover.models.graph.Tensor;
import io.windhover.runtime.WindhoverException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One input tensor after another in one file; in another a label for each: a byte, or a line of digits. */
final class RawTensors {
    private static final int MOST_LABEL_BYTES = 64 << 20;

    private RawTensors() {}

    static Dataset open(String paths, Tensor input) {
        int colon = paths.lastIndexOf(':');
        if (colon <= 0) {
            throw new WindhoverException("'raw:" + paths + "' names one file; give raw:IN:LABELS.");
        }
        Path images = Path.of(paths.substring(0, colon));
        int[] labels = labels(Path.of(paths.substring(colon + 1)));
        checkSize(images, labels.length, input);
        return new Records(List.of(images), 0, input.bytes(), labels.length, List.of(),
                (number, bytes) -> new Example.Raw("tensor " + number, labels[number], bytes));
    }

    private static int[] labels(Path path) {
        byte[] bytes;
        try (DataFile file = DataFile.open(path)) {
            bytes = file.rest(MOST_LABEL_BYTES);
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!text.isBlank() && text.matches("[0-9\\s]+")) {
            return text.strip().lines().mapToInt(line -> number(path, line.strip())).toArray();
        }
        int[] labels = new int[bytes.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = bytes[i] & 0xFF;
        }
        return labels;
    }

    private static int number(Path path, String line) {
        try {
            return Integer.parseInt(line);
        } catch (NumberFormatException problem) {
            throw new WindhoverException("'" + path + "' has the label '" + line + "'; write one whole number a line.", problem);
        }
    }

    private static void checkSize(Path images, int count, Tensor input) {
        try (DataFile file = DataFile.open(images)) {
            long expected = (long) count * input.bytes();
            long actual = Files.size(images);
            if (!file.isZipped() && actual != expected) {
                throw new WindhoverException("'" + images + "' has " + actual + " bytes, but " + count + " labels times the " + input.bytes()
                        + " bytes of " + input + " make " + expected + ".");
            }
        } catch (IOException problem) {
            throw new WindhoverException("'" + images + "' cannot be read (" + problem.getMessage() + ").", problem);
        }
    }
}
