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
    private final LoweringState state;
    private final Int8StageBuilder int8;
    private final BlockCopies copies;

    public Arranger(LoweringState state, Int8StageBuilder int8, BlockCopies copies) {
        this.state = state;
        this.int8 = int8;
        this.copies = copies;
    }

    /** The channels of a value of this type in one map, in any order. */
    ChannelView view(Operator operator, Channels channels, TensorType type) {
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
        int[] byteOf = new int[channels.count()];
        Arrays.setAll(byteOf, c -> channels.rootByte(c) - 8 * first);
        return new ChannelView(root.view(first, used.length() - first), byteOf);
    }

    private static BitSet used(Channels channels, MapNode root) {
        BitSet used = new BitSet();
        for (int c = 0; c < channels.count(); c++) {
            if (channels.maps().get(c).root() == root) {
                used.set(channels.rootByte(c) / 8);
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
        state.add(assembly.area());
        return assembly;
    }

    MapNode copy(Operator operator, MapNode map) {
        return copies.copy(operator, map);
    }

    /** A map that holds the value's channels in order and nothing else. */
    MapNode inOrder(Operator operator, ChannelView view, TensorType type) {
        int channels = view.byteOf().length;
        if (view.isInOrder()) {
            return view.map().view(0, TensorLocation.blocks(type, channels));
        }
        if (keepsBlocks(view)) {
            int[] sources = new int[(channels + 7) / 8];
            Arrays.setAll(sources, block -> view.byteOf()[block * 8] / 8);
            return copies.join(operator, view.map(), sources);
        }
        return picked(operator, view, ArrangedFilters.inOrder(channels));
    }

    /** A map in which every {@code size} channels start a block of 8 of their own. */
    MapNode spaced(Operator operator, ChannelView view, int size) {
        int channels = view.byteOf().length;
        if (size % 8 == 0) {
            return inOrder(operator, view, TensorType.INT8);
        }
        int blocks = (size + 7) / 8;
        int[] outputs = new int[channels / size * blocks * 8];
        Arrays.setAll(outputs, o -> o % (blocks * 8) < size ? o / (blocks * 8) * size + o % (blocks * 8) : -1);
        return picked(operator, view, outputs);
    }

    /** True when every block of the ordered map is a block of this one. */
    private static boolean keepsBlocks(ChannelView view) {
        int[] byteOf = view.byteOf();
        for (int c = 0; c < byteOf.length; c++) {
            if (byteOf[c] - byteOf[c / 8 * 8] != c % 8 || byteOf[c] % 8 != c % 8) {
                return false;
            }
        }
        return true;
    }

    /**
     * A dense layer of ones; one command for all outputs unless each block of them needs only a small part of the
     * inputs.
     */
    private MapNode picked(Operator operator, ChannelView view, int[] outputs) {
        int channels = view.byteOf().length;
        MapNode target =
                new MapNode(view.map().name + "/packed", view.map().height, view.map().width, outputs.length / 8, null);
        Filters each = Filters.eachChannel(channels, 1, 1, 1);
        boolean narrow = 2 * ArrangedFilters.of(each, view, outputs).blocksRead() < target.blocks * view.map().blocks;
        Filters filters = narrow ? each : new Filters(channels, channels, 1, 1, 1, (o, ky, kx, i) -> o == i ? 1 : 0, 0);
        int8.dense(
                ConvolutionSpec.ofCodes(
                        operator, state.offset(operator.output()), filters, Geometry.POINT, ConvolutionSpec.ONE),
                view,
                outputs,
                target);
        return target;
    }
}
