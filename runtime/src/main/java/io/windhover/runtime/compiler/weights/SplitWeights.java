// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.weights;

import io.windhover.runtime.compiler.channels.BlockRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Weights that leave 8 bits once their zero point is taken away, as sums of parts that do not: a block of input
 * channels with such weights is read several times, once for each part.
 *
 * @param sources the input block that each block read is
 * @param parts the part of that block's weights it is multiplied by
 */
public record SplitWeights(ArrangedFilters filters, int[] sources, int[] parts) {
    /**
     * Block by block in order, each followed by its copies when the filters are grouped, else all copies at the end.
     */
    public static SplitWeights of(ArrangedFilters filters) {
        int[] needed = needed(filters);
        boolean grouped = filters.filters().groups() > 1;
        List<int[]> read = new ArrayList<>();
        for (int block = 0; block < needed.length; block++) {
            addParts(read, block, 0, grouped ? needed[block] : 1);
        }
        for (int block = 0; !grouped && block < needed.length; block++) {
            addParts(read, block, 1, needed[block]);
        }
        return of(filters, read);
    }

    /** All parts of the blocks of a run only, block by block. */
    public static SplitWeights of(ArrangedFilters filters, BlockRun run, int[] needed) {
        List<int[]> read = new ArrayList<>();
        for (int block = run.first(); block < run.end(); block++) {
            addParts(read, block, 0, needed[block]);
        }
        return of(filters, read);
    }

    private static void addParts(List<int[]> read, int block, int from, int to) {
        for (int part = from; part < to; part++) {
            read.add(new int[] {block, part});
        }
    }

    private static SplitWeights of(ArrangedFilters filters, List<int[]> read) {
        return new SplitWeights(
                filters,
                read.stream().mapToInt(r -> r[0]).toArray(),
                read.stream().mapToInt(r -> r[1]).toArray());
    }

    /** For each input block the number of parts that its weights need. */
    public static int[] needed(ArrangedFilters placed) {
        int[] needed = new int[placed.blocks()];
        Arrays.fill(needed, 1);
        Filters filters = placed.filters();
        for (int o = 0; filters.weightZeroPoint() != 0 && o < filters.outputs(); o++) {
            int first = filters.firstChannel(o);
            for (int ky = 0; ky < filters.kernelHeight(); ky++) {
                for (int kx = 0; kx < filters.kernelWidth(); kx++) {
                    for (int i = 0; i < filters.perGroup(); i++) {
                        int block = placed.byteOf()[first + i] / 8;
                        needed[block] = Math.max(needed[block], partsOf(filters.value(o, ky, kx, i)));
                    }
                }
            }
        }
        return needed;
    }

    private static int partsOf(int weight) {
        int parts = 1;
        for (int rest = weight - narrowed(weight); rest != 0; rest -= narrowed(rest)) {
            parts++;
        }
        return parts;
    }

    private static int narrowed(int weight) {
        return Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, weight));
    }

    private static int part(int weight, int part) {
        int rest = weight;
        for (int i = 0; i < part; i++) {
            rest -= narrowed(rest);
        }
        return narrowed(rest);
    }

    /** True when every block is read once, as it is. */
    public boolean isWhole() {
        return Arrays.stream(parts).allMatch(part -> part == 0);
    }

    public int blocks() {
        return sources.length;
    }

    /** Where the first copy of an input block is; after the last one, the number of blocks read. */
    public int position(int block) {
        int position = 0;
        while (position < sources.length && sources[position] < block) {
            position++;
        }
        return position;
    }

    /** First block that the eight outputs of a group of lanes read. */
    public int firstBlock(int group) {
        return position(filters.firstBlock(group));
    }

    public int endBlock(int group) {
        return filters.filters().groups() == 1 ? sources.length : position(filters.endBlock(group));
    }

    /** Weight from byte {@code i} of what is read to byte {@code o} of an output pixel. */
    public int at(int o, int ky, int kx, int i) {
        return part(filters.at(o, ky, kx, sources[i / 8] * 8 + i % 8), parts[i / 8]);
    }
}
