// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.stage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map of 8-byte words, [height][blocks][width], made by stages or loaded from memory. A part of a concatenation is a
 * member of its parent, which may itself be a member of another; any range of blocks can be read as a view.
 */
public final class MapNode {
    /** Where a map that no stage makes comes from. */
    public sealed interface Source permits Direct, Patch, Bytes, Constant, Assembled {
        /** The area it is loaded from; null for constants. */
        @Nullable
        MemoryArea area();
    }

    /** Rows of packed bytes of which each pixel is a multiple of 8 bytes, or the only one. */
    public record Direct(MemoryArea area, int pixelBytes) implements Source {}

    /** Packed rows of pixels unpacked by LOAD_PATCH. */
    public record Patch(
            MemoryArea area,
            Geometry geometry,
            int sourceRows,
            int sourceColumns,
            int channels,
            int padValue,
            boolean flip)
            implements Source {}

    /**
     * Bytes gathered by LOAD_PATCH: channel k * channels + i of pixel (y, x) is byte {@code y * rowPitch + k *
     * kernelPitch + x * strideX * channels + i}, for k below {@code kernelRows}. In a map of one column {@code tail}
     * more bytes may follow as the last channels.
     */
    public record Bytes(
            MemoryArea area,
            long rowPitch,
            long kernelPitch,
            int kernelRows,
            int channels,
            int tail,
            int strideX,
            boolean flip)
            implements Source {
        public Bytes(MemoryArea area, long rowPitch, long kernelPitch, int kernelRows, int channels, boolean flip) {
            this(area, rowPitch, kernelPitch, kernelRows, channels, 0, 1, flip);
        }

        /** Source columns that so many pixels span. */
        public int sourceColumns(int pixels) {
            return (pixels - 1) * strideX + 1;
        }
    }

    /** A map in the constant blob. */
    public record Constant(int offset) implements Source {
        @Override
        public @Nullable MemoryArea area() {
            return null;
        }
    }

    /** What stages stored in an area: row y of the map is row {@code rows[y]} there. */
    public record Assembled(MemoryArea area, Strides strides, int[] rows) implements Source {}

    /** Rows, blocks and columns of this map that are stored in an area. */
    public record Copy(
            MemoryArea area,
            int firstRow,
            int rows,
            int firstBlock,
            int blocks,
            int firstColumn,
            int columns,
            Strides strides) {}

    public final String name;
    public final int height;
    public final int width;
    public final int blocks;
    public final @Nullable Source source;
    public final List<Stage> producers = new ArrayList<>();
    public final List<Stage> consumers = new ArrayList<>();
    public final List<Copy> copies = new ArrayList<>();
    private final List<MapNode> members = new ArrayList<>();
    private final Map<Long, MapNode> views = new HashMap<>();
    private @Nullable MapNode parent;
    private int parentBlock;

    public MapNode(String name, int height, int width, int blocks, @Nullable Source source) {
        this.name = name;
        this.height = height;
        this.width = width;
        this.blocks = blocks;
        this.source = source;
    }

    /** Makes this map a part of a larger one, from {@code block} of it on. */
    public void within(MapNode newParent, int block) {
        parent = newParent;
        parentBlock = block;
        newParent.members.add(this);
    }

    /** A map to make that becomes these blocks of this one; the map itself when that is all of it. */
    public MapNode part(String partName, int first, int count) {
        if (count == blocks) {
            return this;
        }
        MapNode part = new MapNode(partName, height, width, count, null);
        part.within(this, first);
        return part;
    }

    /** Blocks {@code first} to {@code first + count} as a map to read; the map itself when that is all of it. */
    public MapNode view(int first, int count) {
        return first == 0 && count == blocks
                ? this
                : views.computeIfAbsent((long) first << 32 | count, key -> {
                    MapNode view = new MapNode(name, height, width, count, null);
                    view.parent = this;
                    view.parentBlock = first;
                    return view;
                });
    }

    /** True when stages write all of this map, itself or part by part; false for views and for what is loaded. */
    public boolean isWritten() {
        return source == null && (!producers.isEmpty() || !members.isEmpty());
    }

    /** The map itself and every map it is part of. */
    public List<MapNode> lineage() {
        List<MapNode> lineage = new ArrayList<>();
        for (MapNode map = this; map != null; map = map.parent) {
            lineage.add(map);
        }
        return lineage;
    }

    /** True when these rows are stored in this area. */
    public boolean isStoredIn(MemoryArea area) {
        return lineage().stream().anyMatch(map -> map.copies.stream().anyMatch(copy -> copy.area == area));
    }

    /** The area that the map is loaded from, or null. */
    @Nullable
    public MemoryArea area() {
        return source == null ? null : source.area();
    }

    /** The area that holds just this map in the dense layout, or null. */
    @Nullable
    public MemoryArea denseArea() {
        boolean dense = source instanceof Assembled assembled
                && assembled.strides.equals(Strides.dense(width, blocks))
                && assembled.area.bytes == bytes()
                && java.util.Arrays.equals(assembled.rows, Strides.allRows(height));
        return dense ? area() : null;
    }

    public MapNode root() {
        return parent == null ? this : parent.root();
    }

    /** Channel block of the root at which this map starts. */
    public int rootBlock() {
        return parent == null ? 0 : parentBlock + parent.rootBlock();
    }

    public int endBlock() {
        return rootBlock() + blocks;
    }

    public int rowBytes() {
        return blocks * width * 8;
    }

    public long bytes() {
        return (long) rowBytes() * height;
    }

    public int quads() {
        return (width + 3) / 4;
    }

    /** Words in every bank that the whole map takes. */
    public int words() {
        return wholeRing() * blocks * quads();
    }

    public int wholeRing() {
        return (height + 3) / 4;
    }
}
