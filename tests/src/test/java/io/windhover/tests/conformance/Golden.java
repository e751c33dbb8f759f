// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Models and golden tensors that are not part of the repository. */
public final class Golden {
    private Golden() {}

    /** The model's file; skips the test when it is absent, fails it when the data is required. */
    public static Path model(String name) {
        return require("models/" + name + ".tflite");
    }

    /** The golden cases that hold every tensor of a model. */
    static List<Path> cases(String model) throws IOException {
        try (Stream<Path> files = Files.list(require("golden/" + model))) {
            return files.filter(file -> file.toString().endsWith(".all.npz"))
                    .sorted()
                    .toList();
        }
    }

    /** Models of one operator each, with a golden input and output beside them. */
    static List<Path> operators() throws IOException {
        try (Stream<Path> files = Files.list(require("golden/ops"))) {
            return files.filter(file -> file.toString().endsWith(".tflite"))
                    .sorted()
                    .toList();
        }
    }

    /** Raw contents of every array: tensor i is {@code t<i>}. */
    static Map<String, byte[]> read(Path file) throws IOException {
        Map<String, byte[]> arrays = new TreeMap<>();
        try (InputStream stream = Files.newInputStream(file);
                ZipInputStream zip = new ZipInputStream(stream)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                byte[] npy = zip.readAllBytes();
                int header = Short.toUnsignedInt(
                        ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN).getShort(8));
                arrays.put(entry.getName().replace(".npy", ""), Arrays.copyOfRange(npy, 10 + header, npy.length));
            }
        }
        return arrays;
    }

    /** A file or folder below the data folder, under the same terms. */
    public static Path require(String relative) {
        Path path = folder().resolve(relative);
        if (Files.exists(path)) {
            return path;
        }
        String message = "Test data " + relative + " is absent; set WINDHOVER_DATA to the folder that holds it.";
        return "1".equals(System.getenv("WINDHOVER_DATA_REQUIRED")) ? fail(message) : abort(message);
    }

    private static Path folder() {
        String configured = System.getenv("WINDHOVER_DATA");
        Path root = Path.of("").toAbsolutePath();
        while (root.getParent() != null && !Files.exists(root.resolve("LICENSE"))) {
            root = root.getParent();
        }
        return configured != null
                ? Path.of(configured)
                : root.resolve("../shared/data").normalize();
    }
}
