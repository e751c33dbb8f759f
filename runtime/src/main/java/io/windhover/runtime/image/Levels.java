// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SinglePixelPackedSampleModel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Samples of an image as its file holds them, each brought to 8 bits: no gamma and no colour conversion, which Java's
 * own getRGB would apply to grey (it takes grey for linear light, so that 128 becomes 188).
 *
 * @param bands 1 (grey), 3 (red, green, blue) or 4 (cyan, magenta, yellow, black; 255 is full ink)
 * @param values height x width x bands
 * @param alpha height x width, 255 opaque, not multiplied into the values; null when all is opaque
 */
record Levels(int width, int height, int bands, byte[] values, byte @Nullable [] alpha) {
    private static final int OPAQUE = 255;

    /** Of an image that the JDK decoded without converting it. */
    static Levels of(BufferedImage image, EncodedImage source) {
        return image.getColorModel() instanceof IndexColorModel palette
                ? indexed(image.getRaster(), palette, source)
                : direct(image, source);
    }

    private static Levels indexed(Raster raster, IndexColorModel palette, EncodedImage source) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] values = new byte[Math.multiplyExact(width * height, 3)];
        byte[] alpha = palette.hasAlpha() ? new byte[width * height] : null;
        int[] row = new int[width];
        for (int y = 0, pixel = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int index : row) {
                if (index >= palette.getMapSize()) {
                    throw source.damaged();
                }
                values[pixel * 3] = (byte) palette.getRed(index);
                values[pixel * 3 + 1] = (byte) palette.getGreen(index);
                values[pixel * 3 + 2] = (byte) palette.getBlue(index);
                if (alpha != null) {
                    alpha[pixel] = (byte) palette.getAlpha(index);
                }
                pixel++;
            }
        }
        return new Levels(width, height, 3, values, alpha);
    }

    private static Levels direct(BufferedImage image, EncodedImage source) {
        Raster raster = image.getRaster();
        ColorModel model = image.getColorModel();
        int samples = raster.getNumBands();
        int bands = samples - (model.hasAlpha() ? 1 : 0);
        checkReadable(raster, bands, source);
        byte[][] levelOf = new byte[samples][];
        for (int band = 0; band < samples; band++) {
            levelOf[band] = levelOf(raster.getSampleModel().getSampleSize(band));
        }
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] values = new byte[Math.multiplyExact(width * height, bands)];
        byte[] alpha = model.hasAlpha() ? new byte[width * height] : null;
        int[] row = new int[width * samples];
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                for (int band = 0; band < bands; band++) {
                    values[(y * width + x) * bands + band] = levelOf[band][row[x * samples + band]];
                }
                if (alpha != null) {
                    alpha[y * width + x] = levelOf[bands][row[x * samples + bands]];
                }
            }
        }
        Levels levels = new Levels(width, height, bands, values, alpha);
        return alpha != null && model.isAlphaPremultiplied() ? levels.divided(alpha) : levels;
    }

    private static void checkReadable(Raster raster, int bands, EncodedImage source) {
        int type = raster.getTransferType();
        boolean whole = type == DataBuffer.TYPE_BYTE
                || type == DataBuffer.TYPE_USHORT
                || raster.getSampleModel() instanceof SinglePixelPackedSampleModel;
        int deepest =
                Arrays.stream(raster.getSampleModel().getSampleSize()).max().orElse(0);
        if (!whole || deepest > 16 || (bands != 1 && bands != 3)) {
            throw source.unread("an image of " + bands + " samples a pixel of " + deepest
                    + (whole ? "" : " signed or real") + " bits");
        }
    }

    /** Nearest of 256 levels for each value of a sample of so many bits. */
    private static byte[] levelOf(int bits) {
        int greatest = (1 << bits) - 1;
        byte[] levels = new byte[greatest + 1];
        for (int value = 0; value <= greatest; value++) {
            levels[value] = (byte) ((value * 255L + greatest / 2) / greatest);
        }
        return levels;
    }

    /** Values that the file holds multiplied by their alpha. */
    private Levels divided(byte[] by) {
        byte[] whole = new byte[values.length];
        for (int i = 0; i < whole.length; i++) {
            int opacity = by[i / bands] & 255;
            whole[i] = opacity == 0 ? 0 : (byte) Math.min(OPAQUE, ((values[i] & 255) * OPAQUE + opacity / 2) / opacity);
        }
        return new Levels(width, height, bands, whole, alpha);
    }

    /** This in the middle of a canvas that is transparent elsewhere. */
    Levels onCanvas(int canvasWidth, int canvasHeight, int left, int top) {
        byte[] canvas = new byte[Math.multiplyExact(canvasWidth * canvasHeight, bands)];
        byte[] opacity = new byte[canvasWidth * canvasHeight];
        byte[] own = alpha;
        for (int y = 0; y < height; y++) {
            int target = (top + y) * canvasWidth + left;
            System.arraycopy(values, y * width * bands, canvas, target * bands, width * bands);
            if (own == null) {
                Arrays.fill(opacity, target, target + width, (byte) OPAQUE);
            } else {
                System.arraycopy(own, y * width, opacity, target, width);
            }
        }
        return new Levels(canvasWidth, canvasHeight, bands, canvas, opacity);
    }

    /**
     * Grey or red, green, blue: what is transparent shows white behind it; inks without a profile take light away one
     * after another.
     */
    Pixels pixels() {
        byte[] light = bands == 4 ? light() : values;
        int channels = bands == 4 ? 3 : bands;
        if (alpha != null) {
            for (int i = 0; i < light.length; i++) {
                int opacity = alpha[i / channels] & 255;
                light[i] = (byte) (((light[i] & 255) * opacity + OPAQUE * (OPAQUE - opacity) + 127) / OPAQUE);
            }
        }
        return new Pixels(width, height, channels, light);
    }

    private byte[] light() {
        byte[] light = new byte[width * height * 3];
        for (int i = 0; i < light.length; i++) {
            int pixel = i / 3 * 4;
            light[i] = (byte) (((255 - (values[pixel + i % 3] & 255)) * (255 - (values[pixel + 3] & 255)) + 127) / 255);
        }
        return light;
    }
}
