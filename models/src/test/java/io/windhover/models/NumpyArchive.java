// SPDX-License-Identifier: Apache-2.0
package io.windhover.models;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Reads the raw bytes of every array in an .npz file; headers are skipped. */
public final class NumpyArchive {
    private NumpyArchive() {}

    public static Map<String, byte[]> read(Path file) {
        Map<String, byte[]> arrays = new TreeMap<>();
        try (InputStream stream = Files.newInputStream(file);
                ZipInputStream zip = new ZipInputStream(stream)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                arrays.put(entry.getName().replaceFirst("\\.npy$", ""), contents(zip.readAllBytes()));
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return arrays;
    }

    private static byte[] contents(byte[] npy) {
        boolean longHeader = npy[6] >= 2;
        ByteBuffer bytes = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
        int header = longHeader ? bytes.getInt(8) : Short.toUnsignedInt(bytes.getShort(8));
        return Arrays.copyOfRange(npy, (longHeader ? 12 : 10) + header, npy.length);
    }
}
