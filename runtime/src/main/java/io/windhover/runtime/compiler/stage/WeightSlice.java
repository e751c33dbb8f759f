// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.stage;

/**
 * Groups of output channels that one command can compute together.
 *
 * @param inBlock first input block, relative to the stage's input
 * @param channelBlocks input blocks reduced over (depthwise: 1)
 * @param firstGroup number of its first group within the stage
 * @param groups groups of output channels
 * @param groupWords weight-memory words of one group
 * @param offset byte offset of its weights in the constants
 * @param accumulate continues the sums that the piece before it kept
 * @param keep leaves its sums for the piece after it
 */
public record WeightSlice(
        int inBlock,
        int channelBlocks,
        int firstGroup,
        int groups,
        int groupWords,
        int offset,
        boolean accumulate,
        boolean keep) {
    public static WeightSlice whole(
            int inBlock, int channelBlocks, int firstGroup, int groups, int groupWords, int offset) {
        return new WeightSlice(inBlock, channelBlocks, firstGroup, groups, groupWords, offset, false, false);
    }

    /** True for one of several pieces that add up to the same outputs. */
    public boolean isPartial() {
        return accumulate || keep;
    }

    public int words() {
        return groups * groupWords;
    }
}
