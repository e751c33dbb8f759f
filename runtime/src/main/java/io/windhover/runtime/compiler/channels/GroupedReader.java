// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.channels;

import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The grouped convolution that alone reads a tensor, past shuffles and operators on single channels.
 *
 * @param groups groups of the convolution
 * @param group the one that reads each channel of the tensor
 * @param blocks blocks of outputs of a group
 * @param pixels pixels that it makes
 * @param inPixels pixels that it reads
 */
public record GroupedReader(int groups, int[] group, int blocks, long pixels, long inPixels) {
    public static @Nullable GroupedReader of(Graph graph, ChannelReaders readers, int tensor) {
        int channels = graph.tensor(tensor).shape().channels();
        int[] at = Channels.inOrder(channels);
        int current = tensor;
        while (true) {
            Operator operator = readers.only(current);
            if (operator == null) {
                return null;
            }
            int[] order = readers.order(operator);
            if (operator instanceof Convolution convolution && convolution.groups() > 1) {
                return graph.tensor(current).shape().channels() == channels ? of(graph, convolution, at) : null;
            }
            if (order != null && order.length == channels) {
                at = moved(at, order);
            } else if (!isPerChannel(operator)) {
                return null;
            }
            current = operator.output();
        }
    }

    /** Where channels are once channel {@code order[c]} has become channel c. */
    private static int[] moved(int[] at, int[] order) {
        int[] to = new int[order.length];
        for (int c = 0; c < order.length; c++) {
            to[order[c]] = c;
        }
        return Arrays.stream(at).map(c -> to[c]).toArray();
    }

    private static GroupedReader of(Graph graph, Convolution convolution, int[] at) {
        Shape in = graph.tensor(convolution.input()).shape();
        Shape out = graph.tensor(convolution.output()).shape();
        int perGroup = in.channels() / convolution.groups();
        int outputs = out.channels() / convolution.groups();
        return new GroupedReader(
                convolution.groups(),
                Arrays.stream(at).map(c -> c / perGroup).toArray(),
                (outputs + 7) / 8,
                (long) out.height()
                        * out.width()
                        * convolution.window().kernelHeight()
                        * convolution.window().kernelWidth(),
                (long) in.height() * in.width());
    }

    private static boolean isPerChannel(Operator operator) {
        return (operator instanceof DepthwiseConvolution depthwise && depthwise.multiplier() == 1)
                || operator instanceof LookupTable
                || operator instanceof MaxPool
                || operator instanceof AveragePool;
    }

    /**
     * Steps of the array, in blocks times pixels, to read a tensor whose bytes hold these channels; with a stage that
     * packs it first where that takes fewer.
     */
    public long cost(int[] outputs) {
        int packed = (group.length + 7) / 8;
        long straight = blocksRead(outputs) * blocks * pixels;
        long ideal = (long) groups * (group.length / groups / 8 + 1) * blocks * pixels;
        return Math.min(straight, ideal + (long) packed * (outputs.length / 8) * inPixels);
    }

    private long blocksRead(int[] outputs) {
        int[] first = new int[groups];
        int[] end = new int[groups];
        Arrays.fill(first, Integer.MAX_VALUE);
        for (int place = 0; place < outputs.length; place++) {
            if (outputs[place] >= 0) {
                int g = group[outputs[place]];
                first[g] = Math.min(first[g], place / 8);
                end[g] = place / 8 + 1;
            }
        }
        long read = 0;
        for (int g = 0; g < groups; g++) {
            read += end[g] - first[g];
        }
        return read;
    }
}
