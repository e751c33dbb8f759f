package io.windhover.models.testing;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.DepthToSpace;
import io.windhover.models.graph.Graph;
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

/** Layers that move elements, one after another: each must cope with what the one before it left. */
final class RandomLayoutChains {
    private static final int MOST_ELEMENTS = 12_000;

    private final Draw draw;
    private final GraphBuilder graph;
    private final TensorType type;
    private final Quantization quantization;
    private int count;

    private RandomLayoutChains(String name, long seed) {
        draw = new Draw(seed ^ 0xC4A1L << 32);
        graph = new GraphBuilder(name);
        type = draw.byteType();
        quantization = draw.quantization(type);
    }

    static Graph chain(String name, long seed) {
        return new RandomLayoutChains(name, seed).build();
    }

    private Graph build() {
        int map = graph.input("input", type, Shape.map(draw.between(1, 12), draw.between(1, 12), draw.channels(40)), quantization);
        int layers = draw.between(1, 6);
        for (int i = 0; i < layers; i++) {
            map = append(map);
        }
        return graph.build(map == 0 ? table(map) : map);
    }

    private int append(int map) {
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

    private int output(Shape shape) {
        return graph.tensor("map_" + ++count, type, shape, quantization);
    }

    private int add(Operator operator) {
        graph.operator(operator);
        return operator.output();
    }

    private int table(int map) {
        byte[] table = new byte[256];
        for (int code = 0; code < 256; code++) {
            table[code] = (byte) (code * 5 + 3);
        }
        return add(new LookupTable("table_" + count, new int[] {map}, new int[] {output(graph.shape(map))}, "mixing", table));
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
        if (dimensions[1] * dimensions[2] > 1000 || dimensions[2] > 255 && dimensions[2] % 8 != 0) {
            return map;
        }
        Shape to = Shape.map(dimensions[0], dimensions[1], dimensions[2]);
        return add(new Reshape("reshape_" + count, new int[] {map}, new int[] {output(to)}));
    }

    private int transpose(int map, Shape shape) {
        int[] permutation = draw.permutation(3, 0);
        int[] dimensions = {shape.height(), shape.width(), shape.channels()};
        Shape to = Shape.map(dimensions[permutation[0]], dimensions[permutation[1]], dimensions[permutation[2]]);
        boolean spatial = graph.shape(map).rank() == 4;
        return !spatial || to.channels() > 255 ? map : add(new Transpose("transpose_" + count, new int[] {map}, new int[] {output(to)},
                new int[] {0, permutation[0] + 1, permutation[1] + 1, permutation[2] + 1}));
    }

    private int slice(int map, Shape shape) {
        int top = draw.between(0, shape.height() - 1);
        int left = draw.between(0, shape.width() - 1);
        int channel = draw.between(0, shape.channels() / 2);
        Shape to = Shape.map(shape.height() - top, shape.width() - left, shape.channels() - channel);
        return add(new Slice("slice_" + count, new int[] {map}, new int[] {output(to)}, top, left, channel, 1, 1, 1));
    }

    private int joined(int map, Shape shape) {
        List<Integer> parts = new ArrayList<>(List.of(map));
        parts.add(draw.oneIn(2) ? map : table(map));
        Concatenation.Axis axis = Concatenation.Axis.values()[draw.between(0, 2)];
        Shape to = switch (axis) {
            case HEIGHT -> Shape.map(2 * shape.height(), shape.width(), shape.channels());
            case WIDTH -> Shape.map(shape.height(), 2 * shape.width(), shape.channels());
            case CHANNEL -> Shape.map(shape.height(), shape.width(), 2 * shape.channels());
        };
        int[] inputs = parts.stream().mapToInt(Integer::intValue).toArray();
        return add(new Concatenation("join_" + count, inputs, new int[] {output(to)}, axis));
    }

    private int resize(int map, Shape shape) {
        Shape to = Shape.map(draw.between(1, 20), draw.between(1, 20), shape.channels());
        return add(new Resize("resize_" + count, new int[] {map}, new int[] {output(to)}, Resize.Mode.NEAREST, false, draw.oneIn(2)));
    }

    private int mirror(int map, Shape shape) {
        Padding padding = new Padding(draw.between(0, 1), draw.between(0, 1), draw.between(0, 1), draw.between(0, 1));
        Shape to = Shape.map(shape.height() + padding.top() + padding.bottom(), shape.width() + padding.left() + padding.right(), shape.channels());
        return add(new MirrorPad("mirror_" + count, new int[] {map}, new int[] {output(to)}, padding, draw.oneIn(2)));
    }

    private int blocks(int map, Shape shape) {
        if (shape.height() % 2 == 0 && shape.width() % 2 == 0) {
            Shape to = Shape.map(shape.height() / 2, shape.width() / 2, 4 * shape.channels());
            return add(new SpaceToDepth("deep_" + count, new int[] {map}, new int[] {output(to)}, 2));
        }
        if (shape.channels() % 4 == 0) {
            Shape to = Shape.map(shape.height() * 2, shape.width() * 2, shape.channels() / 4);
            return add(new DepthToSpace("wide_" + count, new int[] {map}, new int[] {output(to)}, 2));
        }
        return map;
    }
}
