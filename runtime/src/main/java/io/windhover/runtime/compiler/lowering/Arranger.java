// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import io.windhover.models.graph.Operator;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.channels.Channels;
import io.windhover.runtime.compiler.program.TensorLocation;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.weights.ArrangedFilters;
import io.windhover.runtime.compiler.weights.ConvolutionSpec;
import io.windhover.runtime.compiler.weights.Filters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Brings the channels of a value into one map: as a view of the map they lie in, by making the maps they lie in parts
 * of one, and only where neither will do by copies of blocks or, where channels change places within a block, by a
 * dense layer of ones.
 */
public final class Arranger {
    private final LoweringState lowering;
    private final Int8StageBuilder placer;
    private final BlockCopies copies;

    public Arranger(LoweringState lowering, Int8StageBuilder placer, BlockCopies copies) {
        this.lowering = lowering;
        this.placer = placer;
        this.copies = copies;
    }

    /** The channels of a value of this type in one map, in any order. */
    ChannelView laid(Operator operator, Channels channels, TensorType type) {
        return view(together(operator, channels, type), type);
    }

    /** The same channels, so that {@link #view} finds them in one map. */
    Channels together(Operator operator, Channels channels, TensorType type) {
        return type.isByte() ? together(operator, channels) : channels;
    }

    /** The blocks that the channels of {@link #together} span. */
    static ChannelView view(Channels channels, TensorType type) {
        return type.isByte()
                ? view(channels)
                : ChannelView.plain(channels.maps().get(0), channels.count());
    }

    /** The same channels, all of one root map and not much farther apart than they need to be. */
    private Channels together(Operator operator, Channels channels) {
        List<MapNode> roots = List.copyOf(channels.roots());
        if (roots.size() > 1) {
            return joined(operator, channels, roots);
        }
        BitSet used = used(channels, roots.get(0));
        int span = used.length() - used.nextSetBit(0);
        return 4 * span > 5 * used.cardinality() + 4 ? copied(operator, channels, roots.get(0)) : channels;
    }

    private static ChannelView view(Channels channels) {
        MapNode root = channels.maps().get(0).root();
        BitSet used = used(channels, root);
        int first = used.nextSetBit(0);
        int[] places = new int[channels.count()];
        Arrays.setAll(places, c -> channels.rootPlace(c) - 8 * first);
        return new ChannelView(root.view(first, used.length() - first), places);
    }

    private static BitSet used(Channels channels, MapNode root) {
        BitSet used = new BitSet();
        for (int c = 0; c < channels.count(); c++) {
            if (channels.maps().get(c).root() == root) {
                used.set(channels.rootPlace(c) / 8);
            }
        }
        return used;
    }

    /** Makes the roots parts of one map. Of a root that is loaded, or of which little is used, copies become parts. */
    private Channels joined(Operator operator, Channels channels, List<MapNode> roots) {
        Channels current = channels;
        List<MapNode> parts = new ArrayList<>();
        for (MapNode root : roots) {
            if (root.isWritten() && 4 * used(channels, root).cardinality() >= 3 * root.blocks) {
                parts.add(root);
            } else {
                current = copied(operator, current, root, parts);
            }
        }
        join(operator, parts);
        return current;
    }

    private Channels copied(Operator operator, Channels channels, MapNode root) {
        List<MapNode> parts = new ArrayList<>();
        Channels copies = copied(operator, channels, root, parts);
        join(operator, parts);
        return copies;
    }

    /** Copies every run of the root's blocks that the channels use; the copies are added to {@code parts}. */
    private Channels copied(Operator operator, Channels channels, MapNode root, List<MapNode> parts) {
        Channels current = channels;
        BitSet used = used(channels, root);
        for (int first = used.nextSetBit(0); first >= 0; first = used.nextSetBit(used.nextClearBit(first))) {
            int end = used.nextClearBit(first);
            MapNode copy = copies.copy(operator, root.view(first, end - first));
            parts.add(copy);
            current = current.moved(root, first, end, copy);
        }
        return current;
    }

    private static void join(Operator operator, List<MapNode> parts) {
        MapNode first = parts.get(0);
        MapNode whole = new MapNode(
                operator.name() + "/joined",
                first.height,
                first.width,
                parts.stream().mapToInt(part -> part.blocks).sum(),
                null);
        int block = 0;
        for (MapNode part : parts) {
            part.within(whole, block);
            block += part.blocks;
        }
    }

    /** Memory in which a map is put together on the operator's behalf. */
    Assembly assembly(Operator operator, long bytes) {
        Assembly assembly = new Assembly(copies, operator, bytes);
        lowering.add(assembly.area());
        return assembly;
    }

    MapNode copy(Operator operator, MapNode map) {
        return copies.copy(operator, map);
    }

    /** A map that holds the value's channels in order and nothing else. */
    MapNode inOrder(Operator operator, ChannelView laid, TensorType type) {
        int channels = laid.places().length;
        if (laid.isInOrder()) {
            return laid.map().view(0, TensorLocation.blocks(type, channels));
        }
        if (keepsBlocks(laid)) {
            int[] sources = new int[(channels + 7) / 8];
            Arrays.setAll(sources, block -> laid.places()[block * 8] / 8);
            return copies.join(operator, laid.map(), sources);
        }
        return picked(operator, laid, ArrangedFilters.inOrder(channels));
    }

    /** A map in which every {@code size} channels start a block of 8 of their own. */
    MapNode spaced(Operator operator, ChannelView laid, int size) {
        int channels = laid.places().length;
        if (size % 8 == 0) {
            return inOrder(operator, laid, TensorType.INT8);
        }
        int blocks = (size + 7) / 8;
        int[] outputs = new int[channels / size * blocks * 8];
        Arrays.setAll(outputs, o -> o % (blocks * 8) < size ? o / (blocks * 8) * size + o % (blocks * 8) : -1);
        return picked(operator, laid, outputs);
    }

    /** True when every block of the ordered map is a block of this one. */
    private static boolean keepsBlocks(ChannelView laid) {
        int[] places = laid.places();
        for (int c = 0; c < places.length; c++) {
            if (places[c] - places[c / 8 * 8] != c % 8 || places[c] % 8 != c % 8) {
                return false;
            }
        }
        return true;
    }

    /**
     * A dense layer of ones; one command for all outputs unless each block of them needs only a small part of the
     * inputs.
     */
    private MapNode picked(Operator operator, ChannelView laid, int[] outputs) {
        int channels = laid.places().length;
        MapNode target =
                new MapNode(laid.map().name + "/packed", laid.map().height, laid.map().width, outputs.length / 8, null);
        Filters each = Filters.eachChannel(channels, 1, 1, 1);
        boolean narrow = 2 * ArrangedFilters.of(each, laid, outputs).blocksRead() < target.blocks * laid.map().blocks;
        Filters filters = narrow ? each : new Filters(channels, channels, 1, 1, 1, (o, ky, kx, i) -> o == i ? 1 : 0, 0);
        placer.dense(
                ConvolutionSpec.ofCodes(
                        operator, lowering.offset(operator.output()), filters, Geometry.POINT, ConvolutionSpec.ONE),
                laid,
                outputs,
                target);
        return target;
    }
}
