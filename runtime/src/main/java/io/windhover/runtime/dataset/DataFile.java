// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.dataset;

import io.windhover.models.Reason;
import io.windhover.runtime.exception.WindhoverException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** A file of a data set, gzipped or not, read from front to back. */
final class DataFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int GZIP_MAGIC = 0x1F8B;

    private final Path path;
    private final boolean zipped;
    private final InputStream stream;

    private DataFile(Path path, boolean zipped, InputStream stream) {
        this.path = path;
        this.zipped = zipped;
        this.stream = stream;
    }

    static DataFile open(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new WindhoverException("There is no file '" + path + "'; check the data set's folder.");
        }
        try {
            InputStream plain = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
            plain.mark(2);
            boolean zipped = (plain.read() << 8 | plain.read()) == GZIP_MAGIC;
            plain.reset();
            return new DataFile(
                    path,
                    zipped,
                    zipped ? new BufferedInputStream(new GZIPInputStream(plain, BUFFER_BYTES), BUFFER_BYTES) : plain);
        } catch (IOException problem) {
            throw unreadable(path, problem);
        }
    }

    /** The only file of a folder whose name fits. */
    static Path find(Path directory, String what, Predicate<String> fits) {
        if (!Files.isDirectory(directory)) {
            throw new WindhoverException(
                    "There is no folder '" + directory + "'; give the folder that holds the data set's files.");
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> fits.test(file.getFileName().toString()))
                    .sorted()
                    .findFirst()
                    .orElseThrow(() -> new WindhoverException("Folder '" + directory + "' holds no " + what
                            + "; give the folder that holds the data set's files."));
        } catch (IOException | UncheckedIOException problem) {
            throw unreadable(directory, problem);
        }
    }

    boolean isZipped() {
        return zipped;
    }

    /** The next {@code count} bytes. */
    byte[] read(int count) {
        try {
            byte[] bytes = stream.readNBytes(count);
            if (bytes.length < count) {
                throw new WindhoverException("'" + path + "' ends early: " + bytes.length + " of " + count
                        + " bytes are left; fetch it again.");
            }
            return bytes;
        } catch (IOException problem) {
            throw unreadable(path, problem);
        }
    }

    /** All bytes that are left, which may be at most {@code most}. */
    byte[] rest(int most) {
        try {
            byte[] bytes = stream.readNBytes(most);
            if (stream.read() >= 0) {
                throw new WindhoverException(
                        "'" + path + "' has more than " + most + " bytes; it is not a file of labels.");
            }
            return bytes;
        } catch (IOException problem) {
            throw unreadable(path, problem);
        }
    }

    /** Refuses a file that goes on after its examples. */
    void requireEnd() {
        try {
            if (stream.read() >= 0) {
                throw new WindhoverException(
                        "'" + path + "' goes on after its last labelled example; are its labels another file's?");
            }
        } catch (IOException problem) {
            throw unreadable(path, problem);
        }
    }

    private static WindhoverException unreadable(Path path, Exception problem) {
        return new WindhoverException("'" + path + "' cannot be read (" + Reason.of(problem) + ").", problem);
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException problem) {
            throw unreadable(path, problem);
        }
    }
}
