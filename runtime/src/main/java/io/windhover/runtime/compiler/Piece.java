package io.windhover.runtime.compiler;

/**
 * Groups of output channels that one command can compute together.
 *
 * @param inBlock       first input block, relative to the stage's input
 * @param channelBlocks input blocks reduced over (depthwise: 1)
 * @param firstGroup    number of its first group within the stage
 * @param groups        groups of output channels
 * @param groupWords    weight-memory words of one group
 * @param offset        byte offset of its weights in the constants
 */
record Piece(int inBlock, int channelBlocks, int firstGroup, int groups, int groupWords, int offset) {
    int words() {
        return groups * groupWords;
    }
}
