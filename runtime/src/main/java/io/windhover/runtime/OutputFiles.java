package io.windhover.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes files so that each is there whole or not at all: everything into temporary neighbours first, then renamed. */
public final class OutputFiles {
    private OutputFiles() {}

    /** Refuses a file that cannot be written, before work is done for it. */
    public static void checkTarget(Path target) {
        if (Files.isDirectory(target) || !Files.isDirectory(target.toAbsolutePath().getParent())) {
            throw new WindhoverException("'" + target + "' cannot be written; name a file in a folder that exists.");
        }
    }

    /** Writes one file. */
    public static void write(Path target, byte[] contents) {
        writeAll(Map.of(target, contents));
    }

    /** Writes several files; when one cannot be written, none appears. Their folders are made as needed. */
    public static void writeAll(Map<Path, byte[]> files) {
        Map<Path, Path> temporaries = new LinkedHashMap<>();
        try {
            for (Map.Entry<Path, byte[]> file : files.entrySet()) {
                temporaries.put(writeTemporary(file.getKey(), file.getValue()), file.getKey());
            }
            for (Map.Entry<Path, Path> temporary : temporaries.entrySet()) {
                Files.move(temporary.getKey(), temporary.getValue(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException problem) {
            throw new WindhoverException("Output cannot be written to '" + common(files) + "' (" + problem.getMessage()
                    + "); check the folder and the space left.", problem);
        } finally {
            temporaries.keySet().forEach(OutputFiles::deleteQuietly);
        }
    }

    private static Path writeTemporary(Path target, byte[] contents) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (Files.isDirectory(target)) {
            throw new IOException(target + " is a directory");
        }
        Files.createDirectories(folder);
        Path temporary = folder.resolve("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            return Files.write(temporary, contents);
        } catch (IOException problem) {
            deleteQuietly(temporary);
            throw problem;
        }
    }

    private static Path common(Map<Path, byte[]> files) {
        Path first = files.keySet().iterator().next();
        return files.size() == 1 ? first : first.toAbsolutePath().getParent();
    }

    private static void deleteQuietly(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException leftBehind) {
            temporary.toFile().deleteOnExit();
        }
    }
}
