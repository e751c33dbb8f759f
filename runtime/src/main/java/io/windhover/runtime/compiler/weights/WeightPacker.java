// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.weights;

import io.windhover.contract.Contract;
import io.windhover.runtime.compiler.stage.Geometry;

/** Weights of the int8 array in the order its commands read them. */
public final class WeightPacker {
    private static final int LANES = Contract.INT8_LANES;
    private static final int BLOCK = Contract.BLOCK_CHANNELS;

    /**
     * Weight of output channel {@code o} for input channel {@code i} (depthwise: i = o) at kernel tap (ky, kx); 0 where
     * there is none.
     */
    @FunctionalInterface
    public interface Weights {
        int at(int o, int ky, int kx, int i);
    }

    /** Per-channel bias, multiplier and shift, padded to whole groups. */
    record PackedParameters(int[] bias, int[] multiplier, int[] shift) {}

    private final int reduction;

    public WeightPacker(int reduction) {
        this.reduction = reduction;
    }

    public int groupWords(int sets) {
        return Contract.INT8_PARAMETER_WORDS + sets * reduction / 4;
    }

    /** Groups {@code from} to {@code to} reading input channels from {@code inBlock} on. */
    public byte[] dense(
            Geometry geometry,
            int inBlock,
            int channelBlocks,
            int from,
            int to,
            PackedParameters parameters,
            Weights weights) {
        int sets = geometry.denseSets(channelBlocks, reduction);
        int groupBytes = groupWords(sets) * Contract.WEIGHT_WORD_BYTES;
        byte[] packed = new byte[Math.multiplyExact(to - from, groupBytes)];
        int chunk = reduction / BLOCK;
        for (int g = from; g < to; g++) {
            int position = header(packed, (g - from) * groupBytes, g, parameters);
            for (int ky = 0; ky < geometry.kernelHeight(); ky++) {
                for (int kx = 0; kx < geometry.kernelWidth(); kx++) {
                    for (int b = 0; b < channelBlocks; b += chunk) {
                        int valid = Math.min(chunk, channelBlocks - b) * BLOCK;
                        denseSet(packed, position, g, ky, kx, (inBlock + b) * BLOCK, valid, weights);
                        position += reduction * LANES;
                    }
                }
            }
        }
        return packed;
    }

    private static void denseSet(
            byte[] packed, int position, int group, int ky, int kx, int channel, int valid, Weights weights) {
        for (int r = 0; r < valid; r++) {
            for (int lane = 0; lane < LANES; lane++) {
                packed[position + r * LANES + lane] = (byte) weights.at(group * LANES + lane, ky, kx, channel + r);
            }
        }
    }

    public byte[] depthwise(
            Geometry geometry,
            int windowHeight,
            int windowWidth,
            int from,
            int to,
            PackedParameters parameters,
            Weights weights) {
        int groupBytes = groupWords(geometry.depthwiseSets(windowHeight, windowWidth)) * Contract.WEIGHT_WORD_BYTES;
        byte[] packed = new byte[Math.multiplyExact(to - from, groupBytes)];
        for (int g = from; g < to; g++) {
            int position = header(packed, (g - from) * groupBytes, g, parameters);
            for (int ky = 0; ky < geometry.kernelHeight(); ky += windowHeight) {
                for (int kx = 0; kx < geometry.kernelWidth(); kx += windowWidth) {
                    for (int tap = 0; tap < windowHeight * windowWidth; tap++) {
                        int wy = tap / windowWidth;
                        int wx = tap % windowWidth;
                        if (ky + wy < geometry.kernelHeight() && kx + wx < geometry.kernelWidth()) {
                            depthwiseTap(packed, position + (wy * 3 + wx) * LANES, g, ky + wy, kx + wx, weights);
                        }
                    }
                    position += reduction * LANES;
                }
            }
        }
        return packed;
    }

    private static void depthwiseTap(byte[] packed, int position, int group, int ky, int kx, Weights weights) {
        for (int lane = 0; lane < LANES; lane++) {
            int channel = group * LANES + lane;
            packed[position + lane] = (byte) weights.at(channel, ky, kx, channel);
        }
    }

    private static int header(byte[] packed, int offset, int group, PackedParameters parameters) {
        for (int lane = 0; lane < LANES; lane++) {
            int channel = group * LANES + lane;
            ConstantPool.word(packed, offset + 4 * lane, parameters.bias[channel]);
            ConstantPool.word(packed, offset + 32 + 4 * lane, parameters.multiplier[channel]);
            packed[offset + 64 + lane] = (byte) parameters.shift[channel];
        }
        return offset + Contract.INT8_PARAMETER_WORDS * Contract.WEIGHT_WORD_BYTES;
    }
}
