// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.testing;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.DepthToSpace;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.MirrorPad;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.SpaceToDepth;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Transpose;
import java.util.stream.IntStream;

/** Layers that move codes, and the resizing that mixes neighbours. Input and output share one quantisation. */
final class RandomLayoutLayers {
    private static final int[] INPUTS = {0};
    private static final int[] OUTPUTS = {1};

    private RandomLayoutLayers() {}

    static Graph slice(String name, Draw draw) {
        Shape in = draw.map();
        int[] extents = {in.height(), in.width(), in.channels()};
        int[] first = new int[3];
        int[] stride = new int[3];
        int[] count = new int[3];
        for (int d = 0; d < 3; d++) {
            boolean whole = draw.oneIn(3);
            first[d] = whole ? 0 : draw.between(0, extents[d] - 1);
            stride[d] = draw.oneIn(4) ? draw.between(2, 3) : 1;
            int most = (extents[d] - first[d] - 1) / stride[d] + 1;
            count[d] = whole ? most : draw.between(1, most);
        }
        return layer(
                name,
                draw,
                in,
                Shape.map(count[0], count[1], count[2]),
                new Slice("slice", INPUTS, OUTPUTS, first[0], first[1], first[2], stride[0], stride[1], stride[2]));
    }

    static Graph transpose(String name, Draw draw) {
        Shape map = draw.map();
        Shape in = switch (draw.between(0, 3)) {
            case 0 -> Shape.of(map.height(), map.width(), map.channels());
            case 1 -> Shape.of(1, map.height(), map.width(), draw.between(1, 8), draw.between(1, 9));
            default -> map;
        };
        int[] permutation = draw.permutation(in.rank(), draw.oneIn(4) ? 0 : in.rank() / 4);
        Shape out = Shape.of(
                IntStream.of(permutation).map(d -> in.dimensions().get(d)).toArray());
        return layer(name, draw, in, out, new Transpose("transpose", INPUTS, OUTPUTS, permutation));
    }

    static Graph mirrorPad(String name, Draw draw) {
        Shape in = draw.map();
        boolean symmetric = draw.oneIn(2);
        int y = Math.min(4, in.height() - (symmetric ? 0 : 1));
        int x = Math.min(4, in.width() - (symmetric ? 0 : 1));
        Padding padding = new Padding(draw.between(0, y), draw.between(0, x), draw.between(0, y), draw.between(0, x));
        return layer(
                name,
                draw,
                in,
                padded(in, padding, 0),
                new MirrorPad("mirror_pad", INPUTS, OUTPUTS, padding, symmetric));
    }

    static Graph padWithChannels(String name, Draw draw) {
        Shape in = draw.map();
        Padding padding = new Padding(draw.between(0, 3), draw.between(0, 3), draw.between(0, 3), draw.between(0, 3));
        int before = draw.oneIn(3) ? 0 : draw.between(1, 9);
        int after = draw.oneIn(3) ? 0 : draw.between(1, 9);
        return layer(
                name,
                draw,
                in,
                padded(in, padding, before + after),
                new Pad("pad", INPUTS, OUTPUTS, padding, before, after, draw.between(0, 127)));
    }

    private static Shape padded(Shape in, Padding padding, int channels) {
        return Shape.map(
                in.height() + padding.top() + padding.bottom(),
                in.width() + padding.left() + padding.right(),
                in.channels() + channels);
    }

    static Graph resizeNearest(String name, Draw draw) {
        return resize(name, draw, Resize.Mode.NEAREST);
    }

    /** Mostly by factors that networks use, whose corners do not coincide; now and then to any size. */
    static Graph resizeBilinear(String name, Draw draw) {
        if (draw.oneIn(8)) {
            return resize(name, draw, Resize.Mode.BILINEAR);
        }
        Shape in = draw.map();
        Shape out = Shape.map(in.height() << draw.between(0, 2), in.width() << draw.between(0, 2), in.channels());
        return layer(
                name, draw, in, out, new Resize("resize", INPUTS, OUTPUTS, Resize.Mode.BILINEAR, false, draw.oneIn(2)));
    }

    private static Graph resize(String name, Draw draw, Resize.Mode mode) {
        Shape in = draw.map();
        boolean twice = draw.oneIn(3);
        Shape out = Shape.map(
                twice ? 2 * in.height() : draw.between(1, 30),
                twice ? 2 * in.width() : draw.between(1, 30),
                in.channels());
        int corners = draw.between(0, 2);
        return layer(name, draw, in, out, new Resize("resize", INPUTS, OUTPUTS, mode, corners == 1, corners == 2));
    }

    static Graph spaceToDepth(String name, Draw draw) {
        Blocks blocks = Blocks.of(draw);
        return layer(
                name,
                draw,
                blocks.wide(),
                blocks.deep(),
                new SpaceToDepth("space_to_depth", INPUTS, OUTPUTS, blocks.block()));
    }

    static Graph depthToSpace(String name, Draw draw) {
        Blocks blocks = Blocks.of(draw);
        return layer(
                name,
                draw,
                blocks.deep(),
                blocks.wide(),
                new DepthToSpace("depth_to_space", INPUTS, OUTPUTS, blocks.block()));
    }

    private record Blocks(int block, Shape wide, Shape deep) {
        static Blocks of(Draw draw) {
            int block = draw.oneIn(8) ? 1 : draw.between(2, 4);
            int height = draw.between(1, 8);
            int width = draw.between(1, 8);
            int channels = draw.channels(17);
            return new Blocks(
                    block,
                    Shape.map(height * block, width * block, channels),
                    Shape.map(height, width, channels * block * block));
        }
    }

    /** Joins maps below or beside one another. */
    static Graph spatialConcatenation(String name, Draw draw) {
        boolean rows = draw.oneIn(2);
        Shape map = draw.map();
        TensorType type = draw.byteType();
        Quantization quantization = draw.quantization(type);
        GraphBuilder graph = new GraphBuilder(name);
        int[] inputs = new int[draw.between(2, 4)];
        int total = 0;
        for (int i = 0; i < inputs.length; i++) {
            int extent = draw.between(1, 8);
            inputs[i] = graph.input("input_" + i, type, joined(map, rows, extent), quantization);
            total += extent;
        }
        int output = graph.tensor("output", type, joined(map, rows, total), quantization);
        Concatenation.Axis axis = rows ? Concatenation.Axis.HEIGHT : Concatenation.Axis.WIDTH;
        return graph.operator(new Concatenation("concatenation", inputs, new int[] {output}, axis))
                .build(output);
    }

    private static Shape joined(Shape map, boolean rows, int extent) {
        return rows ? Shape.map(extent, map.width(), map.channels()) : Shape.map(map.height(), extent, map.channels());
    }

    private static Graph layer(String name, Draw draw, Shape in, Shape out, Operator operator) {
        TensorType type = draw.byteType();
        Quantization quantization = draw.quantization(type);
        GraphBuilder graph = new GraphBuilder(name);
        graph.input("input", type, in, quantization);
        graph.tensor("output", type, out, quantization);
        return graph.operator(operator).build(OUTPUTS);
    }
}
