// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.channels;

import io.windhover.models.graph.Operator;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Runs of channel blocks that an operator which keeps channels apart works on one after the other, where the rows it
 * needs of all of them at once would take most of the activation memory.
 *
 * @param first first block
 * @param end one past the last
 * @param all blocks of all runs together
 */
public record BlockRun(int first, int end, int all) {
    public static BlockRun whole(int blocks) {
        return new BlockRun(0, blocks, blocks);
    }

    /** One run where everything fits three quarters of a bank, else runs that fit half of one. */
    public static List<BlockRun> of(List<MapNode> inputs, MapNode output, Geometry geometry, int bankWords) {
        MapNode input = inputs.get(0);
        long rows = Math.min(input.height, (geometry.kernelHeight() - 1L) * geometry.dilationY() + 1);
        long words = (rows + 3) / 4 * inputs.stream().mapToInt(MapNode::quads).sum() + output.quads();
        int most = words * input.blocks <= bankWords * 3L / 4 ? input.blocks : (int) Math.max(1, bankWords / 2 / words);
        int count = (input.blocks + most - 1) / most;
        List<BlockRun> runs = new ArrayList<>();
        for (int run = 0; run < count; run++) {
            runs.add(new BlockRun(input.blocks * run / count, input.blocks * (run + 1) / count, input.blocks));
        }
        return runs;
    }

    /** Cut where blocks differ in a property. */
    public List<BlockRun> split(IntPredicate property) {
        List<BlockRun> runs = new ArrayList<>();
        int from = first;
        for (int block = first + 1; block <= end; block++) {
            if (block == end || property.test(block) != property.test(from)) {
                runs.add(new BlockRun(from, block, all));
                from = block;
            }
        }
        return runs;
    }

    public int blocks() {
        return end - first;
    }

    /** These blocks of a map to read. */
    public MapNode of(MapNode map) {
        return map.view(first, blocks());
    }

    /** A map that becomes these blocks of {@code map}; the map itself when that is all of it. */
    public MapNode partOf(MapNode map, Operator operator) {
        return blocks() == all ? map : map.part(operator.name() + "/blocks", first, blocks());
    }
}
