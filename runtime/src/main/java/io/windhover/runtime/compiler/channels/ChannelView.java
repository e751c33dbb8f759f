// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.channels;

import io.windhover.runtime.compiler.stage.MapNode;
import java.util.Arrays;

/**
 * A value in one map: its channel c is byte {@code byteOf[c]} of a pixel. Unassigned bytes are undefined; readers
 * weight them 0 or hand them on.
 */
public record ChannelView(MapNode map, int[] byteOf) {
    /** A map whose channels are in order. */
    public static ChannelView plain(MapNode map, int channels) {
        return new ChannelView(map, Channels.of(map, channels).byteOf());
    }

    public boolean isInOrder() {
        for (int c = 0; c < byteOf.length; c++) {
            if (byteOf[c] != c) {
                return false;
            }
        }
        return true;
    }

    /** True when more than a quarter of its blocks would go if the channels were packed. */
    public boolean isSparse() {
        return isSparse(map.blocks, byteOf.length);
    }

    public static boolean isSparse(int blocks, int channels) {
        return 4 * (blocks - (channels + 7) / 8) > blocks;
    }

    /** The channel in every byte, -1 where there is none. */
    public int[] channelOfByte() {
        int[] channels = new int[map.blocks * 8];
        Arrays.fill(channels, -1);
        for (int c = 0; c < byteOf.length; c++) {
            channels[byteOf[c]] = c;
        }
        return channels;
    }
}
