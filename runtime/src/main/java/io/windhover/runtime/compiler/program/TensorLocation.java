// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.models.graph.TensorType;
import java.nio.ByteBuffer;

/**
 * Where a tensor lies in a memory region after a job, as [height][blocks][width][8] bytes.
 *
 * @param tensor index in the graph
 * @param offset first byte in the region
 * @param channels channels (bits of BITS) that exist; the rest of the last block is undefined
 */
public record TensorLocation(
        int tensor, int region, long offset, int height, int width, int channels, int blocks, TensorType type) {
    /** Channel blocks of a map holding this type. */
    public static int blocks(TensorType type, int channels) {
        return switch (type) {
            case INT8, UINT8 -> (channels + 7) / 8;
            case BITS -> (channels + 63) / 64;
            case INT32, FLOAT32 -> (channels + 7) / 8 * 4;
            case INT64, BOOL -> throw new CompileException("The accelerator has no maps of type " + type + ".");
        };
    }

    /** Bytes the map takes in its region. */
    public long bytes() {
        return 8L * height * width * blocks;
    }

    /** Bytes of the tensor as NHWC. */
    public int tensorBytes() {
        return height * width * pixelBytes(type, channels);
    }

    /** Bytes of a pixel of an NHWC tensor. */
    public static int pixelBytes(TensorType type, int channels) {
        return switch (type) {
            case INT8, UINT8 -> channels;
            case BITS -> (channels + 7) / 8;
            case INT32, FLOAT32 -> channels * 4;
            case INT64, BOOL -> throw new CompileException("The accelerator has no maps of type " + type + ".");
        };
    }

    /**
     * Copies the map out of its region's memory as NHWC in the tensor's own type, into {@code target} from index
     * {@code at} on. Allocates nothing.
     */
    public void unpack(ByteBuffer memory, byte[] target, int at) {
        int pixelBytes = pixelBytes(type, channels);
        int flip = type == TensorType.UINT8 ? 0x80 : 0;
        int spare = type == TensorType.BITS && channels % 8 != 0 ? (1 << channels % 8) - 1 : 0xFF;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int pixel = at + (y * width + x) * pixelBytes;
                for (int i = 0; i < pixelBytes; i++) {
                    long word = ((long) y * blocks + i / 8) * width + x;
                    int mask = i == pixelBytes - 1 ? spare : 0xFF;
                    target[pixel + i] = (byte) ((memory.get((int) (offset + word * 8 + i % 8)) ^ flip) & mask);
                }
            }
        }
    }
}
