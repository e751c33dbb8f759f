// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.dataset;

import io.windhover.models.Reason;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.Pixels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * CIFAR-10 (Krizhevsky 2009), 32 x 32 colour pixels: its canonical binary batches (a label byte, then red, green and
 * blue planes), or a file of HWC pixels named {@code *test*32x32x3_u8.bin} beside its {@code *test*labels_u8.bin},
 * gzipped or not ({@code train} alike).
 */
final class Cifar10 {
    private static final List<String> CLASSES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
    private static final int SIDE = 32;
    private static final int IMAGE_BYTES = SIDE * SIDE * 3;
    private static final int BATCH = 10_000;
    private static final int TRAINING_BATCHES = 5;
    private static final int MOST_LABELS = 10_000_000;

    private Cifar10() {}

    static Dataset open(Path directory, boolean training) {
        List<Path> batches = training
                ? IntStream.rangeClosed(1, TRAINING_BATCHES)
                        .mapToObj(number -> batch(directory, "data_batch_" + number))
                        .toList()
                : List.of(batch(directory, "test_batch"));
        return batches.stream().allMatch(Files::isRegularFile)
                ? batches(batches)
                : plain(directory, training ? "train" : "test");
    }

    private static Path batch(Path directory, String name) {
        Path plain = directory.resolve(name + ".bin");
        return Files.isRegularFile(plain) ? plain : directory.resolve(name + ".bin.gz");
    }

    private static Dataset batches(List<Path> files) {
        List<Records.Part> parts = files.stream()
                .map(file -> new Records.Part(file, examples(file)))
                .toList();
        return new Records(
                parts,
                0,
                1 + IMAGE_BYTES,
                CLASSES,
                (number, bytes) -> image(number, bytes[0] & 0xFF, interleaved(bytes)));
    }

    /** As many as a plain file holds; a zipped one is taken to be complete. */
    private static int examples(Path batch) {
        try (DataFile file = DataFile.open(batch)) {
            return file.isZipped() ? BATCH : (int) Math.min(MOST_LABELS, Files.size(batch) / (1 + IMAGE_BYTES));
        } catch (IOException problem) {
            throw new WindhoverException("'" + batch + "' cannot be read (" + Reason.of(problem) + ").", problem);
        }
    }

    private static byte[] interleaved(byte[] record) {
        byte[] pixels = new byte[IMAGE_BYTES];
        for (int i = 0; i < IMAGE_BYTES; i++) {
            pixels[i] = record[1 + i % 3 * SIDE * SIDE + i / 3];
        }
        return pixels;
    }

    private static Dataset plain(Path directory, String split) {
        Path images = DataFile.find(
                directory,
                "batch files and no *" + split + "*32x32x3_u8.bin (.gz)",
                name -> name.matches(".*" + split + ".*32x32x3_u8\\.bin(\\.gz)?"));
        Path labels = DataFile.find(
                directory,
                "*" + split + "*labels_u8.bin (.gz)",
                name -> name.matches(".*" + split + ".*labels_u8\\.bin(\\.gz)?"));
        try (DataFile file = DataFile.open(labels)) {
            byte[] classes = file.rest(MOST_LABELS);
            return new Records(
                    List.of(new Records.Part(images, classes.length)),
                    0,
                    IMAGE_BYTES,
                    CLASSES,
                    (number, bytes) -> image(number, classes[number] & 0xFF, bytes));
        }
    }

    private static Example image(int number, int label, byte[] pixels) {
        return new Example.Image("image " + number, label, new Pixels(SIDE, SIDE, 3, pixels));
    }
}
