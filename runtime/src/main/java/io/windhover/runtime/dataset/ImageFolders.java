// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.dataset;

import io.windhover.models.Reason;
import io.windhover.runtime.exception.WindhoverException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Image files in one subfolder for each class; folders and files in the order of their names. */
final class ImageFolders implements Dataset {
    private final List<String> classes;
    private final List<Example> examples = new ArrayList<>();

    ImageFolders(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new WindhoverException(
                    "There is no folder '" + directory + "'; give one with a subfolder for each class.");
        }
        List<Path> folders = list(directory, Files::isDirectory);
        classes =
                folders.stream().map(folder -> folder.getFileName().toString()).toList();
        for (int label = 0; label < folders.size(); label++) {
            for (Path file : list(folders.get(label), Files::isRegularFile)) {
                examples.add(new Example.File(file.toString(), label, file));
            }
        }
        if (examples.isEmpty()) {
            throw new WindhoverException(
                    "Folder '" + directory + "' holds no images in subfolders; make one subfolder for each class.");
        }
    }

    private static List<Path> list(Path directory, Predicate<Path> wanted) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .filter(wanted)
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException problem) {
            throw new WindhoverException(
                    "Folder '" + directory + "' cannot be read (" + Reason.of(problem) + ").", problem);
        }
    }

    @Override
    public int size() {
        return examples.size();
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public Stream<Example> examples() {
        return examples.stream();
    }
}
