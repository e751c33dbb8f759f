package io.windhover.runtime.cli;

import io.windhover.models.FileContents;
import io.windhover.runtime.Model;
import io.windhover.runtime.WindhoverException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Names of the classes, which TensorFlow Lite files usually lack. */
final class LabelOptions {
    private static final long LARGEST_BYTES = 16 << 20;

    @Option(names = "--labels", paramLabel = "FILE", description = "Names of the classes, one a line and as many as it has (default: the model's own).")
    private @Nullable Path file;

    /** The model, with these names when a file was given. */
    Model label(Model model) {
        if (file == null) {
            return model;
        }
        List<String> names = read(file);
        int classes = model.classes();
        if (names.size() != classes) {
            throw new WindhoverException("'" + file + "' names " + names.size() + " classes, but model '" + model.name() + "' has " + classes
                    + "; give a name for each, in the order it was trained with.");
        }
        return model.with(names, model.graph().preprocessing());
    }

    /** The files that a model and its labels are read from. */
    List<Path> with(String model) {
        return file == null ? List.of(Path.of(model)) : List.of(Path.of(model), file);
    }

    private static List<String> read(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_BYTES) {
                throw new WindhoverException("There is no file of labels '" + file + "'; give a text file with one name a line.");
            }
            return new String(FileContents.read(file, LARGEST_BYTES), StandardCharsets.UTF_8).stripTrailing().lines().map(String::strip).toList();
        } catch (IOException problem) {
            throw new WindhoverException("The labels in '" + file + "' cannot be read (" + problem.getMessage() + ").", problem);
        }
    }
}
