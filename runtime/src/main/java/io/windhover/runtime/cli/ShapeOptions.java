// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.models.graph.InputShapes;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The shapes of inputs that a model's file leaves open. */
final class ShapeOptions {
    @Option(
            names = "--shape",
            paramLabel = "NAME=1,H,W,C",
            description = {
                "The shape of an input whose sizes the file leaves open, in the file's own order; once for each such input.",
                "Without NAME= it is that of the only input."
            })
    private List<String> shapes = new ArrayList<>();

    InputShapes shapes() {
        return InputShapes.parse(shapes);
    }
}
