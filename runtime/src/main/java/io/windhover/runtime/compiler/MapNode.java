package io.windhover.runtime.compiler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A map of 8-byte words, [height][blocks][width], made by stages or loaded from memory. A part of a concatenation is a view of its parent. */
final class MapNode {
    /** Where a map that no stage makes comes from. */
    sealed interface Source permits Direct, Patch, Constant {}

    /** Rows of packed bytes of which each pixel is a multiple of 8 bytes, or the only one. */
    record Direct(int input, int pixelBytes) implements Source {}

    /** Packed rows of an input unpacked by LOAD_PATCH. */
    record Patch(int input, Geometry geometry, int sourceRows, int sourceColumns, int channels, int padValue, boolean flip)
            implements Source {}

    /** A map in the constant blob. */
    record Constant(int offset) implements Source {}

    /** A dense copy [height][blocks][width][8] in memory. */
    record Home(int region, int offset) {}

    final String name;
    final int height;
    final int width;
    final int blocks;
    final @Nullable Source source;
    final List<Stage> producers = new ArrayList<>();
    final List<Stage> consumers = new ArrayList<>();
    private @Nullable MapNode parent;
    private int parentBlock;
    /** Where output and dumped maps are stored; null when nobody outside asks for it. */
    @Nullable Home home;
    /** Where a map waits between segments when it does not stay on chip. */
    @Nullable Home spill;

    MapNode(String name, int height, int width, int blocks, @Nullable Source source) {
        this.name = name;
        this.height = height;
        this.width = width;
        this.blocks = blocks;
        this.source = source;
    }

    void within(MapNode newParent, int block) {
        parent = newParent;
        parentBlock = block;
    }

    boolean isView() {
        return parent != null;
    }

    MapNode root() {
        return parent == null ? this : parent.root();
    }

    /** Channel block of the root at which this map starts. */
    int rootBlock() {
        return parent == null ? 0 : parentBlock + parent.rootBlock();
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

    /** Words in every bank that {@code ring} groups of four rows take. */
    int words(int ring) {
        return ring * blocks * quads();
    }

    int wholeRing() {
        return (height + 3) / 4;
    }
}
