// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.dataset;

import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.Pixels;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Handwritten digits in the idx format (LeCun, Cortes, Burges): 28 x 28 grey pixels, big-endian headers. */
final class Mnist {
    private static final int IMAGES_MAGIC = 0x803;
    private static final int LABELS_MAGIC = 0x801;
    private static final int MOST_EXAMPLES = 10_000_000;
    private static final int MOST_PIXELS = 1 << 12;

    private Mnist() {}

    static Dataset open(Path directory, boolean training) {
        String prefix = training ? "train" : "t10k";
        Path images = DataFile.find(
                directory,
                prefix + "-images-idx3-ubyte (.gz)",
                name -> name.matches(prefix + "-images.idx3-ubyte(\\.gz)?"));
        Path labels = DataFile.find(
                directory,
                prefix + "-labels-idx1-ubyte (.gz)",
                name -> name.matches(prefix + "-labels.idx1-ubyte(\\.gz)?"));
        int[] shape = header(images, IMAGES_MAGIC, 3);
        byte[] classes = labels(labels, shape[0]);
        int height = bounded(images, shape[1], MOST_PIXELS);
        int width = bounded(images, shape[2], MOST_PIXELS);
        List<String> names = IntStream.range(0, 10).mapToObj(String::valueOf).toList();
        return new Records(
                List.of(new Records.Part(images, shape[0])),
                4 * 4,
                height * width,
                names,
                (number, bytes) -> new Example.Image(
                        "digit " + number, classes[number] & 0xFF, new Pixels(width, height, 1, bytes)));
    }

    private static byte[] labels(Path path, int expected) {
        int count = header(path, LABELS_MAGIC, 1)[0];
        if (count != expected) {
            throw new WindhoverException("'" + path + "' labels " + count + " digits, but there are " + expected
                    + " images; fetch both again.");
        }
        try (DataFile file = DataFile.open(path)) {
            file.read(2 * 4);
            return file.read(count);
        }
    }

    private static int[] header(Path path, int magic, int dimensions) {
        try (DataFile file = DataFile.open(path)) {
            ByteBuffer header = ByteBuffer.wrap(file.read(4 * (1 + dimensions)));
            if (header.getInt() != magic) {
                throw new WindhoverException(
                        "'" + path + "' is not an idx file of " + dimensions + " dimensions; fetch it again.");
            }
            int[] shape =
                    IntStream.range(0, dimensions).map(d -> header.getInt()).toArray();
            bounded(path, shape[0], MOST_EXAMPLES);
            return shape;
        }
    }

    private static int bounded(Path path, int value, int most) {
        if (value < 1 || value > most) {
            throw new WindhoverException(
                    "'" + path + "' claims a dimension of " + value + ", outside 1.." + most + "; fetch it again.");
        }
        return value;
    }
}
