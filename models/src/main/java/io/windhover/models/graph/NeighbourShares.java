// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What output positions along one side of a map take of two neighbouring input positions, in whole shares.
 *
 * @param divisor the shares of both neighbours together
 * @param lower the first neighbour of each output position
 * @param upperShares the shares of the second, less than the divisor; where they are 0 there need be none
 */
public record NeighbourShares(int divisor, int[] lower, int[] upperShares) {
    private static final int LARGEST_DIVISOR = 1024;
    /** Rounding errors of a position, in units of its last place. */
    private static final int ULPS = 4;

    public NeighbourShares {
        require(divisor > 0 && divisor <= LARGEST_DIVISOR, "%d shares are not 1 to %d.", divisor, LARGEST_DIVISOR);
        require(lower.length == upperShares.length, "%d neighbours have %d shares.", lower.length, upperShares.length);
        for (int share : upperShares) {
            require(share >= 0 && share < divisor, "%d of %d shares.", share, divisor);
        }
    }

    /** The shares at positions between the input's, as few as hold them all; null where 1024 do not. */
    public static @Nullable NeighbourShares of(float[] positions) {
        for (int divisor = 1; divisor <= LARGEST_DIVISOR; divisor++) {
            if (areMultiples(positions, divisor)) {
                int[] lower = new int[positions.length];
                int[] shares = new int[positions.length];
                for (int i = 0; i < positions.length; i++) {
                    int parts = (int) Math.rint((double) positions[i] * divisor);
                    lower[i] = parts / divisor;
                    shares[i] = parts % divisor;
                }
                return new NeighbourShares(divisor, lower, shares);
            }
        }
        return null;
    }

    private static boolean areMultiples(float[] positions, int divisor) {
        boolean all = true;
        for (int i = 0; i < positions.length && all; i++) {
            double parts = (double) positions[i] * divisor;
            double tolerance = ULPS * Math.ulp(Math.max(1, positions[i]));
            all = Math.abs(parts - Math.rint(parts)) <= tolerance * divisor;
        }
        return all;
    }

    /** Output positions. */
    public int size() {
        return lower.length;
    }

    /** True when no neighbour lies outside an input of this size. */
    boolean areWithin(int inputs) {
        boolean within = true;
        for (int i = 0; i < lower.length; i++) {
            within &= lower[i] >= 0 && lower[i] + (upperShares[i] > 0 ? 1 : 0) < inputs;
        }
        return within;
    }

    @Override
    public String toString() {
        return divisor + "ths at " + Arrays.toString(lower) + " + " + Arrays.toString(upperShares);
    }
}
