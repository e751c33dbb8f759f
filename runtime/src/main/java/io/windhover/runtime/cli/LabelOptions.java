// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.model.Labels;
import io.windhover.runtime.model.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Names of the classes, which TensorFlow Lite files usually lack. */
final class LabelOptions {
    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "Names of the classes, one a line and as many as it has (default: the model's own).")
    private @Nullable Path file;

    /** The model, with these names when a file was given. */
    Model label(Model model) {
        return file == null ? model : Labels.apply(model, file);
    }

    /** The files that a model and its labels are read from. */
    List<Path> with(String model) {
        return with(model, List.of());
    }

    /** The files that a model and its labels are read from, and others. */
    List<Path> with(String model, List<Path> others) {
        List<Path> all = new ArrayList<>(others);
        all.add(Path.of(model));
        if (file != null) {
            all.add(file);
        }
        return all;
    }
}
