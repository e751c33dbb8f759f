// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as PNG files. */
public final class PngEncoder {
    private PngEncoder() {}

    public static byte[] encode(Pixels pixels) {
        BufferedImage image = new BufferedImage(
                pixels.width(),
                pixels.height(),
                pixels.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        int[] row = new int[pixels.width() * pixels.channels()];
        for (int y = 0; y < pixels.height(); y++) {
            for (int i = 0; i < row.length; i++) {
                row[i] = pixels.samples()[y * row.length + i] & 255;
            }
            image.getRaster().setPixels(0, y, pixels.width(), 1, row);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", out);
        } catch (IOException inMemory) {
            throw new AssertionError(inMemory);
        }
        return bytes.toByteArray();
    }
}
