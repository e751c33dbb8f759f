// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.channels;

import io.windhover.runtime.compiler.stage.MapNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Where the channels of a value lie on chip: channel c is byte {@code byteOf[c]} of a pixel of {@code maps[c]}. Channel
 * slices, shuffles and concatenations only make new lists of these; a reader of the value asks for one map that holds
 * all of them.
 */
public record Channels(List<MapNode> maps, int[] byteOf) {
    public Channels {
        if (maps.size() != byteOf.length) {
            throw new IllegalArgumentException(maps.size() + " maps for " + byteOf.length + " channels");
        }
    }

    /** A map's first {@code count} channels. */
    public static Channels of(MapNode map, int count) {
        return of(map, inOrder(count));
    }

    public static int[] inOrder(int count) {
        return IntStream.range(0, count).toArray();
    }

    public static Channels of(MapNode map, int[] byteOf) {
        return new Channels(Collections.nCopies(byteOf.length, map), byteOf);
    }

    public int count() {
        return byteOf.length;
    }

    /** Channel c of the result is this one's channel {@code order[c]}. */
    public Channels select(int[] order) {
        List<MapNode> chosen = new ArrayList<>();
        int[] chosenPlaces = new int[order.length];
        for (int c = 0; c < order.length; c++) {
            chosen.add(maps.get(order[c]));
            chosenPlaces[c] = byteOf[order[c]];
        }
        return new Channels(chosen, chosenPlaces);
    }

    public static Channels joined(List<Channels> parts) {
        List<MapNode> maps = new ArrayList<>();
        parts.forEach(part -> maps.addAll(part.maps));
        return new Channels(
                maps,
                parts.stream().flatMapToInt(part -> Arrays.stream(part.byteOf)).toArray());
    }

    /**
     * The same channels where those in blocks {@code first} to {@code end} of {@code root} lie in a copy of these
     * blocks.
     */
    public Channels moved(MapNode root, int first, int end, MapNode copy) {
        List<MapNode> moved = new ArrayList<>(maps);
        int[] movedPlaces = byteOf.clone();
        for (int c = 0; c < count(); c++) {
            int block = rootByte(c) / 8;
            if (maps.get(c).root() == root && block >= first && block < end) {
                moved.set(c, copy);
                movedPlaces[c] = rootByte(c) - 8 * first;
            }
        }
        return new Channels(moved, movedPlaces);
    }

    /** The root maps that hold them, in order of first use. */
    public Set<MapNode> roots() {
        Set<MapNode> roots = new LinkedHashSet<>();
        maps.forEach(map -> roots.add(map.root()));
        return roots;
    }

    /** Byte of channel c in a pixel of its root map. */
    public int rootByte(int c) {
        return maps.get(c).rootBlock() * 8 + byteOf[c];
    }

    /** True when no two channels are the same byte. */
    public boolean areDistinct() {
        Map<MapNode, BitSet> seen = new HashMap<>();
        for (int c = 0; c < count(); c++) {
            BitSet bytes = seen.computeIfAbsent(maps.get(c).root(), key -> new BitSet());
            if (bytes.get(rootByte(c))) {
                return false;
            }
            bytes.set(rootByte(c));
        }
        return true;
    }
}
