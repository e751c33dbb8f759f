// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.weights;

import io.windhover.runtime.compiler.channels.ChannelView;
import java.util.Arrays;

/**
 * Filters over a map whose channels lie in any order, for outputs in any order: the order folds into where the weights
 * go.
 *
 * @param byteOf byte of every channel in an input pixel
 * @param channels channel in every byte of an input pixel, -1 where there is none
 * @param outputs output in every byte of an output pixel, -1 where there is none; a multiple of 8 long
 * @param low first input block of each group of the convolution
 * @param high one past the last
 */
public record ArrangedFilters(Filters filters, int[] byteOf, int[] channels, int[] outputs, int[] low, int[] high) {
    public static ArrangedFilters of(Filters filters, ChannelView input, int[] outputs) {
        int[] low = new int[filters.groups()];
        int[] high = new int[filters.groups()];
        Arrays.fill(low, Integer.MAX_VALUE);
        for (int c = 0; c < filters.channels(); c++) {
            int group = c / filters.perGroup();
            int block = input.byteOf()[c] / 8;
            low[group] = Math.min(low[group], block);
            high[group] = Math.max(high[group], block + 1);
        }
        return new ArrangedFilters(filters, input.byteOf(), input.channelOfByte(), outputs, low, high);
    }

    /** Outputs in their order, filled up to whole blocks. */
    public static int[] inOrder(int outputs) {
        int[] order = new int[(outputs + 7) / 8 * 8];
        Arrays.setAll(order, o -> o < outputs ? o : -1);
        return order;
    }

    public int groups() {
        return outputs.length / 8;
    }

    public int blocks() {
        return channels.length / 8;
    }

    /** First input block that the eight outputs of a group of lanes read. */
    int firstBlock(int group) {
        int first = blocks();
        for (int lane = group * 8; lane < group * 8 + 8; lane++) {
            first = outputs[lane] < 0 ? first : Math.min(first, low[filters.groupOf(outputs[lane])]);
        }
        return first == blocks() ? 0 : first;
    }

    int endBlock(int group) {
        int end = 1;
        for (int lane = group * 8; lane < group * 8 + 8; lane++) {
            end = outputs[lane] < 0 ? end : Math.max(end, high[filters.groupOf(outputs[lane])]);
        }
        return end;
    }

    /** Blocks read for all groups of lanes together: what the convolution costs. */
    public int blocksRead() {
        int sum = 0;
        for (int group = 0; group < groups(); group++) {
            sum += endBlock(group) - firstBlock(group);
        }
        return sum;
    }

    /** True when the taps of each depthwise channel of these groups of lanes have one weight. */
    public boolean sameAtEveryTap(int from, int to) {
        for (int o = from * 8; o < to * 8; o++) {
            for (int ky = 0; ky < filters.kernelHeight(); ky++) {
                for (int kx = 0; kx < filters.kernelWidth(); kx++) {
                    if (at(o, ky, kx, o) != at(o, 0, 0, o)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /**
     * Weight from byte {@code i} of an input pixel to byte {@code o} of an output pixel; 0 where either is no channel
     * or of another group.
     */
    public int at(int o, int ky, int kx, int i) {
        int output = outputs[o];
        int channel = channels[i];
        if (output < 0 || channel < 0) {
            return 0;
        }
        int inGroup = channel - filters.firstChannel(output);
        return inGroup < 0 || inGroup >= filters.perGroup() ? 0 : filters.value(output, ky, kx, inGroup);
    }
}
