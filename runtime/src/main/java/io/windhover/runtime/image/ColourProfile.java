// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.color.ProfileDataException;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.stream.IntStream;

/** An ICC profile from an image file: what colours its levels stand for. */
final class ColourProfile {
    static final int MOST_BYTES = 4 << 20;
    /** Colours whose conversion tells whether a profile differs from sRGB by more than rounding. */
    private static final int PROBES = 125;

    private static final int PROBE_STEP = 63;
    private static final int ROUNDING = 2;

    private ColourProfile() {}

    /**
     * The levels in sRGB; as they are without a profile, or with one that is unusable or made for another number of
     * bands (viewers ignore those, too).
     */
    static Levels toStandard(Levels levels, byte[] profile) {
        if (profile.length == 0 || profile.length > MOST_BYTES) {
            return levels;
        }
        try {
            ICC_Profile own = ICC_Profile.getInstance(profile);
            if (own.getNumComponents() != levels.bands()) {
                return levels;
            }
            ColorConvertOp conversion =
                    new ColorConvertOp(new ICC_Profile[] {own, ICC_Profile.getInstance(ColorSpace.CS_sRGB)}, null);
            if (levels.bands() == 3 && isStandard(conversion)) {
                return levels;
            }
            byte[] converted = convert(conversion, levels.values(), levels.bands(), levels.width(), levels.height());
            return new Levels(levels.width(), levels.height(), 3, converted, levels.alpha());
        } catch (IllegalArgumentException | CMMException | ProfileDataException unusable) {
            return levels;
        }
    }

    private static boolean isStandard(ColorConvertOp conversion) {
        byte[] probes = new byte[PROBES * 3];
        for (int probe = 0; probe < PROBES; probe++) {
            probes[probe * 3] = (byte) (probe % 5 * PROBE_STEP);
            probes[probe * 3 + 1] = (byte) (probe / 5 % 5 * PROBE_STEP);
            probes[probe * 3 + 2] = (byte) (probe / 25 * PROBE_STEP);
        }
        byte[] seen = convert(conversion, probes, 3, PROBES, 1);
        return IntStream.range(0, probes.length)
                .allMatch(i -> Math.abs((probes[i] & 255) - (seen[i] & 255)) <= ROUNDING);
    }

    private static byte[] convert(ColorConvertOp conversion, byte[] values, int bands, int width, int height) {
        byte[] converted = new byte[Math.multiplyExact(width * height, 3)];
        conversion.filter(raster(values, bands, width, height), raster(converted, 3, width, height));
        return converted;
    }

    private static WritableRaster raster(byte[] values, int bands, int width, int height) {
        return Raster.createInterleavedRaster(
                new DataBufferByte(values, values.length),
                width,
                height,
                width * bands,
                bands,
                IntStream.range(0, bands).toArray(),
                null);
    }
}
