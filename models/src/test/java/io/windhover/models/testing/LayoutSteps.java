// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.testing;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.DepthToSpace;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.MirrorPad;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.SpaceToDepth;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Transpose;
import java.util.ArrayList;
import java.util.List;

/** Operators that move elements, appended to maps of one type and quantisation. */
final class LayoutSteps {
    private static final int MOST_ELEMENTS = 12_000;

    final TensorType type;
    final Quantization quantization;
    private final Draw draw;
    private final GraphBuilder graph;
    private int count;

    /** An operator of this name that makes these tensors. */
    @FunctionalInterface
    interface Step {
        Operator named(String name, int[] outputs);
    }

    LayoutSteps(GraphBuilder graph, Draw draw) {
        this.graph = graph;
        this.draw = draw;
        type = draw.byteType();
        quantization = draw.quantization(type);
    }

    /** Now and then of the other type of bytes, and brought to this one at once, as files of uint8 images do. */
    int input(Shape shape) {
        if (!draw.oneIn(4)) {
            return graph.input("input_" + ++count, type, shape, quantization);
        }
        boolean signed = type == TensorType.INT8;
        int image = graph.input(
                "input_" + ++count,
                signed ? TensorType.UINT8 : TensorType.INT8,
                shape,
                Quantization.of(quantization.scale(), quantization.zeroPoint() + (signed ? 128 : -128)));
        byte[] table = new byte[256];
        for (int code = 0; code < 256; code++) {
            table[code] = (byte) (code ^ 0x80);
        }
        return add(shape, (name, to) -> new LookupTable(name, new int[] {image}, to, "retyping", table));
    }

    boolean isInput(int map) {
        return graph.tensor(map).name().startsWith("input_");
    }

    int constant(Shape shape) {
        return graph.constant("constant_" + ++count, type, shape, quantization, draw.weights(shape.elements()));
    }

    int add(Shape shape, Step step) {
        int output = graph.tensor("map_" + ++count, type, shape, quantization);
        graph.operator(step.named("step_" + count, new int[] {output}));
        return output;
    }

    /** What one of the operators makes of the map; the map itself where the one drawn does not apply. */
    int append(int map) {
        Shape shape = graph.shape(map);
        boolean large = shape.elements() > MOST_ELEMENTS;
        return switch (draw.between(0, 9)) {
            case 0, 1 -> reshape(map, shape);
            case 2, 3 -> transpose(map, shape);
            case 4 -> slice(map, shape);
            case 5 -> large ? map : joined(map, shape);
            case 6 -> large ? map : resize(map, shape);
            case 7 -> large || shape.height() < 2 || shape.width() < 2 ? table(map) : mirror(map, shape);
            case 8 -> blocks(map, shape);
            default -> table(map);
        };
    }

    int table(int map) {
        byte[] table = new byte[256];
        for (int code = 0; code < 256; code++) {
            table[code] = (byte) (code * 5 + 3);
        }
        return add(graph.shape(map), (name, to) -> new LookupTable(name, new int[] {map}, to, "mixing", table));
    }

    /** The same elements with their prime factors dealt out to three dimensions anew. */
    private int reshape(int map, Shape shape) {
        int[] dimensions = {1, 1, 1};
        int rest = shape.elements();
        for (int factor = 2; rest > 1; factor++) {
            while (rest % factor == 0) {
                int d = draw.between(0, 2);
                d = dimensions[d] * factor > 255 ? 2 : d;
                dimensions[d] *= factor;
                rest /= factor;
            }
        }
        if (dimensions[1] * dimensions[2] > 1000 || (dimensions[2] > 255 && dimensions[2] % 8 != 0)) {
            return map;
        }
        return add(
                Shape.map(dimensions[0], dimensions[1], dimensions[2]),
                (name, to) -> new Reshape(name, new int[] {map}, to));
    }

    private int transpose(int map, Shape shape) {
        int[] permutation = draw.permutation(3, 0);
        int[] dimensions = {shape.height(), shape.width(), shape.channels()};
        Shape to = Shape.map(dimensions[permutation[0]], dimensions[permutation[1]], dimensions[permutation[2]]);
        int[] whole = {0, permutation[0] + 1, permutation[1] + 1, permutation[2] + 1};
        boolean spatial = graph.shape(map).rank() == 4;
        return !spatial || to.channels() > 255
                ? map
                : add(to, (name, made) -> new Transpose(name, new int[] {map}, made, whole));
    }

    private int slice(int map, Shape shape) {
        int top = draw.between(0, shape.height() - 1);
        int left = draw.between(0, shape.width() - 1);
        int channel = draw.between(0, shape.channels() / 2);
        Shape to = Shape.map(shape.height() - top, shape.width() - left, shape.channels() - channel);
        return add(to, (name, made) -> new Slice(name, new int[] {map}, made, top, left, channel, 1, 1, 1));
    }

    /** With itself, with a table of itself or with a constant. */
    private int joined(int map, Shape shape) {
        List<Integer> parts = new ArrayList<>(List.of(map));
        parts.add(
                draw.between(0, 1),
                switch (draw.between(0, 2)) {
                    case 0 -> map;
                    case 1 -> table(map);
                    default -> constant(shape);
                });
        Concatenation.Axis axis = Concatenation.Axis.values()[draw.between(0, 2)];
        Shape to = switch (axis) {
            case HEIGHT -> Shape.map(2 * shape.height(), shape.width(), shape.channels());
            case WIDTH -> Shape.map(shape.height(), 2 * shape.width(), shape.channels());
            case CHANNEL -> Shape.map(shape.height(), shape.width(), 2 * shape.channels());
        };
        int[] inputs = parts.stream().mapToInt(Integer::intValue).toArray();
        return add(to, (name, made) -> new Concatenation(name, inputs, made, axis));
    }

    private int resize(int map, Shape shape) {
        boolean bilinear = draw.oneIn(3);
        Shape to = bilinear
                ? Shape.map(shape.height() << draw.between(0, 1), shape.width() << draw.between(0, 1), shape.channels())
                : Shape.map(draw.between(1, 20), draw.between(1, 20), shape.channels());
        boolean centres = draw.oneIn(2);
        return add(
                to,
                (name, made) -> new Resize(
                        name,
                        new int[] {map},
                        made,
                        bilinear ? Resize.Mode.BILINEAR : Resize.Mode.NEAREST,
                        false,
                        centres));
    }

    private int mirror(int map, Shape shape) {
        Padding padding = new Padding(draw.between(0, 1), draw.between(0, 1), draw.between(0, 1), draw.between(0, 1));
        Shape to = Shape.map(
                shape.height() + padding.top() + padding.bottom(),
                shape.width() + padding.left() + padding.right(),
                shape.channels());
        boolean symmetric = draw.oneIn(2);
        return add(to, (name, made) -> new MirrorPad(name, new int[] {map}, made, padding, symmetric));
    }

    private int blocks(int map, Shape shape) {
        if (shape.height() % 2 == 0 && shape.width() % 2 == 0) {
            Shape to = Shape.map(shape.height() / 2, shape.width() / 2, 4 * shape.channels());
            return add(to, (name, made) -> new SpaceToDepth(name, new int[] {map}, made, 2));
        }
        if (shape.channels() % 4 == 0) {
            Shape to = Shape.map(shape.height() * 2, shape.width() * 2, shape.channels() / 4);
            return add(to, (name, made) -> new DepthToSpace(name, new int[] {map}, made, 2));
        }
        return map;
    }
}
