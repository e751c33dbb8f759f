// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.contract.Contract;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Transpose;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.channels.Channels;
import io.windhover.runtime.compiler.channels.Permutation;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.lowering.Assembly;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.FieldLimits;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.MemoryArea;
import io.windhover.runtime.compiler.stage.Strides;
import java.util.ArrayList;
import java.util.List;

/**
 * Transposes. One that moves nothing is a reshape; one within the channels of every pixel (a channel shuffle) another
 * order of them; every other exchanges neighbouring dimensions one by one, by way of memory.
 */
final class TransposeLowering {
    /** Elements of a pixel of a network input that are shuffled as channels. */
    private static final int LARGEST_SHUFFLE = 512;

    private static final int MOST_KERNEL_ROWS = FieldLimits.ROWS * Contract.BLOCK_CHANNELS;

    private final LoweringState state;
    private final TensorMaps tensors;

    TransposeLowering(LoweringState state, TensorMaps tensors) {
        this.state = state;
        this.tensors = tensors;
    }

    void lower(Transpose operator) {
        Tensor input = state.tensor(operator.input());
        Tensor output = state.tensor(operator.output());
        TensorValue value = state.value(operator, operator.input());
        Permutation permutation = Permutation.of(input.shape().dimensions(), operator.permutation());
        if (permutation.movesNothing()) {
            state.bind(output.index(), value.reshaped(output.shape()));
            return;
        }
        if (value.isInput()
                && permutation.isRotation()
                && permutation.dimensions()[2] <= state.capabilities.lineBytes()) {
            state.bind(output.index(), planes(value, permutation.dimensions()));
            return;
        }
        if (value.isInput() && permutation.movedElements() <= LARGEST_SHUFFLE) {
            value = value.reshaped(merged(input.shape().dimensions(), permutation.movedElements()));
        }
        int[] order = permutation.within(value.shape().channels());
        state.bind(
                output.index(),
                order == null
                        ? exchanged(operator, value, permutation)
                        : TensorValue.of(tensors.channels(operator, value).select(order), value.shape(), value.type()));
    }

    /** The same elements with as many of the last dimensions in one as hold {@code channels}. */
    private static Shape merged(List<Integer> dimensions, int channels) {
        List<Integer> merged = new ArrayList<>(dimensions);
        int elements = 1;
        while (elements < channels) {
            elements *= merged.remove(merged.size() - 1);
        }
        merged.add(elements);
        return new Shape(merged);
    }

    /** Planes of a packed input as channels of pixels, in one load. */
    private static TensorValue planes(TensorValue value, int[] dimensions) {
        int height = dimensions[1];
        int width = dimensions[2];
        MapNode map = new MapNode(
                "input",
                height,
                width,
                (dimensions[0] + 7) / 8,
                new MapNode.Bytes(
                        value.inputArea(),
                        width,
                        (long) height * width,
                        dimensions[0],
                        1,
                        value.type() == TensorType.UINT8));
        return TensorValue.of(map, Shape.map(height, width, dimensions[0]), value.type());
    }

    /** Brings each dimension to its area past those before it. */
    private TensorValue exchanged(Operator operator, TensorValue value, Permutation permutation) {
        TensorValue current = value;
        List<Integer> order = new ArrayList<>();
        for (int d = 0; d < permutation.from().length; d++) {
            order.add(d);
        }
        for (int d = 0; d < permutation.from().length; d++) {
            for (int position = order.indexOf(permutation.from()[d]); position > d; position--) {
                current = exchange(
                        operator,
                        current,
                        order.stream()
                                .mapToInt(i -> permutation.dimensions()[i])
                                .toArray(),
                        position - 1);
                order.add(position - 1, order.remove(position));
            }
        }
        return current;
    }

    /** Exchanges the dimension at {@code position} and the next. */
    private TensorValue exchange(Operator operator, TensorValue value, int[] dimensions, int position) {
        int before = product(dimensions, 0, position);
        int first = dimensions[position];
        int second = dimensions[position + 1];
        int after = product(dimensions, position + 2, dimensions.length);
        return after == 1
                ? columnsAndChannels(operator, value, before, first, second)
                : rowsAndColumns(operator, value, before, first, second, after);
    }

    private static int product(int[] dimensions, int from, int to) {
        int product = 1;
        for (int d = from; d < to; d++) {
            product *= dimensions[d];
        }
        return product;
    }

    /** [maps x rows][columns][channels] to [maps x columns][rows][channels]: words are stored where they belong. */
    private TensorValue rowsAndColumns(
            Operator operator, TensorValue value, int maps, int rows, int columns, int channels) {
        ChannelView view = tensors.view(operator, own(operator, value, Shape.map(maps * rows, columns, channels)));
        MapNode source = view.map();
        Strides dense = Strides.dense(rows, source.blocks);
        Assembly assembly = tensors.assembly(operator, source.bytes());
        for (int map = 0; map < maps; map++) {
            Strides there = new Strides((long) map * columns * dense.row(), dense.column(), dense.block(), dense.row());
            assembly.add(source, map * rows, rows, 0, columns, there);
        }
        MapNode target =
                assembly.map(source.name + "/transposed", rows, source.blocks, dense, Strides.allRows(maps * columns));
        return TensorValue.of(
                Channels.of(target, view.byteOf()), Shape.map(maps * columns, rows, channels), value.type());
    }

    /** [rows][columns][channels] to [rows][channels][columns]: bytes are gathered by the load. */
    private TensorValue columnsAndChannels(Operator operator, TensorValue value, int rows, int columns, int channels) {
        if (channels > state.capabilities.lineBytes() || columns > MOST_KERNEL_ROWS) {
            throw CompileException.layer(
                    operator.name(),
                    "it makes %d channels columns and %d columns channels, at most %d and %d are possible; "
                            + "transpose smaller parts.",
                    channels,
                    columns,
                    state.capabilities.lineBytes(),
                    MOST_KERNEL_ROWS);
        }
        MemoryArea area;
        long pitch;
        if (value.isInput()) {
            area = value.inputArea();
            pitch = channels;
        } else {
            MapNode source = tensors.materialise(operator, own(operator, value, Shape.map(rows, columns, channels)));
            pitch = 8L * source.blocks;
            Assembly assembly = tensors.assembly(operator, source.bytes());
            assembly.add(source, new Strides(0, columns * pitch, 8, pitch));
            area = assembly.area();
        }
        boolean flip = value.isInput() && value.type() == TensorType.UINT8;
        MapNode target = new MapNode(
                operator.name() + "/transposed",
                rows,
                channels,
                (columns + 7) / 8,
                new MapNode.Bytes(area, columns * pitch, pitch, columns, 1, flip));
        return TensorValue.of(target, Shape.map(rows, channels, columns), value.type());
    }

    private TensorValue own(Operator operator, TensorValue value, Shape shape) {
        return value.shape().sameMap(shape) ? value : tensors.reshaped(operator, value, shape);
    }
}
