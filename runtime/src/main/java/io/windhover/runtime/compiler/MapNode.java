// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map of 8-byte words, [height][blocks][width], made by stages or loaded from memory. A part of a concatenation is a
 * member of its parent, which may itself be a member of another; any range of blocks can be read as a view.
 */
final class MapNode {
    /** Where a map that no stage makes comes from. */
    sealed interface Source permits Direct, Patch, Bytes, Constant, Assembled {
        /** The area it is loaded from; null for constants. */
        @Nullable
        MemoryArea area();
    }

    /** Rows of packed bytes of which each pixel is a multiple of 8 bytes, or the only one. */
    record Direct(MemoryArea area, int pixelBytes) implements Source {}

    /** Packed rows of pixels unpacked by LOAD_PATCH. */
    record Patch(
            MemoryArea area, Geometry geometry, int sourceRows, int sourceColumns, int channels, int padValue, boolean flip)
            implements Source {}

    /**
     * Bytes gathered by LOAD_PATCH: channel k * channels + i of pixel (y, x) is byte {@code y * rowPitch + k *
     * kernelPitch + x * strideX * channels + i}, for k below {@code kernelRows}. In a map of one column {@code tail}
     * more bytes may follow as the last channels.
     */
    record Bytes(
            MemoryArea area,
            long rowPitch,
            long kernelPitch,
            int kernelRows,
            int channels,
            int tail,
            int strideX,
            boolean flip)
            implements Source {
        Bytes(MemoryArea area, long rowPitch, long kernelPitch, int kernelRows, int channels, boolean flip) {
            this(area, rowPitch, kernelPitch, kernelRows, channels, 0, 1, flip);
        }

        /** Source columns that so many pixels span. */
        int sourceColumns(int pixels) {
            return (pixels - 1) * strideX + 1;
        }
    }

    /** A map in the constant blob. */
    record Constant(int offset) implements Source {
        @Override
        public @Nullable MemoryArea area() {
            return null;
        }
    }

    /** What stages stored in an area: row y of the map is row {@code rows[y]} there. */
    record Assembled(MemoryArea area, Strides strides, int[] rows) implements Source {}

    /** Rows, blocks and columns of this map that are stored in an area. */
    record Copy(
            MemoryArea area,
            int firstRow,
            int rows,
            int firstBlock,
            int blocks,
            int firstColumn,
            int columns,
            Strides strides) {}

    final String name;
    final int height;
    final int width;
    final int blocks;
    final @Nullable Source source;
    final List<Stage> producers = new ArrayList<>();
    final List<Stage> consumers = new ArrayList<>();
    final List<Copy> copies = new ArrayList<>();
    private final List<MapNode> members = new ArrayList<>();
    private final Map<Long, MapNode> views = new HashMap<>();
    private @Nullable MapNode parent;
    private int parentBlock;
    MapNode(String name, int height, int width, int blocks, @Nullable Source source) {
        this.name = name;
        this.height = height;
        this.width = width;
        this.blocks = blocks;
        this.source = source;
    }

    /** Makes this map a part of a larger one, from {@code block} of it on. */
    void within(MapNode newParent, int block) {
        parent = newParent;
        parentBlock = block;
        newParent.members.add(this);
    }

    /** A map to make that becomes these blocks of this one; the map itself when that is all of it. */
    MapNode part(String partName, int first, int count) {
        if (count == blocks) {
            return this;
        }
        MapNode part = new MapNode(partName, height, width, count, null);
        part.within(this, first);
        return part;
    }

    /** Blocks {@code first} to {@code first + count} as a map to read; the map itself when that is all of it. */
    MapNode view(int first, int count) {
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
    boolean isWritten() {
        return source == null && (!producers.isEmpty() || !members.isEmpty());
    }

    /** The map itself and every map it is part of. */
    List<MapNode> lineage() {
        List<MapNode> lineage = new ArrayList<>();
        for (MapNode map = this; map != null; map = map.parent) {
            lineage.add(map);
        }
        return lineage;
    }

    /** True when these rows are stored in this area. */
    boolean isStoredIn(MemoryArea area) {
        return lineage().stream().anyMatch(map -> map.copies.stream().anyMatch(copy -> copy.area == area));
    }

    /** The area that the map is loaded from, or null. */
    @Nullable
    MemoryArea area() {
        return source == null ? null : source.area();
    }

    /** The area that holds just this map as a home would, or null. */
    @Nullable
    MemoryArea homeArea() {
        boolean dense = source instanceof Assembled assembled
                && assembled.strides.equals(Strides.dense(width, blocks))
                && assembled.area.bytes == bytes()
                && java.util.Arrays.equals(assembled.rows, Strides.allRows(height));
        return dense ? area() : null;
    }

    MapNode root() {
        return parent == null ? this : parent.root();
    }

    /** Channel block of the root at which this map starts. */
    int rootBlock() {
        return parent == null ? 0 : parentBlock + parent.rootBlock();
    }

    int endBlock() {
        return rootBlock() + blocks;
    }

    int rowBytes() {
        return blocks * width * 8;
    }

    long bytes() {
        return (long) rowBytes() * height;
    }

    int quads() {
        return (width + 3) / 4;
    }

    /** Words in every bank that the whole map takes. */
    int words() {
        return wholeRing() * blocks * quads();
    }

    int wholeRing() {
        return (height + 3) / 4;
    }
}
