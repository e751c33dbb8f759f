// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import io.windhover.runtime.image.Pixels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Frames as browsers take them, at most {@link #LONGEST_SIDE} wide and high: PNG where they are small, else JPEG. The
 * newest of each stream is kept, so that many viewers cost no more than one.
 */
final class Pictures {
    static final int LONGEST_SIDE = 640;

    private static final int SMALL = 128 * 128;

    private final Map<String, Encoded> newest = new ConcurrentHashMap<>();

    /** Frames are the same where their samples are the same array. */
    private record Encoded(Pixels frame, Answer answer) {}

    /** For a stream that exists. */
    Answer answer(String stream, Pixels frame) {
        Encoded encoded = newest.get(stream);
        if (encoded == null || !encoded.frame.equals(frame)) {
            encoded = newest.compute(
                    stream,
                    (name, known) -> known != null && known.frame.equals(frame)
                            ? known
                            : new Encoded(frame, encode(shrink(frame))));
        }
        return encoded.answer;
    }

    /** Each pixel is the mean of a square of the frame's; what remains at the right and the lower edge is left out. */
    private static BufferedImage shrink(Pixels frame) {
        int factor = (Math.max(frame.width(), frame.height()) + LONGEST_SIDE - 1) / LONGEST_SIDE;
        int width = Math.max(1, frame.width() / factor);
        int height = Math.max(1, frame.height() / factor);
        BufferedImage small = new BufferedImage(
                width, height, frame.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        int[] pixel = new int[frame.channels()];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < pixel.length; channel++) {
                    pixel[channel] = mean(frame, x * factor, y * factor, factor, channel);
                }
                small.getRaster().setPixel(x, y, pixel);
            }
        }
        return small;
    }

    private static int mean(Pixels frame, int left, int top, int side, int channel) {
        int right = Math.min(frame.width(), left + side);
        int bottom = Math.min(frame.height(), top + side);
        long sum = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                sum += frame.samples()[(y * frame.width() + x) * frame.channels() + channel] & 255;
            }
        }
        return (int) (sum / ((long) (right - left) * (bottom - top)));
    }

    private static Answer encode(BufferedImage image) {
        String format = image.getWidth() * image.getHeight() <= SMALL ? "png" : "jpeg";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, format, out);
        } catch (IOException inMemory) {
            throw new AssertionError(inMemory);
        }
        return Answer.ok("image/" + format, bytes.toByteArray());
    }
}
