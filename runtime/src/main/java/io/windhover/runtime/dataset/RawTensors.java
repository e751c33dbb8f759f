// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.dataset;

import io.windhover.models.Reason;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.exception.WindhoverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One input tensor after another in one file, in the tensor's own type or, for quantised ones, as float32; in another a
 * label for each: a byte, or a line of digits.
 */
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
        boolean real = isReal(images, labels.length, input);
        return new Records(
                List.of(new Records.Part(images, labels.length)),
                0,
                real ? Float.BYTES * input.shape().elements() : input.bytes(),
                List.of(),
                (number, bytes) -> new Example.Raw(
                        "tensor " + number, labels[number], real ? quantised(images, bytes, input) : bytes));
    }

    private static byte[] quantised(Path file, byte[] reals, Tensor input) {
        Quantization quantization = input.requireQuantization();
        ByteBuffer from = ByteBuffer.wrap(reals).order(ByteOrder.LITTLE_ENDIAN);
        byte[] codes = new byte[reals.length / Float.BYTES];
        for (int i = 0; i < codes.length; i++) {
            float real = from.getFloat();
            if (Float.isNaN(real)) {
                throw new WindhoverException(
                        "'" + file + "' holds NaN, for which " + input + " has no code; check how the file was made.");
            }
            codes[i] = (byte)
                    quantization.code(real, input.type().minimum(), input.type().maximum());
        }
        return codes;
    }

    private static int[] labels(Path path) {
        byte[] bytes;
        try (DataFile file = DataFile.open(path)) {
            bytes = file.rest(MOST_LABEL_BYTES);
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!text.isBlank() && text.matches("[0-9\\s]+")) {
            return text.strip()
                    .lines()
                    .mapToInt(line -> number(path, line.strip()))
                    .toArray();
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
            throw new WindhoverException(
                    "'" + path + "' has the label '" + line + "'; write one whole number a line.", problem);
        }
    }

    /**
     * True when the file's size is that of float32 values for a quantised input; else it must be that of the input's
     * own type.
     */
    private static boolean isReal(Path images, int count, Tensor input) {
        try (DataFile file = DataFile.open(images)) {
            long expected = (long) count * input.bytes();
            long actual = Files.size(images);
            boolean real = input.type().isByte() && input.quantization() != null && actual == expected * Float.BYTES;
            if (!file.isZipped() && actual != expected && !real) {
                throw new WindhoverException("'" + images + "' has " + actual + " bytes, but " + count
                        + " labels (bytes, or lines of one number) times the " + input.bytes() + " bytes of " + input
                        + " make " + expected + ".");
            }
            return real && !file.isZipped() && count > 0;
        } catch (IOException problem) {
            throw new WindhoverException("'" + images + "' cannot be read (" + Reason.of(problem) + ").", problem);
        }
    }
}
