// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import java.awt.image.Raster;
import java.io.IOException;

/**
 * JPEG, baseline and progressive: the JDK decodes the components; colours are made of them here, since the JDK guesses
 * some and refuses others.
 */
final class JpegDecoder {
    private JpegDecoder() {}

    static Pixels decode(EncodedImage source) throws IOException {
        JpegHeader header = JpegHeader.read(source);
        source.checkSize(header.width(), header.height());
        Raster raster = source.read(reader -> reader.readRaster(0, null));
        if (raster.getNumBands() != header.components()
                || raster.getWidth() != header.width()
                || raster.getHeight() != header.height()) {
            throw source.damaged();
        }
        byte[] values = (byte[]) raster.getDataElements(0, 0, raster.getWidth(), raster.getHeight(), null);
        switch (header.colours()) {
            case GREY, RGB -> {}
            case YCBCR -> toRed(values, 3);
            case CMYK -> invert(values, 0, 1);
            case YCCK -> {
                toRed(values, 4);
                invert(values, 3, 4);
            }
        }
        Levels levels = ColourProfile.toStandard(
                new Levels(header.width(), header.height(), header.components(), values, null), header.profile());
        return Orientation.upright(levels.pixels(), Orientation.ofExif(header.exif()));
    }

    /**
     * Luma and colour differences (JFIF: ITU-R BT.601, full range) to red, green and blue, in 1/65536; a fourth
     * component stays.
     */
    private static void toRed(byte[] values, int components) {
        for (int i = 0; i < values.length; i += components) {
            int luma = values[i] & 255;
            int blue = (values[i + 1] & 255) - 128;
            int red = (values[i + 2] & 255) - 128;
            values[i] = clamp(luma + ((91881 * red + 32768) >> 16));
            values[i + 1] = clamp(luma + ((-22554 * blue - 46802 * red + 32768) >> 16));
            values[i + 2] = clamp(luma + ((116130 * blue + 32768) >> 16));
        }
    }

    /**
     * Files with Adobe's marker hold 255 minus the ink; of YCCK only the black, since its red, green and blue are inks
     * by their other name.
     */
    private static void invert(byte[] values, int first, int step) {
        for (int i = first; i < values.length; i += step) {
            values[i] = (byte) ~values[i];
        }
    }

    private static byte clamp(int level) {
        return (byte) Math.max(0, Math.min(255, level));
    }
}
