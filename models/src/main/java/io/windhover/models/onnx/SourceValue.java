// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;
import static io.windhover.models.ModelException.requirePresent;

import io.windhover.models.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network input or output as the file declares it.
 *
 * @param elementType number of its element type; 0 when the file does not say
 */
record SourceValue(String name, long elementType, List<Dimension> dimensions) {
    /** A size, or 0 and perhaps a name for one that is left open; {@code isEmpty} where the file says 0 itself. */
    record Dimension(long size, String name, boolean isEmpty) {
        @Override
        public String toString() {
            return size > 0 ? Long.toString(size) : name.isEmpty() ? "?" : name;
        }
    }

    static SourceValue read(ProtobufMessage message) {
        String name = "";
        long elementType = 0;
        List<Dimension> dimensions = List.of();
        while (message.next()) {
            if (message.field() == Schema.ValueInfo.NAME) {
                name = message.text();
            } else if (message.field() == Schema.ValueInfo.TYPE) {
                ProtobufMessage tensor = tensorType(message.message(), name);
                while (tensor.next()) {
                    if (tensor.field() == Schema.ValueInfo.ELEMENT_TYPE) {
                        elementType = tensor.integer();
                    } else if (tensor.field() == Schema.ValueInfo.SHAPE) {
                        dimensions = dimensions(tensor.message());
                    }
                }
            }
        }
        return new SourceValue(name, elementType, dimensions);
    }

    private static ProtobufMessage tensorType(ProtobufMessage type, String name) {
        ProtobufMessage tensor = null;
        while (type.next()) {
            if (type.field() == Schema.ValueInfo.TENSOR_TYPE) {
                tensor = type.message();
            }
        }
        return requirePresent(tensor, "'%s' is not a tensor.", name);
    }

    private static List<Dimension> dimensions(ProtobufMessage shape) {
        List<Dimension> dimensions = new ArrayList<>();
        while (shape.next()) {
            if (shape.field() == Schema.ValueInfo.DIMENSION) {
                require(
                        dimensions.size() < Constant.MAXIMUM_RANK,
                        "A shape has more than %d dimensions.",
                        Constant.MAXIMUM_RANK);
                dimensions.add(dimension(shape.message()));
            }
        }
        return List.copyOf(dimensions);
    }

    private static Dimension dimension(ProtobufMessage message) {
        long size = 0;
        String name = "";
        boolean isEmpty = false;
        while (message.next()) {
            if (message.field() == Schema.ValueInfo.DIMENSION_VALUE) {
                size = message.integer();
                isEmpty = size == 0;
            } else if (message.field() == Schema.ValueInfo.DIMENSION_NAME) {
                name = message.text();
            }
        }
        return new Dimension(size, name, isEmpty);
    }

    /** True when the file leaves its first dimension open, which then is 1. */
    boolean hasOpenBatch() {
        return !dimensions.isEmpty() && dimensions.get(0).size() <= 0;
    }

    /**
     * Refuses an output whose operators make another shape than the file declares. What is left open is not compared,
     * nor is the first dimension when an input's batch is open.
     */
    void requireShape(int[] made, boolean openBatch) {
        boolean fits = dimensions.isEmpty() || dimensions.size() == made.length;
        for (int d = 0; fits && d < dimensions.size(); d++) {
            long declared = dimensions.get(d).size();
            fits = declared <= 0 || declared == made[d] || (d == 0 && openBatch);
        }
        require(
                fits,
                "Output '%s' is declared as %s, but its operators make %s.",
                name,
                dimensions.stream().map(Dimension::toString).toList(),
                Arrays.toString(made));
    }

    /** Refuses an output whose operators make elements of another type than the file declares. */
    void requireType(ElementType made) {
        require(
                elementType == 0 || elementType == made.code,
                "Output '%s' is declared to hold %s, but its operators make %s.",
                name,
                ElementType.name(elementType),
                made);
    }

    /**
     * Its shape: the batch, its first dimension, is 1 if open; any other open dimension is refused by name.
     *
     * @param given by the user: the sizes of dimensions that are open, and those that are not as they are
     */
    int[] shape(@Nullable Shape given) {
        require(
                given == null || given.rank() == dimensions.size(),
                "Input '%s' cannot be %s: the file says %s.",
                name,
                String.valueOf(given),
                dimensions);
        int[] shape = new int[dimensions.size()];
        for (int d = 0; d < shape.length; d++) {
            shape[d] = size(d, given == null ? 0 : given.dimensions().get(d));
        }
        Dimensions.count(shape);
        return shape;
    }

    /** One of its sizes; {@code given} is 0 where the user says none. */
    private int size(int d, int given) {
        Dimension dimension = dimensions.get(d);
        boolean isOpen = dimension.size() <= 0 && (d == 0 || !dimension.isEmpty());
        if (isOpen && (given > 0 || d == 0)) {
            return Math.max(1, given);
        }
        require(!dimension.isEmpty(), "Input '%s' has no elements, because its dimension %d is 0.", name, d);
        require(
                dimension.size() > 0,
                "Input '%s' leaves dimension %d%s open: the file says %s. Give the whole shape (--shape), or export the model "
                        + "with a fixed size.",
                name,
                d,
                dimension.name().isEmpty() ? "" : " ('" + dimension.name() + "')",
                dimensions);
        require(dimension.size() <= Integer.MAX_VALUE, "Input '%s' has the dimension %d.", name, dimension.size());
        require(
                given == 0 || given == dimension.size(),
                "Input '%s' cannot have %d as its dimension %d: the file says %s; only what it leaves open can be given.",
                name,
                given,
                d,
                dimensions);
        return (int) dimension.size();
    }
}
