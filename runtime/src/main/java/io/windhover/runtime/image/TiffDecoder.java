// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import java.io.IOException;
import java.util.Set;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;

/** TIFF: the first page, of whole numbers of up to 16 bits, grey, palette or red, green and blue. */
final class TiffDecoder {
    private static final int TAG_ICC_PROFILE = 34675;
    private static final int WHOLE_NUMBERS = 1;
    /** White is zero, black is zero, red-green-blue, palette. */
    private static final Set<Integer> MEANINGS = Set.of(0, 1, 2, 3);
    /** None, the three of fax, LZW, Deflate by both its numbers, PackBits. */
    private static final Set<Integer> COMPRESSIONS = Set.of(1, 2, 3, 4, 5, 8, 32946, 32773);

    private TiffDecoder() {}

    static Pixels decode(EncodedImage source) throws IOException {
        return source.read(reader -> decode(reader, source));
    }

    private static Pixels decode(ImageReader reader, EncodedImage source) throws IOException {
        TIFFDirectory fields = TIFFDirectory.createFromMetadata(reader.getImageMetadata(0));
        source.checkSize(reader.getWidth(0), reader.getHeight(0));
        source.checkSize(
                number(fields, BaselineTIFFTagSet.TAG_TILE_WIDTH, 1),
                number(fields, BaselineTIFFTagSet.TAG_TILE_LENGTH, 1));
        checkReadable(fields, source);
        Levels levels = Levels.of(reader.read(0), source);
        return Orientation.upright(
                ColourProfile.toStandard(levels, profile(fields)).pixels(), Orientation.of(fields));
    }

    private static void checkReadable(TIFFDirectory fields, EncodedImage source) {
        long bits = number(fields, BaselineTIFFTagSet.TAG_BITS_PER_SAMPLE, 1);
        if (number(fields, BaselineTIFFTagSet.TAG_SAMPLE_FORMAT, WHOLE_NUMBERS) != WHOLE_NUMBERS || bits > 16) {
            throw source.unread(
                    "a TIFF of real, signed or " + bits + "-bit samples, whose black and white are not defined");
        }
        if (number(fields, BaselineTIFFTagSet.TAG_SAMPLES_PER_PIXEL, 1) > 4) {
            throw source.unread(
                    "a TIFF of " + number(fields, BaselineTIFFTagSet.TAG_SAMPLES_PER_PIXEL, 1) + " samples a pixel");
        }
        long meaning = number(fields, BaselineTIFFTagSet.TAG_PHOTOMETRIC_INTERPRETATION, -1);
        if (!MEANINGS.contains((int) meaning)) {
            throw source.unread(
                    "a TIFF of photometric interpretation " + meaning + " (neither grey nor palette nor RGB)");
        }
        long compression = number(fields, BaselineTIFFTagSet.TAG_COMPRESSION, 1);
        if (!COMPRESSIONS.contains((int) compression)) {
            throw source.unread("a TIFF of compression " + compression);
        }
    }

    private static long number(TIFFDirectory fields, int tag, long absent) {
        TIFFField field = fields.getTIFFField(tag);
        return field == null || !field.isIntegral() || field.getCount() < 1 ? absent : field.getAsLong(0);
    }

    private static byte[] profile(TIFFDirectory fields) {
        TIFFField field = fields.getTIFFField(TAG_ICC_PROFILE);
        return field != null && field.getData() instanceof byte[] profile ? profile : new byte[0];
    }
}
