// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.models.FileReplacement;
import io.windhover.models.Reason;
import io.windhover.runtime.exception.WindhoverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes each file completely or not at all, and replaces only regular files that are not read themselves. */
final class OutputFiles {
    private OutputFiles() {}

    /**
     * Refuses a file that cannot be written, before work is done for it.
     *
     * @param inputs files, and folders of files other than .whm, that are read for it and so are not replaced; those
     *     that do not exist are ignored
     */
    static void checkTarget(Path target, List<Path> inputs) {
        String refusal = FileReplacement.refusal(target);
        Path folder = folder(target);
        if (refusal == null && !Files.isDirectory(folder)) {
            refusal = "there is no such folder";
        }
        if (refusal == null && !Files.isWritable(folder)) {
            refusal = "the folder does not allow it";
        }
        if (refusal == null && Files.exists(target) && inputs.stream().anyMatch(input -> holds(input, target))) {
            refusal = "it is read for this, or written by the device";
        }
        if (refusal != null) {
            throw new WindhoverException("'" + target + "' is not written (" + refusal
                    + "); name a file of its own in a folder that exists.");
        }
    }

    private static boolean holds(Path input, Path file) {
        try {
            if (Files.isDirectory(input)) {
                return Files.isSameFile(input, file.toAbsolutePath().getParent())
                        && !file.toString().endsWith(".whm");
            }
            return Files.exists(input) && Files.isSameFile(input, file);
        } catch (IOException unknown) {
            return true;
        }
    }

    /** Writes one file. */
    static void write(Path target, byte[] contents) {
        writeAll(Map.of(target, contents));
    }

    /** Writes several files; when one cannot be written, none appears. Their folders are made as needed. */
    static void writeAll(Map<Path, byte[]> files) {
        List<FileReplacement> replacements = new ArrayList<>();
        try {
            for (Map.Entry<Path, byte[]> file : files.entrySet()) {
                Files.createDirectories(file.getKey().toAbsolutePath().getParent());
                FileReplacement replacement = FileReplacement.of(file.getKey());
                replacements.add(replacement);
                ByteBuffer contents = ByteBuffer.wrap(file.getValue());
                while (contents.hasRemaining()) {
                    replacement.channel().write(contents);
                }
            }
            for (FileReplacement replacement : replacements) {
                replacement.commit();
            }
        } catch (IOException problem) {
            throw new WindhoverException(
                    "Output cannot be written to '" + common(files) + "' (" + Reason.of(problem)
                            + "); check the folder and the space left.",
                    problem);
        } finally {
            replacements.forEach(OutputFiles::closeQuietly);
        }
    }

    /** The root is its own folder. */
    private static Path folder(Path file) {
        Path absolute = file.toAbsolutePath();
        return Objects.requireNonNullElse(absolute.getParent(), absolute);
    }

    private static Path common(Map<Path, byte[]> files) {
        Path first = files.keySet().iterator().next();
        return files.size() == 1 ? first : folder(first);
    }

    /** What stays behind is removed when the program ends. */
    private static void closeQuietly(FileReplacement replacement) {
        try {
            replacement.close();
        } catch (IOException leftBehind) {
            return;
        }
    }
}
