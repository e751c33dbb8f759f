// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import io.windhover.runtime.exception.InputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A whole image file in memory.
 *
 * @param name used in messages
 */
record EncodedImage(String name, ImageFormat format, byte[] bytes, long pixelLimit) {
    /** Uses the JDK's reader of the file. */
    @FunctionalInterface
    interface Reading<T> {
        T read(ImageReader reader) throws IOException;
    }

    /**
     * Refuses sizes over the limit, sizes that so few bytes cannot hold, and sizes that there is no memory for; called
     * before anything of that size is allocated.
     */
    void checkSize(long width, long height) {
        if (width < 1 || height < 1 || width > (long) bytes.length * format.pixelsPerByte() / height) {
            throw refused(String.format(
                    Locale.ROOT,
                    "claims %d x %d pixels in %d bytes; it is damaged or cut short, give a whole one",
                    width,
                    height,
                    bytes.length));
        }
        if (width > pixelLimit / height) {
            throw refused(String.format(
                    Locale.ROOT,
                    "has %d x %d pixels, more than the limit of %d; make it smaller",
                    width,
                    height,
                    pixelLimit));
        }
        if (!PictureMemory.take(width * height)) {
            throw refused(String.format(
                    Locale.ROOT,
                    "has %d x %d pixels, which take about %d MB to decode, and there is not so much memory; make it smaller",
                    width,
                    height,
                    PictureMemory.bytes(width * height) >> 20));
        }
    }

    InputException refused(String reason) {
        return new InputException("Image '" + name + "' " + reason + ".");
    }

    InputException damaged() {
        return damaged(null);
    }

    InputException damaged(@Nullable Throwable cause) {
        return new InputException("Image '" + name + "' is damaged or cut short; give a whole one.", cause);
    }

    /** A kind of image that is not decoded. */
    InputException unread(String kind) {
        return refused("is " + kind + ", which is not read; save it as an 8-bit PNG");
    }

    /** Lets the JDK's reader work on the file; a warning of missing or wrong data is a refusal. */
    <T> T read(Reading<T> reading) throws IOException {
        try (ImageInputStream stream = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            ImageReader reader =
                    ImageIO.getImageReadersByFormatName(format.name()).next();
            try {
                reader.setInput(stream);
                reader.addIIOReadWarningListener((source, warning) -> refuseDamage(warning));
                return reading.read(reader);
            } finally {
                reader.dispose();
            }
        }
    }

    private void refuseDamage(String warning) {
        String lower = warning.toLowerCase(Locale.ROOT);
        if (lower.contains("truncated") || lower.contains("premature") || lower.contains("corrupt")) {
            throw damaged();
        }
    }
}
