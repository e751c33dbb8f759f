// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.stream.ImageInputStream;

/** How a camera was held: the orientation of TIFF and EXIF, 1 to 8. */
final class Orientation {
    static final int UPRIGHT = 1;
    private static final int GREATEST = 8;

    private Orientation() {}

    /** Of an EXIF block, which is a TIFF file without an image; upright when it says nothing that can be read. */
    static int ofExif(byte[] exif) {
        if (ImageFormat.of(exif).filter(ImageFormat.TIFF::equals).isEmpty()) {
            return UPRIGHT;
        }
        ImageReader reader = ImageIO.getImageReadersByFormatName("TIFF").next();
        try (ImageInputStream stream = ImageIO.createImageInputStream(new ByteArrayInputStream(exif))) {
            reader.setInput(stream);
            return of(TIFFDirectory.createFromMetadata(reader.getImageMetadata(0)));
        } catch (IOException | RuntimeException unreadable) {
            return UPRIGHT;
        } finally {
            reader.dispose();
        }
    }

    /** Of an image's TIFF fields. */
    static int of(TIFFDirectory fields) {
        TIFFField field = fields.getTIFFField(BaselineTIFFTagSet.TAG_ORIENTATION);
        int value = field == null || !field.isIntegral() || field.getCount() < 1 ? UPRIGHT : field.getAsInt(0);
        return value < UPRIGHT || value > GREATEST ? UPRIGHT : value;
    }

    /** The picture as it was seen. */
    static Pixels upright(Pixels stored, int orientation) {
        if (orientation == UPRIGHT) {
            return stored;
        }
        boolean onItsSide = orientation >= 5;
        int width = onItsSide ? stored.height() : stored.width();
        int height = onItsSide ? stored.width() : stored.height();
        int channels = stored.channels();
        byte[] turned = new byte[stored.samples().length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from = source(x, y, stored, orientation) * channels;
                System.arraycopy(stored.samples(), from, turned, (y * width + x) * channels, channels);
            }
        }
        return new Pixels(width, height, channels, turned);
    }

    /** Index of the stored pixel that is seen at column x of row y. */
    private static int source(int x, int y, Pixels stored, int orientation) {
        int right = stored.width() - 1;
        int bottom = stored.height() - 1;
        int column = switch (orientation) {
            case 2, 3 -> right - x;
            case 5, 6 -> y;
            case 7, 8 -> right - y;
            default -> x;
        };
        int row = switch (orientation) {
            case 3, 4 -> bottom - y;
            case 5, 8 -> x;
            case 6, 7 -> bottom - x;
            default -> y;
        };
        return row * stored.width() + column;
    }
}
