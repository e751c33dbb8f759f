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
import java.util.stream.IntStream;

/**
 * Transposes. One that moves nothing is a reshape; one within the channels of every pixel (a channel shuffle) another
 * order of them; every other exchanges neighbouring dimensions one by one, by way of memory.
 */
final class TransposeLowering {
    /** Elements of a pixel of a network input that are shuffled as channels. */
    private static final int LARGEST_SHUFFLE = 512;

    private final LoweringState state;
    private final TensorMaps tensors;

    TransposeLowering(LoweringState state, TensorMaps tensors) {
        this.state = state;
        this.tensors = tensors;
    }

    void lower(Transpose operator) {
        Shape from = operator.from(state.graph);
        Tensor output = state.tensor(operator.output());
        TensorValue value = state.value(operator, operator.input());
        Permutation own = Permutation.of(from.dimensions(), operator.permutation());
        Permutation permutation = operator.dimensions() == null ? own : own.merged();
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
            value = value.reshaped(merged(from.dimensions(), permutation.movedElements()));
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
    private TensorValue exchanged(Transpose operator, TensorValue value, Permutation permutation) {
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
    private TensorValue exchange(Transpose operator, TensorValue value, int[] dimensions, int position) {
        int before = product(dimensions, 0, position);
        int first = dimensions[position];
        int second = dimensions[position + 1];
        int after = product(dimensions, position + 2, dimensions.length);
        if (after == 1) {
            boolean isApart = operator.dimensions() != null && before > 1 && !fits((first + 7) / 8, second);
            return isApart
                    ? gatheredApart(operator, value, before, first, second)
                    : columnsAndChannels(operator, value, before, first, second);
        }
        return operator.dimensions() == null
                ? rowsAndColumns(operator, value, before, first, second, after)
                : pixels(operator, value, before, first, second, after);
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

    /** The same for rows of any length before and after: all pixels of a block lie one after another in memory. */
    private TensorValue pixels(Operator operator, TensorValue value, int maps, int rows, int columns, int channels) {
        int pixels = maps * rows * columns;
        TensorValue own =
                value.shape().channels() == channels && columns % value.shape().width() == 0
                        ? value
                        : own(operator, value, inRows(pixels, columns, channels));
        ChannelView view = tensors.view(operator, own);
        MapNode source = view.map();
        long plane = 8L * pixels;
        Assembly assembly = tensors.assembly(operator, source.bytes());
        int parts = columns / source.width;
        for (int part = 0; part < maps * (parts == 1 ? 1 : rows); part++) {
            int map = parts == 1 ? part : part / rows;
            int row = parts == 1 ? 0 : part % rows;
            long first = (long) map * columns * rows + row;
            long column = 8L * rows;
            assembly.add(
                    source,
                    part * (parts == 1 ? rows : parts),
                    parts == 1 ? rows : parts,
                    0,
                    source.width,
                    new Strides(8 * first, parts == 1 ? 8 : column * source.width, plane, column));
        }
        return planes(operator, assembly, view.byteOf(), pixels);
    }

    /** Planes of all pixels of a block each, as the operator's output where they are that already. */
    private TensorValue planes(Operator operator, Assembly assembly, int[] byteOf, int pixels) {
        Tensor output = state.tensor(operator.output());
        int channels = byteOf.length;
        long plane = 8L * pixels;
        Shape to = output.shape();
        Shape shape = to.channels() == channels ? to : inRows(pixels, pixels, channels);
        MapNode target = assembly.map(
                operator.name() + "/transposed",
                shape.width(),
                (int) (assembly.area().bytes / plane),
                new Strides(0, 8L * shape.width(), plane, 8),
                Strides.allRows(shape.height()));
        return TensorValue.of(Channels.of(target, byteOf), shape, output.type());
    }

    /** Rows of as many pixels as fit, all of one length that divides {@code columns}. */
    private Shape inRows(int pixels, int columns, int channels) {
        int words = Math.max(1, bankWords() / 8 / ((channels + 7) / 8));
        int width = divisor(columns, Math.min(FieldLimits.COLUMNS, 4 * words));
        return Shape.map(pixels / width, width, channels);
    }

    /** [rows][columns][channels] to [rows][channels][columns]: bytes are gathered by the load. */
    private TensorValue columnsAndChannels(Transpose operator, TensorValue value, int rows, int columns, int channels) {
        int blocks = (columns + 7) / 8;
        if (blocks > FieldLimits.BLOCKS || (rows > 1 && channels > state.capabilities.lineBytes())) {
            throw CompileException.layer(
                    operator.name(),
                    "it makes %d channels columns and %d columns channels, at most %d and %d are possible; "
                            + "transpose smaller parts.",
                    channels,
                    columns,
                    state.capabilities.lineBytes(),
                    FieldLimits.BLOCKS * Contract.BLOCK_CHANNELS);
        }
        int width = rows == 1 ? gatheredWidth(blocks, channels) : channels;
        int part = fits(blocks, width) ? columns : 8 * divisor(blocks, bankWords() / 4 / quads(width));
        return part == columns
                ? gathered(operator, value, rows, columns, channels, width)
                : gatheredInParts(operator, value, rows, columns, channels, part);
    }

    /** Each row of the result in rows of {@code width}, which is all of it unless there is one row. */
    private TensorValue gathered(
            Transpose operator, TensorValue value, int rows, int columns, int channels, int width) {
        Packed packed = packed(operator, value, rows, columns, channels, columns);
        MapNode target = new MapNode(
                operator.name() + "/transposed",
                rows * (channels / width),
                width,
                (columns + 7) / 8,
                packed.bytes(width == channels ? columns * packed.pitch : width, columns));
        return TensorValue.of(target, Shape.map(target.height, width, columns), value.type());
    }

    /** Each row of the result by itself, as rows that fit. */
    private TensorValue gatheredApart(Operator operator, TensorValue value, int rows, int columns, int channels) {
        int blocks = (columns + 7) / 8;
        int width = gatheredWidth(blocks, channels);
        MapNode source = tensors.materialise(operator, own(operator, value, Shape.map(rows * columns, 1, channels)));
        long pitch = 8L * source.blocks;
        long plane = 8L * rows * channels;
        Assembly whole = tensors.assembly(operator, plane * blocks);
        for (int row = 0; row < rows; row++) {
            Assembly packed = tensors.assembly(operator, columns * pitch);
            packed.add(source, row * columns, columns, 0, 1, new Strides(0, pitch, 8, pitch));
            MapNode part = new MapNode(
                    operator.name() + "/part",
                    channels / width,
                    width,
                    blocks,
                    new MapNode.Bytes(packed.area(), width, pitch, columns, 1, false));
            whole.add(part, new Strides(8L * row * channels, 8L * width, plane, 8));
        }
        return planes(operator, whole, IntStream.range(0, columns).toArray(), rows * channels);
    }

    /** Parts of a row's channels in rows of their own, which memory joins. */
    private TensorValue gatheredInParts(
            Transpose operator, TensorValue value, int rows, int columns, int channels, int part) {
        int blocks = (columns + 7) / 8;
        int parts = 8 * blocks / part;
        Packed packed = packed(operator, value, rows, columns, channels, 8 * blocks);
        MapNode pieces = new MapNode(
                operator.name() + "/pieces", rows * parts, channels, part / 8, packed.bytes(part * packed.pitch, part));
        Assembly assembly = tensors.assembly(operator, pieces.bytes());
        assembly.add(pieces, Strides.dense(channels, part / 8));
        MapNode target = assembly.map(
                operator.name() + "/transposed",
                channels,
                blocks,
                Strides.dense(channels, blocks),
                Strides.allRows(rows));
        return TensorValue.of(target, Shape.map(rows, channels, columns), value.type());
    }

    /** Packed elements, and the bytes from one that belongs to a column to that of the next. */
    private record Packed(MemoryArea area, long pitch, boolean flip) {
        MapNode.Bytes bytes(long rowPitch, int columns) {
            return new MapNode.Bytes(area, rowPitch, pitch, columns, 1, flip);
        }
    }

    /** The value's pixels one after another, {@code spacing} of them from row to row. */
    private Packed packed(Transpose operator, TensorValue value, int rows, int columns, int channels, int spacing) {
        if (value.isInput() && spacing == columns) {
            return new Packed(value.inputArea(), channels, value.type() == TensorType.UINT8);
        }
        boolean isFolded = operator.dimensions() != null && spacing == columns;
        boolean inOneRow = (isFolded || rows == 1) && value.shape().channels() == channels;
        Shape shape = isFolded ? inRows(rows * columns, rows * columns, channels) : Shape.map(rows, columns, channels);
        TensorValue own = inOneRow ? value : own(operator, value, shape);
        MapNode source = tensors.materialise(operator, own);
        long pitch = 8L * source.blocks;
        Assembly assembly = tensors.assembly(operator, (long) rows * spacing * pitch);
        assembly.add(source, new Strides(0, (isFolded || inOneRow ? source.width : spacing) * pitch, 8, pitch));
        return new Packed(assembly.area(), pitch, false);
    }

    private int bankWords() {
        return state.capabilities.activationBankWords();
    }

    private static int quads(int width) {
        return (width + 3) / 4;
    }

    /** True when a row can be loaded and copied. */
    private boolean fits(int blocks, int width) {
        return width <= FieldLimits.COLUMNS && 2L * blocks * quads(width) <= bankWords();
    }

    /** The most columns that so many channels can be cut into rows of, all of them where these fit or no cut helps. */
    private int gatheredWidth(int blocks, int channels) {
        if (fits(blocks, channels)) {
            return channels;
        }
        for (int width = Math.min(channels, FieldLimits.COLUMNS); width > 1; width--) {
            if (channels % width == 0 && 4L * blocks * quads(width) <= bankWords()) {
                return width;
            }
        }
        return fits(blocks, 1) ? 1 : channels;
    }

    /** The largest divisor of {@code value} up to {@code most}, at least 1. */
    private static int divisor(int value, int most) {
        int divisor = Math.max(1, Math.min(value, most));
        while (value % divisor != 0) {
            divisor--;
        }
        return divisor;
    }

    private TensorValue own(Operator operator, TensorValue value, Shape shape) {
        return value.shape().sameMap(shape) ? value : tensors.reshaped(operator, value, shape);
    }
}
