// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import io.windhover.contract.Contract;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.channels.Channels;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.TensorLocation;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.MemoryArea;
import io.windhover.runtime.compiler.stage.Strides;
import java.util.Objects;

/**
 * Maps of another height, width or number of channels that hold the same elements in the same order, by way of memory.
 */
public final class Reshaper {
    /** Bytes that one row of a patch can name, in whole blocks. */
    private static final int SEGMENT = Contract.PATCH_SEGMENT_BYTES / Contract.BLOCK_CHANNELS * Contract.BLOCK_CHANNELS;

    /** Bytes of a pixel made of several, about. */
    private static final int MERGED_BYTES = 1024;

    private final LoweringState state;
    private final Arranger arranger;

    public Reshaper(LoweringState state, Arranger arranger) {
        this.state = state;
        this.arranger = arranger;
    }

    TensorValue reshaped(Operator operator, TensorValue value, Shape to) {
        if (value.isInput()) {
            return value.reshaped(to);
        }
        if (value.shape().channels() == to.channels()) {
            return pixels(operator, value, to);
        }
        MemoryArea packed = packed(operator, value);
        return TensorValue.of(unpacked(operator, packed, to, value.type(), false), to, value.type());
    }

    /** A network input as a map. */
    MapNode loaded(Operator operator, TensorValue value) {
        return unpacked(operator, value.inputArea(), value.shape(), value.type(), value.type() == TensorType.UINT8);
    }

    /** A line of {@code count} pixels whose pixel y has as channels {@code bytes} of the value's, from y * pitch on. */
    MapNode windows(Operator operator, TensorValue value, int count, int bytes, int pitch) {
        MemoryArea area = value.isInput() ? value.inputArea() : packed(operator, value);
        int segment = Math.min(bytes, SEGMENT);
        boolean flip = value.isInput() && value.type() == TensorType.UINT8;
        return new MapNode(
                operator.name() + "/windows",
                count,
                1,
                (bytes + 7) / 8,
                new MapNode.Bytes(area, pitch, segment, bytes / segment, segment, bytes % segment, 1, flip));
    }

    private ChannelView view(Operator operator, TensorValue value) {
        return arranger.view(operator, Objects.requireNonNull(value.channels()), value.type());
    }

    /** The same pixels in rows of another length: all of a block lie side by side in memory. */
    private TensorValue pixels(Operator operator, TensorValue value, Shape to) {
        ChannelView view = view(operator, value);
        MapNode map = view.map();
        long plane = 8L * map.height * map.width;
        Assembly assembly = arranger.assembly(operator, plane * map.blocks);
        assembly.add(map, new Strides(0, 8L * map.width, plane, 8));
        MapNode reshaped = assembly.map(
                map.name + "/reshaped",
                to.width(),
                map.blocks,
                new Strides(0, 8L * to.width(), plane, 8),
                Strides.allRows(to.height()));
        return TensorValue.of(Channels.of(reshaped, view.byteOf()), to, value.type());
    }

    /** The value's elements one after another in memory. */
    private MemoryArea packed(Operator operator, TensorValue value) {
        int pixelBytes = TensorLocation.pixelBytes(value.type(), value.shape().channels());
        TensorValue narrow = narrowed(operator, value, pixelBytes);
        return packed(operator, arranger.inOrder(operator, view(operator, narrow), value.type()), pixelBytes);
    }

    /** The same pixels in shorter rows where a row's bytes cannot be brought apart in one. */
    private TensorValue narrowed(Operator operator, TensorValue value, int pixelBytes) {
        int segments = divisor(pixelBytes, Contract.PATCH_SEGMENT_BYTES);
        if (pixelBytes % 8 == 0 || segments == 1 || segments > pixelBytes) {
            return value;
        }
        int blocks = (pixelBytes + 7) / 8 + segments * ((pixelBytes / segments + 7) / 8);
        int words = state.capabilities.activationBankWords();
        int width = value.shape().width();
        if ((width + 3) / 4 * blocks <= words) {
            return value;
        }
        int pixels = value.shape().height() * width;
        int columns = Math.max(1, words / 2 / blocks * 4);
        while (pixels % columns != 0) {
            columns--;
        }
        return pixels(
                operator,
                value,
                Shape.map(pixels / columns, columns, value.shape().channels()));
    }

    /** The map's elements one after another in memory. */
    private MemoryArea packed(Operator operator, MapNode map, int pixelBytes) {
        int segments = divisor(pixelBytes, Contract.PATCH_SEGMENT_BYTES);
        if (pixelBytes % 8 == 0 || map.height * map.width == 1) {
            return apart(operator, map).area();
        }
        if (segments > pixelBytes) {
            throw CompileException.layer(
                    operator.name(),
                    "a reshape takes apart pixels of %d bytes, which has no part of at most %d bytes; "
                            + "use another number of channels.",
                    pixelBytes,
                    Contract.PATCH_SEGMENT_BYTES);
        }
        int bytes = pixelBytes / segments;
        int count = map.height * map.width * segments;
        MapNode spaced = segments == 1 ? map : arranger.spaced(operator, ChannelView.plain(map, pixelBytes), bytes);
        long pitch = 8L * spaced.blocks / segments;
        int merged = 8 * Math.max(1, MERGED_BYTES / (8 * bytes));
        int rows = (count + merged - 1) / merged;
        Assembly apart = arranger.assembly(operator, pitch * rows * merged);
        apart.add(spaced, pixelwise(spaced));
        MapNode wide = new MapNode(
                map.name + "/merged",
                rows,
                1,
                merged * bytes / 8,
                new MapNode.Bytes(apart.area(), merged * pitch, pitch, merged, bytes, false));
        return apart(operator, wide).area();
    }

    private Assembly apart(Operator operator, MapNode map) {
        Assembly assembly = arranger.assembly(operator, map.bytes());
        assembly.add(map, pixelwise(map));
        return assembly;
    }

    /** Pixel after pixel, all blocks of each together. */
    private static Strides pixelwise(MapNode map) {
        long pitch = 8L * map.blocks;
        return new Strides(0, map.width * pitch, 8, pitch);
    }

    /** A map out of bytes that lie one after another. */
    private MapNode unpacked(Operator operator, MemoryArea area, Shape shape, TensorType type, boolean flip) {
        int bytes = TensorLocation.pixelBytes(type, shape.channels());
        int height = shape.height();
        int width = shape.width();
        int blocks = TensorLocation.blocks(type, shape.channels());
        boolean fits = (long) width * bytes <= state.capabilities.lineBytes();
        if (!flip && (height * width == 1 || (bytes % 8 == 0 && (!fits || bytes > Contract.PATCH_SEGMENT_BYTES)))) {
            return new MapNode("input", height, width, blocks, new MapNode.Direct(area, bytes));
        }
        if (fits && bytes <= Contract.PATCH_SEGMENT_BYTES) {
            return new MapNode(
                    "input",
                    height,
                    width,
                    blocks,
                    new MapNode.Patch(area, Geometry.POINT, height, width, bytes, 0, flip));
        }
        int segments = divisor(bytes, Contract.PATCH_SEGMENT_BYTES);
        if (fits && segments <= Contract.PATCH_SEGMENT_BYTES) {
            return new MapNode(
                    "input",
                    height,
                    width,
                    blocks,
                    new MapNode.Bytes(
                            area,
                            (long) width * bytes,
                            bytes / segments,
                            segments,
                            bytes / segments,
                            0,
                            segments,
                            flip));
        }
        if (width == 1) {
            return new MapNode(
                    "input",
                    height,
                    1,
                    blocks,
                    new MapNode.Bytes(area, bytes, SEGMENT, bytes / SEGMENT, SEGMENT, bytes % SEGMENT, 1, flip));
        }
        int parts = segments > Contract.PATCH_SEGMENT_BYTES
                ? width
                : divisor(width, state.capabilities.lineBytes() / bytes);
        if (parts > width) {
            throw CompileException.layer(
                    operator.name(),
                    "rows of %s cannot be unpacked %d bytes at a time; use a narrower map or %s.",
                    shape,
                    state.capabilities.lineBytes(),
                    flip ? "INT8" : "one whose channels are a multiple of 8");
        }
        Shape narrow = Shape.map(height * parts, width / parts, shape.channels());
        TensorValue rows = TensorValue.of(unpacked(operator, area, narrow, type, flip), narrow, type);
        return view(operator, pixels(operator, rows, shape)).map();
    }

    /**
     * The smallest divisor of {@code value} that leaves at most {@code most}; more than {@code value} when there is
     * none.
     */
    private static int divisor(int value, int most) {
        int divisor = 1;
        while (divisor <= value && (value % divisor != 0 || value / divisor > most)) {
            divisor++;
        }
        return divisor;
    }
}
