// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.dataset;

import io.windhover.models.graph.Tensor;
import io.windhover.runtime.exception.WindhoverException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A set of labelled examples. */
public interface Dataset {
    /** How many examples there are. */
    int size();

    /** Names of the classes by label, or empty where they have none. */
    List<String> classes();

    /** The examples, read as they are asked for, always in the same order. Close the stream. */
    Stream<Example> examples();

    /** What {@link #open} accepts, for help texts. */
    String FORMS =
            "mnist:DIR, cifar10:DIR (both with :train appended for the training images), folder:DIR with one subfolder a class, "
                    + "or raw:IN:LABELS with tensor bytes and one byte or one line a label";

    /** Opens the data set that a person names; {@code input} is the tensor it will be fed to. */
    static Dataset open(String name, Tensor input) {
        int colon = name.indexOf(':');
        String rest = name.substring(colon + 1);
        return switch (colon < 0 || rest.isEmpty() ? "" : name.substring(0, colon)) {
            case "mnist" -> Mnist.open(directory(rest), isTraining(rest));
            case "cifar10" -> Cifar10.open(directory(rest), isTraining(rest));
            case "folder" -> new ImageFolders(Path.of(rest));
            case "raw" -> RawTensors.open(rest, input);
            default -> throw new WindhoverException("'" + name + "' is not a data set; give " + FORMS + ".");
        };
    }

    private static boolean isTraining(String rest) {
        return rest.endsWith(":train");
    }

    private static Path directory(String rest) {
        return Path.of(rest.replaceFirst(":(train|test)$", ""));
    }
}
