// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.dataset;

import io.windhover.models.Reason;
import io.windhover.runtime.exception.WindhoverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Examples of equal size in one file after another.
 *
 * @param parts read in this order
 * @param headerBytes skipped at the start of every file
 * @param recordBytes of one example
 * @param decoder makes an example of its number and its bytes
 */
record Records(List<Part> parts, int headerBytes, int recordBytes, List<String> classes, Decoder decoder)
        implements Dataset {
    /** A file and how many examples it holds. */
    record Part(Path path, int examples) {}

    /** Makes an example. */
    @FunctionalInterface
    interface Decoder {
        Example decode(int number, byte[] bytes);
    }

    Records {
        for (Part part : parts) {
            checkSize(part, headerBytes + (long) part.examples * recordBytes);
        }
    }

    /** The size of zipped contents is checked while they are read. */
    private static void checkSize(Part part, long expected) {
        if (part.examples == 0) {
            throw new WindhoverException("'" + part.path + "' comes with no examples; give a data set that has some.");
        }
        try (DataFile file = DataFile.open(part.path)) {
            long actual = Files.size(part.path);
            if (!file.isZipped() && actual != expected) {
                throw new WindhoverException("'" + part.path + "' has " + actual + " bytes, but " + part.examples
                        + " examples make " + expected + "; is it complete, and are its labels not another file's?");
            }
        } catch (IOException problem) {
            throw new WindhoverException("'" + part.path + "' cannot be read (" + Reason.of(problem) + ").", problem);
        }
    }

    @Override
    public int size() {
        return parts.stream().mapToInt(Part::examples).sum();
    }

    @Override
    public Stream<Example> examples() {
        Reader reader = new Reader();
        return IntStream.range(0, size()).mapToObj(reader::read).onClose(reader::close);
    }

    /** Goes through the files, one open at a time. */
    private final class Reader {
        private final Iterator<Part> following = parts.iterator();
        private @Nullable DataFile file;
        private int left;

        Example read(int number) {
            DataFile from = file;
            if (from == null || left == 0) {
                close();
                Part part = following.next();
                left = part.examples;
                from = DataFile.open(part.path);
                file = from;
                from.read(headerBytes);
            }
            byte[] bytes = from.read(recordBytes);
            left--;
            if (left == 0) {
                from.requireEnd();
            }
            return decoder.decode(number, bytes);
        }

        void close() {
            if (file != null) {
                file.close();
            }
        }
    }
}
