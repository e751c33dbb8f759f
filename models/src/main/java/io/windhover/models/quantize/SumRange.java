// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

/** The least and the largest sum of products that one output channel of a layer can make, without its bias. */
public record SumRange(long low, long high) {
    /**
     * The channel's range over all inputs.
     *
     * @param codes of all channels' weights
     * @param zeroPoint of the weights
     * @param lowestInput smallest input code less its zero point, at most 0, which is what padding counts as
     * @param highestInput largest input code less its zero point, at least 0
     */
    public static SumRange of(byte[] codes, int channel, int terms, int zeroPoint, int lowestInput, int highestInput) {
        long low = 0;
        long high = 0;
        for (int i = channel * terms; i < (channel + 1) * terms; i++) {
            long weight = (long) codes[i] - zeroPoint;
            low += Math.min(weight * lowestInput, weight * highestInput);
            high += Math.max(weight * lowestInput, weight * highestInput);
        }
        return new SumRange(low, high);
    }

    /** True when every sum, and that with the bias, is within -limit..limit. */
    public boolean fits(double bias, long limit) {
        return bias + low >= -limit && bias + high <= limit && low >= -limit && high <= limit;
    }

    /** {@link #fits} in 32 bits. */
    public boolean fits(double bias) {
        return fits(bias, Integer.MAX_VALUE);
    }
}
