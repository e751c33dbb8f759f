// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.contract.Contract;
import io.windhover.contract.VectorOperation;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.BinaryMaxPool;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.lowering.BlockCopies;
import io.windhover.runtime.compiler.lowering.Int8StageBuilder;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.lowering.VectorStageBuilder;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.FieldLimits;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.VectorStage;
import io.windhover.runtime.compiler.weights.ConvolutionSpec;
import io.windhover.runtime.compiler.weights.ExactDivision;
import java.util.List;

/** Pools: on the vector engine, or as depthwise layers of ones where it cannot divide as the pool does. */
final class PoolLowering {
    private final LoweringState state;
    private final TensorMaps tensors;
    private final VectorStageBuilder vectors;
    private final BlockCopies copies;
    private final Int8StageBuilder int8;
    private final UnsignedAverageLowering unsigned;

    PoolLowering(
            LoweringState state,
            TensorMaps tensors,
            VectorStageBuilder vectors,
            BlockCopies copies,
            Int8StageBuilder int8) {
        this.state = state;
        this.tensors = tensors;
        this.vectors = vectors;
        this.copies = copies;
        this.int8 = int8;
        unsigned = new UnsignedAverageLowering(state, tensors, vectors, int8);
    }

    void lower(MaxPool operator) {
        int offset = state.offset(operator.output());
        largest(
                operator,
                Geometry.of(operator.window()),
                VectorStage.Mode.pool(
                        VectorOperation.MAXIMUM_POOL, operator.clampMin() - offset, operator.clampMax() - offset));
    }

    void lower(BinaryMaxPool operator) {
        largest(operator, Geometry.of(operator.window()), VectorStage.Mode.pool(VectorOperation.OR_POOL, -128, 127));
    }

    /** Sides of the map that one kernel does not hold are shortened first: the largest of the largest is the same. */
    private void largest(Operator operator, Geometry geometry, VectorStage.Mode mode) {
        ChannelView view = tensors.compact(operator, operator.input());
        MapNode output = state.outputMap(operator.output(), view);
        MapNode map = view.map();
        Geometry window = whole(geometry, map, output);
        while (isLong(window.kernelHeight(), map.height) || isLong(window.kernelWidth(), map.width)) {
            int rows = isLong(window.kernelHeight(), map.height) ? FieldLimits.STRIDE : 1;
            int columns = isLong(window.kernelWidth(), map.width) ? FieldLimits.STRIDE : 1;
            MapNode part = new MapNode(
                    operator.name() + "/part",
                    (map.height + rows - 1) / rows,
                    (map.width + columns - 1) / columns,
                    map.blocks,
                    null);
            pool(operator, map, part, new Geometry(rows, columns, rows, columns, 1, 1, 0, 0), mode);
            map = part;
            window = whole(window, map, output);
        }
        pool(operator, map, output, window, mode);
    }

    private static boolean isLong(int kernel, int side) {
        return kernel > FieldLimits.KERNEL && kernel == side;
    }

    /** A window that covers a whole side of the map ends where the map does. */
    private static Geometry whole(Geometry window, MapNode map, MapNode output) {
        boolean rows = output.height == 1 && window.kernelHeight() - window.padTop() >= map.height;
        boolean columns = output.width == 1 && window.kernelWidth() - window.padLeft() >= map.width;
        return new Geometry(
                rows ? map.height : window.kernelHeight(),
                columns ? map.width : window.kernelWidth(),
                window.strideY(),
                window.strideX(),
                window.dilationY(),
                window.dilationX(),
                rows ? 0 : window.padTop(),
                columns ? 0 : window.padLeft());
    }

    private void pool(Operator operator, MapNode from, MapNode to, Geometry geometry, VectorStage.Mode mode) {
        MapNode map = copies.readableBy(operator, from, vectors.runs(List.of(from), to, geometry));
        vectors.place(operator, List.of(map), to, geometry, mode);
    }

    void lower(AveragePool operator) {
        Shape in = state.tensor(operator.input()).shape();
        Shape out = state.tensor(operator.output()).shape();
        Window window = operator.window();
        Geometry geometry = onlyWindow(Geometry.of(window), in, out);
        int positions = geometry.kernelHeight() * geometry.kernelWidth();
        boolean signed = state.tensor(operator.input()).type() == TensorType.INT8;
        if (positions <= Contract.AVERAGE_POSITIONS && (signed || neverTies(geometry, in, out))) {
            int offset = state.offset(operator.output());
            ChannelView view = tensors.compact(operator, operator.input());
            pool(
                    operator,
                    view.map(),
                    state.outputMap(operator.output(), view),
                    geometry,
                    VectorStage.Mode.pool(
                            VectorOperation.AVERAGE_POOL, operator.clampMin() - offset, operator.clampMax() - offset));
        } else if (isInside(geometry, in, out)) {
            sum(operator, geometry, in.channels());
        } else if (positions <= Contract.AVERAGE_POSITIONS) {
            unsigned.lower(operator, geometry);
        } else {
            throw CompileException.layer(
                    operator.name(),
                    "it averages up to %d positions, more than %d, and not the same number everywhere; pool without padding.",
                    positions,
                    Contract.AVERAGE_POSITIONS);
        }
    }

    /** A pool with one window needs no padding: the window ends where the map does. */
    private static Geometry onlyWindow(Geometry geometry, Shape in, Shape out) {
        if (out.height() != 1 || out.width() != 1) {
            return geometry;
        }
        return Geometry.whole(
                Math.min(in.height(), geometry.kernelHeight() - geometry.padTop()),
                Math.min(in.width(), geometry.kernelWidth() - geometry.padLeft()));
    }

    /** A window of an odd number of positions has no tie, which is all that UINT8 rounds differently from INT8. */
    private static boolean neverTies(Geometry geometry, Shape in, Shape out) {
        return isOdd(geometry.kernelHeight(), geometry.strideY(), geometry.padTop(), in.height(), out.height())
                && isOdd(geometry.kernelWidth(), geometry.strideX(), geometry.padLeft(), in.width(), out.width());
    }

    private static boolean isOdd(int kernel, int stride, int padding, int size, int outputs) {
        for (int output = 0; output < outputs; output++) {
            int first = output * stride - padding;
            if ((Math.min(first + kernel, size) - Math.max(first, 0)) % 2 == 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInside(Geometry geometry, Shape in, Shape out) {
        return geometry.padTop() == 0
                && geometry.padLeft() == 0
                && (out.height() - 1) * geometry.strideY() + geometry.kernelHeight() <= in.height()
                && (out.width() - 1) * geometry.strideX() + geometry.kernelWidth() <= in.width();
    }

    /**
     * The sum of the window, divided exactly. UINT8 codes are summed as they are, from 0 up, where their rounding is
     * INT8's.
     */
    private void sum(AveragePool operator, Geometry geometry, int channels) {
        ExactDivision division =
                ExactDivision.required(operator.name(), geometry.kernelHeight() * geometry.kernelWidth());
        PostProcess post = division.post(channels, operator.clampMin(), operator.clampMax());
        ChannelView view = tensors.compact(operator, operator.input());
        int8.depthwise(
                new ConvolutionSpec(
                        operator,
                        state.offset(operator.input()),
                        division.filters(channels, geometry),
                        geometry,
                        new int[channels],
                        0,
                        post),
                view,
                state.outputMap(operator.output(), view));
    }
}
