// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.ModelException;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rounding;
import io.windhover.models.graph.TensorType;
import java.util.Arrays;

/**
 * Fits the sums of a layer's channels, biases included, into 32 bits. The scales that a file gives its weights may
 * leave a bias no room; such a channel is held in another way that makes the same codes, or refused.
 */
public final class ChannelFit {
    /** By how much of a result's code another way of holding a channel may move it. */
    private static final double UNSEEN = 1.0 / 4096;

    private final String title;
    private final int lowestInput;
    private final int highestInput;
    /** Codes of the result less their zero point. */
    private final int lowest;

    private final int highest;
    private final boolean shiftsWrap;

    /**
     * A layer's fit.
     *
     * @param title what messages begin with
     * @param input of type {@code inputType}
     * @param low lowest code of the result
     * @param high highest code of the result
     */
    public ChannelFit(String title, TensorType inputType, Quantization input, Quantization result, int low, int high) {
        this.title = title;
        this.lowestInput = inputType.minimum() - input.zeroPoint();
        this.highestInput = inputType.maximum() - input.zeroPoint();
        this.lowest = low - result.zeroPoint();
        this.highest = high - result.zeroPoint();
        this.shiftsWrap = result.rounding() == Rounding.HALF_TO_EVEN;
    }

    /**
     * An output channel as integers.
     *
     * @param step codes of the result that one unit of the sums is
     */
    public record Channel(int bias, double step) {}

    /**
     * The channel, its codes changed in place where it must be held otherwise.
     *
     * @param codes of all channels' weights
     * @param zeroPoint of the weights
     * @param bias in units of the sums; anything where {@code step} is 0
     * @param constant the bias in codes of the result
     * @param step codes of the result that one unit of the sums is, or 0 where the weights count nothing
     */
    public Channel of(int channel, byte[] codes, int terms, int zeroPoint, double bias, double constant, double step) {
        SumRange sums = SumRange.of(codes, channel, terms, zeroPoint, lowestInput, highestInput);
        double reach = Math.max(sums.high(), -sums.low());
        if (step > 0) {
            double rounded = Math.rint(bias);
            if (fits(sums, rounded, step)) {
                return new Channel((int) rounded, step);
            }
            // A unit of the sums that is this many codes makes the highest or the lowest.
            double widest = Math.max(highest + 1.0, 1.0 - lowest);
            if (step > widest) {
                return of(channel, codes, terms, zeroPoint, bias, constant, widest);
            }
            // From here on every result is the lowest or the highest code.
            double least = Math.floor((lowest - 1) / step) - sums.high();
            double most = Math.ceil((highest + 1) / step) - sums.low();
            double decisive = Math.max(least, Math.min(most, bias));
            for (int bits = 0; bits < Byte.SIZE; bits++) {
                byte[] coarse = coarser(codes, channel, terms, zeroPoint, bits);
                double units = Math.rint(Math.scalb(decisive, -bits));
                double moved = change(codes, coarse, channel * terms, bits, zeroPoint)
                        + (bits == 0 ? 0 : Math.abs(decisive - Math.scalb(units, bits)));
                SumRange range = SumRange.of(coarse, 0, terms, zeroPoint, lowestInput, highestInput);
                if (moved * step <= UNSEEN && fits(range, units, Math.scalb(step, bits))) {
                    System.arraycopy(coarse, 0, codes, channel * terms, terms);
                    return new Channel((int) units, Math.scalb(step, bits));
                }
            }
        }
        if (reach * step > UNSEEN) {
            throw refusal(channel, sums, bias, step);
        }
        Arrays.fill(codes, channel * terms, (channel + 1) * terms, (byte) zeroPoint);
        return new Channel((int) Math.rint(Math.max(lowest - 1.0, Math.min(highest + 1.0, constant))), 1);
    }

    /** True for a channel whose weights count nothing. */
    public static boolean isZero(int channel, byte[] codes, int terms, int zeroPoint) {
        for (int i = channel * terms; i < (channel + 1) * terms; i++) {
            if (codes[i] != zeroPoint) {
                return false;
            }
        }
        return true;
    }

    private boolean fits(SumRange sums, double bias, double step) {
        int shift = shiftsWrap ? Math.max(0, Rescaling.roundingOnce(step).shift()) : 0;
        return sums.fits(bias, Integer.MAX_VALUE >> shift);
    }

    /** A channel's weights in units of 2^bits, nearest. */
    private static byte[] coarser(byte[] codes, int channel, int terms, int zeroPoint, int bits) {
        byte[] coarse = new byte[terms];
        for (int i = 0; i < terms; i++) {
            int weight = codes[channel * terms + i] - zeroPoint;
            coarse[i] = (byte) (zeroPoint + (int) Math.rint(Math.scalb((double) weight, -bits)));
        }
        return coarse;
    }

    /** By how much sums change at most. */
    private double change(byte[] codes, byte[] coarse, int first, int bits, int zeroPoint) {
        long change = 0;
        for (int i = 0; i < coarse.length; i++) {
            change += Math.abs((codes[first + i] - zeroPoint) - ((long) (coarse[i] - zeroPoint) << bits));
        }
        return (double) change * Math.max(-lowestInput, highestInput);
    }

    private ModelException refusal(int channel, SumRange sums, double bias, double step) {
        if (!sums.fits(0)) {
            return new ModelException(String.format(
                    "%sthe products of output channel %d add up to %d..%d, beyond 32 bits; split the layer.",
                    title, channel, sums.low(), sums.high()));
        }
        if (!fits(sums, 0, step)) {
            return new ModelException(String.format(
                    "%sthe products of output channel %d add up to %.3g steps of its result, beyond 32 bits; quantise "
                            + "its result to a larger scale.",
                    title, channel, Math.max(sums.high(), -sums.low()) * step));
        }
        return new ModelException(String.format(
                "%sthe bias of output channel %d is %.6g times input scale times weight scale, which 32 bits do not "
                        + "hold beside its products; give the channel's weights a larger scale.",
                title, channel, bias));
    }
}
