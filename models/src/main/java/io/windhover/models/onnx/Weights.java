// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.quantize.ChannelFit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Weights of a layer in the order our operators keep them, output channel outermost.
 *
 * @param reals the real numbers; none when there are codes
 * @param codes int8 codes, or null
 * @param wide codes less their zero points where no zero point lets all of them be int8, or null
 * @param scales of the codes: one, or one per output channel
 * @param zeroPoint subtracted from every int8 code
 */
record Weights(float[] reals, byte @Nullable [] codes, int @Nullable [] wide, float[] scales, int zeroPoint) {
    private static final float[] NONE = {};
    private static final int CODES = 256;

    static Weights of(float[] reals) {
        return new Weights(reals, null, null, NONE, 0);
    }

    /** Real numbers that are small integers are codes of scale 1, as FINN writes weights of few bits. */
    private static Weights ofIntegers(float[] reals) {
        byte[] codes = new byte[reals.length];
        boolean zero = true;
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) reals[i];
            if (codes[i] != reals[i] || codes[i] == Byte.MIN_VALUE) {
                return of(reals);
            }
            zero &= codes[i] == 0;
        }
        return zero ? of(reals) : ofCodes(codes, new float[] {1}, 0);
    }

    static Weights ofCodes(byte[] codes, float[] scales, int zeroPoint) {
        return new Weights(NONE, codes, null, scales, zeroPoint);
    }

    /** Of whole numbers, which become int8 codes where a zero point lets them. */
    private static Weights ofWhole(int[] whole, float[] scales) {
        int low = Arrays.stream(whole).min().orElse(0);
        int high = Arrays.stream(whole).max().orElse(0);
        if (high - low >= CODES) {
            return new Weights(NONE, null, whole, scales, 0);
        }
        int zeroPoint = Math.max(Byte.MIN_VALUE - low, Math.min(0, Byte.MAX_VALUE - high));
        byte[] codes = new byte[whole.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) (whole[i] + zeroPoint);
        }
        return ofCodes(codes, scales, zeroPoint);
    }

    /**
     * Takes {@code count} weights from a constant.
     *
     * @param source row-major position in the constant of each weight
     * @param channelAxis the constant's dimension that is the output channel
     * @param outputChannels all of them
     */
    static Weights gather(NamedValue value, int count, int outputChannels, int channelAxis, IntUnaryOperator source) {
        return gather(value, count, outputChannels, channelAxis, 1, source);
    }

    /**
     * The same.
     *
     * @param sharing output channels in a row that have one index along that dimension
     */
    static Weights gather(
            NamedValue value, int count, int outputChannels, int channelAxis, int sharing, IntUnaryOperator source) {
        if (value instanceof CodedConstant coded) {
            Weights codes = codes(coded, count, outputChannels, channelAxis, sharing, source);
            if (codes != null) {
                return codes;
            }
        }
        Constant constant = value instanceof CodedConstant coded ? coded.reals() : (Constant) value;
        float[] reals = new float[count];
        for (int i = 0; i < count; i++) {
            int from = source.applyAsInt(i);
            reals[i] = from < 0 ? 0 : (float) constant.real(from);
        }
        return ofIntegers(reals);
    }

    /**
     * The codes themselves, or null where they are wider than 8 bits, or their scales are not one for each output
     * channel, or for each of a group's; a source below 0 is the zero point.
     */
    private static @Nullable Weights codes(
            CodedConstant coded, int count, int outputChannels, int channelAxis, int sharing, IntUnaryOperator source) {
        int own = coded.scales().length;
        if (own > 1 && (coded.axis() != channelAxis || outputChannels % own != 0)) {
            return null;
        }
        int perChannel = count / outputChannels;
        int[] centred = new int[count];
        for (int i = 0; i < count; i++) {
            int from = source.applyAsInt(i);
            centred[i] = from < 0
                    ? 0
                    : (int) coded.codes().integer(from) - coded.zeroPoints()[i / perChannel / sharing % own];
        }
        float[] scales = new float[own == 1 ? 1 : outputChannels];
        for (int o = 0; o < scales.length; o++) {
            scales[o] = coded.scales()[o / sharing % own];
        }
        return Arrays.stream(centred).anyMatch(code -> Math.abs((long) code) >= CODES)
                ? null
                : ofWhole(centred, scales);
    }

    /** True for codes of +1 and -1 only. */
    boolean isOneBit() {
        if (codes == null || zeroPoint != 0) {
            return false;
        }
        for (byte code : codes) {
            if (code != 1 && code != -1) {
                return false;
            }
        }
        return true;
    }

    /** True for a channel whose codes count nothing. */
    boolean isZero(int channel, int perChannel) {
        return ChannelFit.isZero(channel, Objects.requireNonNull(codes), perChannel, zeroPoint);
    }

    int count() {
        return codes != null ? codes.length : wide != null ? wide.length : reals.length;
    }

    float scale(int channel) {
        return scales.length == 1 ? scales[0] : scales[channel];
    }

    /** A weight as a real number; {@code perChannel} weights make a channel. */
    float real(int index, int perChannel) {
        return scales.length == 0 ? reals[index] : scale(index / perChannel) * whole(index);
    }

    /** A code less its zero point. */
    private int whole(int index) {
        return codes != null ? codes[index] - zeroPoint : Objects.requireNonNull(wide)[index];
    }

    /**
     * Parts without zero points whose sum this is, where neither int8 codes nor codes with some channels negated are
     * this; otherwise this alone.
     */
    List<Weights> parts(double[] factor) {
        boolean keepsZeroPoint = codes != null && (zeroPoint == 0 || signed(factor) != null);
        if (scales.length == 0 || keepsZeroPoint) {
            return List.of(this);
        }
        int[] rest = new int[count()];
        Arrays.setAll(rest, this::whole);
        List<Weights> parts = new ArrayList<>();
        while (Arrays.stream(rest).anyMatch(one -> one != 0)) {
            byte[] part = new byte[rest.length];
            for (int i = 0; i < rest.length; i++) {
                part[i] = (byte) Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, rest[i]));
                rest[i] -= part[i];
            }
            parts.add(ofCodes(part, scales, 0));
        }
        return parts;
    }

    /** With some channels negated; null of real numbers, or when not all would be int8 codes then. */
    @Nullable
    Weights signed(double[] factor) {
        if (codes == null || Arrays.stream(factor).noneMatch(one -> one < 0)) {
            return codes == null ? null : this;
        }
        int perChannel = codes.length / factor.length;
        int[] signed = new int[codes.length];
        Arrays.setAll(signed, i -> factor[i / perChannel] < 0 ? -whole(i) : whole(i));
        Weights whole = ofWhole(signed, scales);
        return whole.codes == null ? null : whole;
    }
}
