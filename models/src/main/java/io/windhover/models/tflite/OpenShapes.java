// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.InputShapes;
import io.windhover.models.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The sizes that a file leaves open, as the user gives them: first the inputs', then those of all that follows. */
final class OpenShapes {
    private OpenShapes() {}

    /** What the user may not have noticed to be open, a clause for each input. */
    static List<String> apply(SourceModel model, InputShapes shapes) {
        if (!shapes.isEmpty()) {
            resize(model, shapes);
        }
        return Arrays.stream(model.inputs())
                .mapToObj(model::tensor)
                .filter(input -> isLeftOpen(input) && shapes.of(input.name(), model.inputs().length == 1) == null)
                .map(input -> "its file leaves sizes of input '" + input.name() + "' open ("
                        + Arrays.toString(input.signature()) + "), which are 1 now; give others with --shape")
                .toList();
    }

    /** Exporters store 1 for a size that is open. */
    private static boolean isLeftOpen(SourceTensor input) {
        int[] stored = input.dimensions();
        return IntStream.range(1, stored.length).anyMatch(d -> input.isOpen(d) && stored[d] == 1);
    }

    private static void resize(SourceModel model, InputShapes shapes) {
        List<String> names = new ArrayList<>();
        for (int input : model.inputs()) {
            names.add(model.tensor(input).name());
        }
        shapes.requireNames(names);
        Set<Integer> changed = new HashSet<>();
        for (int input : model.inputs()) {
            Shape given = shapes.of(model.tensor(input).name(), names.size() == 1);
            if (given != null && resize(model, model.tensor(input), given.toArray())) {
                changed.add(input);
            }
        }
        new ShapeInference(model, changed).run();
    }

    private static boolean resize(SourceModel model, SourceTensor input, int[] given) {
        int[] stored = input.dimensions();
        boolean fits = given.length == stored.length;
        for (int d = 0; fits && d < given.length; d++) {
            fits = given[d] == stored[d] || input.isOpen(d);
        }
        require(
                fits,
                "Input '%s' cannot be %s: the file says %s, where -1 is open; give its other sizes as they are.",
                input.name(),
                Shape.of(given),
                Arrays.toString(input.signature().length == 0 ? stored : input.signature()));
        model.resize(input.index(), given);
        return !Arrays.equals(given, stored);
    }
}
