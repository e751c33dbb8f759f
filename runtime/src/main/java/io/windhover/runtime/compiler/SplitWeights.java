package io.windhover.runtime.compiler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Weights that leave 8 bits once their zero point is taken away, as sums of parts that do not: a block of input channels with such weights
 * is read several times, once for each part.
 *
 * @param sources the input block that each block read is
 * @param parts   the part of that block's weights it is multiplied by
 */
record SplitWeights(int[] sources, int[] parts) {
    /** Block by block in order, each followed by its copies when the filters are grouped, else all copies at the end. */
    static SplitWeights of(Filters filters) {
        int[] needed = needed(filters);
        List<int[]> read = new ArrayList<>();
        for (int block = 0; block < needed.length; block++) {
            for (int part = 0; part < (filters.groups() == 1 ? 1 : needed[block]); part++) {
                read.add(new int[] {block, part});
            }
        }
        for (int block = 0; filters.groups() == 1 && block < needed.length; block++) {
            for (int part = 1; part < needed[block]; part++) {
                read.add(new int[] {block, part});
            }
        }
        return of(read);
    }

    /** All parts of these blocks only, together. */
    static SplitWeights of(List<Integer> blocks, int[] needed) {
        List<int[]> read = new ArrayList<>();
        for (int block : blocks) {
            for (int part = 0; part < needed[block]; part++) {
                read.add(new int[] {block, part});
            }
        }
        return of(read);
    }

    private static SplitWeights of(List<int[]> read) {
        return new SplitWeights(read.stream().mapToInt(r -> r[0]).toArray(), read.stream().mapToInt(r -> r[1]).toArray());
    }

    /** For each block of input channels the number of parts that its weights need. */
    static int[] needed(Filters filters) {
        int[] needed = new int[(filters.channels() + 7) / 8];
        Arrays.fill(needed, 1);
        for (int o = 0; filters.weightZeroPoint() != 0 && o < filters.outputs(); o++) {
            int first = filters.firstChannel(o);
            for (int ky = 0; ky < filters.kernelHeight(); ky++) {
                for (int kx = 0; kx < filters.kernelWidth(); kx++) {
                    for (int i = 0; i < filters.perGroup(); i++) {
                        int block = (first + i) / 8;
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
    boolean isWhole() {
        return Arrays.stream(parts).allMatch(part -> part == 0);
    }

    /** Where the first copy of an input block is; after the last one, the number of blocks read. */
    int position(int block) {
        for (int position = 0; position < sources.length; position++) {
            if (sources[position] >= block) {
                return position;
            }
        }
        return sources.length;
    }

    /** The weights over the channels of the blocks read. */
    WeightPacker.Weights over(Filters filters) {
        return (o, ky, kx, i) -> part(filters.padded(o, ky, kx, sources[i / 8] * 8 + i % 8), parts[i / 8]);
    }
}
