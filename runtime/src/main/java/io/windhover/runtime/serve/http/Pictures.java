// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import io.windhover.runtime.image.Pixels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Frames as browsers take them, at most {@link #LONGEST_SIDE} wide and high: PNG where they are small, else JPEG. Many
 * viewers cost no more than one: each stream is encoded five times a second at most.
 */
final class Pictures {
    static final int LONGEST_SIDE = 640;

    private static final int SMALL = 128 * 128;

    private static final long FRESH_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Map<String, Encoded> newest = new ConcurrentHashMap<>();

    private record Encoded(long time, Answer answer) {
        boolean isFresh() {
            return System.nanoTime() - time < FRESH_NS;
        }
    }

    /** The newest frame of a stream that exists, or one that was the newest a fifth of a second ago; null for none. */
    @Nullable
    Answer answer(String stream, Function<String, @Nullable Pixels> frames) {
        Encoded known = newest.get(stream);
        if (known == null || !known.isFresh()) {
            known = newest.compute(
                    stream, (name, other) -> other != null && other.isFresh() ? other : encode(frames.apply(name)));
        }
        return known == null ? null : known.answer;
    }

    private static @Nullable Encoded encode(@Nullable Pixels frame) {
        return frame == null ? null : new Encoded(System.nanoTime(), encode(shrink(frame)));
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
