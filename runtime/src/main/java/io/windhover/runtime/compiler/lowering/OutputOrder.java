// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.channels.GroupedReader;
import io.windhover.runtime.compiler.weights.ArrangedFilters;
import io.windhover.runtime.compiler.weights.Filters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * In which order a convolution's outputs are made, when a grouped convolution that reads them wants another than their
 * own.
 */
public final class OutputOrder {
    private OutputOrder() {}

    /**
     * The output in every byte, -1 where there is none: the cheapest of their own order, the reader's groups, and runs
     * of either's groups.
     */
    public static int[] cheapest(Filters filters, ChannelView input, GroupedReader reader, long pixels) {
        int[] own = ArrangedFilters.inOrder(filters.outputs());
        int[] best = own;
        long least = cost(filters, input, reader, pixels, own);
        for (boolean apart : new boolean[] {false, true}) {
            int[] order = order(filters, reader, apart);
            long cost = cost(filters, input, reader, pixels, order);
            boolean sparse = ChannelView.isSparse(order.length / 8, filters.outputs());
            if (!sparse && cost < least) {
                best = order;
                least = cost;
            }
        }
        return best;
    }

    private static long cost(Filters filters, ChannelView input, GroupedReader reader, long pixels, int[] outputs) {
        long taps = (long) filters.kernelHeight() * filters.kernelWidth();
        return ArrangedFilters.of(filters, input, outputs).blocksRead() * taps * pixels + reader.cost(outputs);
    }

    /**
     * By the reader's groups, then by the convolution's own; every group (every run of both when {@code apart}) starts
     * a block.
     */
    private static int[] order(Filters filters, GroupedReader reader, boolean apart) {
        Comparator<Integer> byReader = Comparator.comparingInt(o -> reader.group()[o]);
        List<Integer> sorted = IntStream.range(0, filters.outputs())
                .boxed()
                .sorted(byReader.thenComparingInt(filters::groupOf))
                .toList();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            int output = sorted.get(i);
            int before = i == 0 ? output : sorted.get(i - 1);
            boolean starts = reader.group()[output] != reader.group()[before]
                    || (apart && filters.groupOf(output) != filters.groupOf(before));
            while (starts && order.size() % 8 != 0) {
                order.add(-1);
            }
            order.add(output);
        }
        int[] outputs = new int[(order.size() + 7) / 8 * 8];
        Arrays.setAll(outputs, place -> place < order.size() ? order.get(place) : -1);
        return outputs;
    }
}
