// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.nio.ByteBuffer;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Weights of a layer in the order our operators keep them, output channel outermost.
 *
 * @param reals the real numbers; none when there are codes
 * @param codes int8 codes, or null
 * @param scales of the codes: one, or one per output channel
 * @param zeroPoint subtracted from every code
 */
record Weights(float[] reals, byte @Nullable [] codes, float[] scales, int zeroPoint) {
    private static final float[] NONE = {};

    static Weights of(float[] reals) {
        return new Weights(reals, null, NONE, 0);
    }

    static Weights ofCodes(byte[] codes, float[] scales, int zeroPoint) {
        return new Weights(NONE, codes, scales, zeroPoint);
    }

    /**
     * Takes {@code count} weights from a constant.
     *
     * @param source row-major position in the constant of each weight
     * @param channelAxis the constant's dimension that is the output channel
     * @param outputChannels all of them
     */
    static Weights gather(NamedValue value, int count, int outputChannels, int channelAxis, IntUnaryOperator source) {
        if (value instanceof CodedConstant coded) {
            Weights codes = codes(coded, count, outputChannels, channelAxis, source);
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
        return of(reals);
    }

    /**
     * The codes themselves where they are or can be made int8 with one zero point; a source below 0 is the zero point.
     */
    private static @Nullable Weights codes(
            CodedConstant coded, int count, int outputChannels, int channelAxis, IntUnaryOperator source) {
        int scales = coded.scales().length;
        if (scales > 1 && (coded.axis() != channelAxis || scales != outputChannels)) {
            return null;
        }
        int perChannel = count / outputChannels;
        int[] centred = new int[count];
        boolean fits = true;
        for (int i = 0; i < count; i++) {
            int from = source.applyAsInt(i);
            centred[i] = from < 0
                    ? 0
                    : (int) coded.codes().integer(from) - coded.zeroPoints()[scales > 1 ? i / perChannel : 0];
            fits &= centred[i] == (byte) centred[i];
        }
        int zeroPoint = fits ? 0 : coded.zeroPoints()[0] + (coded.codes().type() == ElementType.UINT8 ? -128 : 0);
        byte[] codes = new byte[count];
        for (int i = 0; i < count; i++) {
            int code = centred[i] + zeroPoint;
            if (code != (byte) code) {
                return null;
            }
            codes[i] = (byte) code;
        }
        return ofCodes(codes, coded.scales(), zeroPoint);
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

    int count() {
        return codes != null ? codes.length : reals.length;
    }

    float scale(int channel) {
        return scales.length == 1 ? scales[0] : scales[channel];
    }

    /** A weight as a real number; {@code perChannel} weights make a channel. */
    float real(int index, int perChannel) {
        return codes == null ? reals[index] : scale(index / perChannel) * (codes[index] - zeroPoint);
    }

    /** The codes with some channels negated, or null when that is not possible exactly. */
    byte @Nullable [] signed(double[] factor) {
        if (codes == null) {
            return null;
        }
        ByteBuffer signed = ByteBuffer.allocate(codes.length);
        int perChannel = codes.length / factor.length;
        for (int i = 0; i < codes.length; i++) {
            boolean negative = factor[i / perChannel] < 0;
            if (negative && (zeroPoint != 0 || codes[i] == Byte.MIN_VALUE)) {
                return null;
            }
            signed.put((byte) (negative ? -codes[i] : codes[i]));
        }
        return signed.array();
    }
}
