// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.models.arithmetic.Resampling;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.DepthToSpace;
import io.windhover.models.graph.MirrorPad;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.SpaceToDepth;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.channels.Channels;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.lowering.Assembly;
import io.windhover.runtime.compiler.lowering.DenseAssembly;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.program.Progressions;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.Strides;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Operators that move whole pixels: stages store their columns where they belong in memory, and rows are loaded in
 * their order.
 */
final class GatherLowering {
    private final LoweringState state;
    private final TensorMaps tensors;
    private final Crops crops;

    GatherLowering(LoweringState state, TensorMaps tensors, Crops crops) {
        this.state = state;
        this.tensors = tensors;
        this.crops = crops;
    }

    /** Along height or width. */
    void lower(Concatenation operator) {
        DenseAssembly assembly = tensors.assembleOutput(
                operator, (state.tensor(operator.output()).shape().channels() + 7) / 8);
        boolean below = operator.axis() == Concatenation.Axis.HEIGHT;
        int position = 0;
        for (int index : operator.inputs()) {
            Tensor tensor = state.tensor(index);
            MapNode part = tensor.isConstant() ? state.constantMap(tensor) : tensors.map(operator, index);
            assembly.add(part, below ? position : 0, 1, below ? 0 : position, 1);
            position += below ? part.height : part.width;
        }
        assembly.bind();
    }

    /** Nearest neighbours. */
    void lower(Resize operator) {
        Shape in = state.tensor(operator.input()).shape();
        Shape out = state.tensor(operator.output()).shape();
        gather(
                operator,
                y -> Resampling.nearest(
                        y, in.height(), out.height(), operator.alignCorners(), operator.halfPixelCenters()),
                x -> Resampling.nearest(
                        x, in.width(), out.width(), operator.alignCorners(), operator.halfPixelCenters()));
    }

    void lower(MirrorPad operator) {
        Shape in = state.tensor(operator.input()).shape();
        int border = operator.symmetric() ? 1 : 0;
        gather(
                operator,
                y -> mirrored(y - operator.padding().top(), in.height(), border),
                x -> mirrored(x - operator.padding().left(), in.width(), border));
    }

    private static int mirrored(int position, int extent, int border) {
        int inside = position < 0 ? -position - border : position;
        return inside < extent ? inside : 2 * (extent - 1) - inside + border;
    }

    /** Output pixel (y, x) is the input's ({@code row(y)}, {@code column(x)}). */
    private void gather(Operator operator, IntUnaryOperator row, IntUnaryOperator column) {
        Tensor output = state.tensor(operator.output());
        Shape out = output.shape();
        ChannelView view = tensors.compact(operator, operator.input());
        MapNode source = view.map();
        int[] rows = Strides.allRows(out.height());
        Arrays.setAll(rows, row);
        int[] columns = new int[out.width()];
        Arrays.setAll(columns, column);
        Strides dense = Strides.dense(out.width(), source.blocks);
        Assembly assembly = tensors.assembly(operator, 8L * source.height * out.width() * source.blocks);
        for (Progressions.Run run : Progressions.of(Strides.allRows(out.width()), columns, 1)) {
            assembly.add(source, run.input(), run.count(), dense.part(0, 1, 0, run.output(), run.outputStep()));
        }
        MapNode map = assembly.map(output.name(), out.width(), source.blocks, dense, rows);
        state.bind(output.index(), TensorValue.of(Channels.of(map, view.byteOf()), out, output.type()));
    }

    /** Every place of a block of pixels is a crop with strides; their channels side by side. */
    void lower(SpaceToDepth operator) {
        Tensor output = state.tensor(operator.output());
        ChannelView view = tensors.compact(operator, operator.input());
        int block = operator.block();
        List<Channels> parts = new ArrayList<>();
        for (int place = 0; place < block * block; place++) {
            MapNode part = new MapNode(
                    output.name() + "/part",
                    output.shape().height(),
                    output.shape().width(),
                    view.map().blocks,
                    null);
            MapNode cropped = crops.of(operator, view.map(), part, place / block, place % block, block, block);
            parts.add(Channels.of(cropped, view.byteOf()));
        }
        state.bind(output.index(), TensorValue.of(Channels.joined(parts), output.shape(), output.type()));
    }

    /**
     * The channels of every place of a block, put on whole blocks of 8 channels first, become every so many rows and
     * columns.
     */
    void lower(DepthToSpace operator) {
        int block = operator.block();
        int channels = state.tensor(operator.output()).shape().channels();
        int blocks = (channels + 7) / 8;
        MapNode source = tensors.spaced(operator, operator.input(), channels);
        DenseAssembly assembly = tensors.assembleOutput(operator, blocks);
        for (int place = 0; place < block * block; place++) {
            assembly.add(source.view(place * blocks, blocks), place / block, block, place % block, block);
        }
        assembly.bind();
    }
}
