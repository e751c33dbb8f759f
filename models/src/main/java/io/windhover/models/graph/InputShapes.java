// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Shapes that the user gives for inputs whose sizes a file leaves open, in the file's own order of dimensions (TFLite:
 * NHWC; ONNX: mostly NCHW).
 *
 * @param byName the shape of each named input; under the empty name, that of a network's only input
 */
public record InputShapes(Map<String, Shape> byName) {
    /** Nothing but what the file says. */
    public static final InputShapes NONE = new InputShapes(Map.of());

    private static final int MOST = 64;

    public InputShapes {
        require(byName.size() <= MOST, "Shapes are given for %d inputs, more than %d.", byName.size(), MOST);
        byName = Map.copyOf(byName);
    }

    /** Reads {@code NAME=1,H,W,C} or {@code 1,H,W,C}, one for each input. */
    public static InputShapes parse(List<String> texts) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (String text : texts) {
            int end = text.lastIndexOf('=');
            String name = end < 0 ? "" : text.substring(0, end);
            require(
                    shapes.put(name, shape(text, text.substring(end + 1))) == null,
                    "Shape '%s' is the second one of its input; give one for each input.",
                    text);
        }
        require(
                shapes.size() < 2 || !shapes.containsKey(""),
                "One of several shapes names no input; write NAME=1,224,224,3.");
        return new InputShapes(shapes);
    }

    private static Shape shape(String text, String numbers) {
        List<Integer> dimensions = new ArrayList<>();
        for (String number : numbers.split(",", -1)) {
            require(
                    number.strip().matches("[1-9][0-9]{0,8}"),
                    "Shape '%s' does not read NAME=1,224,224,3; each dimension is a number from 1.",
                    text);
            dimensions.add(Integer.parseInt(number.strip()));
        }
        return new Shape(dimensions);
    }

    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /** The shape of this input of a network, or null where none is given. */
    public @Nullable Shape of(String name, boolean only) {
        Shape named = byName.get(name);
        return named == null && only ? byName.get("") : named;
    }

    /** Refuses shapes of inputs that a network does not have. */
    public void requireNames(List<String> inputs) {
        for (String name : byName.keySet()) {
            require(
                    inputs.contains(name) || (name.isEmpty() && inputs.size() == 1),
                    "A shape is given for input '%s', but the network's inputs are %s; write NAME=1,224,224,3.",
                    name,
                    inputs);
        }
    }

    /** One text for equal shapes, whatever their order. */
    @Override
    public String toString() {
        return new TreeMap<>(byName).toString();
    }
}
