// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import io.windhover.models.Reason;
import io.windhover.runtime.exception.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;

/**
 * Decodes PNG, JPEG, BMP, GIF and TIFF as an image viewer shows them, or refuses them, within a pixel limit that is
 * checked before any pixel is decoded. What is read, and how: runtime/doc/images.md.
 */
public final class ImageDecoder {
    public static final long DEFAULT_PIXEL_LIMIT = 64L << 20;

    private static final long MOST_ENCODED_BYTES = Integer.MAX_VALUE - 64;
    /** The most that a decoded format takes: four bands of uncompressed 16-bit samples. */
    private static final long ENCODED_BYTES_PER_PIXEL = 8;

    private static final long HEADER_BYTES = 16 << 20;

    private final long pixelLimit;

    static {
        ImageIO.setUseCache(false);
    }

    public ImageDecoder() {
        this(DEFAULT_PIXEL_LIMIT);
    }

    public ImageDecoder(long pixelLimit) {
        this.pixelLimit = pixelLimit;
    }

    /** Decodes a file; a {@link InputException} names it when that fails. */
    public Pixels decode(Path path) {
        if (Files.isDirectory(path)) {
            throw new InputException("'" + path + "' is a directory; name the image files in it.");
        }
        if (!Files.exists(path)) {
            throw new InputException("There is no image '" + path + "'; check the path.");
        }
        if (!Files.isRegularFile(path)) {
            throw new InputException("'" + path + "' is a pipe or a device; give an image file.");
        }
        try (InputStream stream = Files.newInputStream(path)) {
            return decode(stream, path.toString());
        } catch (IOException problem) {
            throw new InputException(
                    "Image '" + path + "' cannot be read (" + Reason.of(problem) + "); check who may read it.",
                    problem);
        }
    }

    /** Decodes an encoded image from memory; name is used in messages. */
    public Pixels decode(byte[] encoded, String name) {
        return decode(new EncodedImage(name, format(encoded, name), encoded, pixelLimit));
    }

    /** Decodes from a stream, which stays open; name is used in messages. */
    public Pixels decode(InputStream source, String name) throws IOException {
        byte[] start = source.readNBytes(ImageFormat.SIGNATURE_BYTES);
        ImageFormat format = format(start, name);
        int most = (int) Math.min(
                MOST_ENCODED_BYTES, ENCODED_BYTES_PER_PIXEL * Math.min(pixelLimit, MOST_ENCODED_BYTES) + HEADER_BYTES);
        byte[] rest = source.readNBytes(most - start.length + 1);
        if (start.length + rest.length > most) {
            throw new InputException("Image '" + name + "' has more than " + most
                    + " bytes; make it smaller or raise the limit of pixels.");
        }
        byte[] whole = Arrays.copyOf(start, start.length + rest.length);
        System.arraycopy(rest, 0, whole, start.length, rest.length);
        return decode(new EncodedImage(name, format, whole, pixelLimit));
    }

    /** Whether bytes begin as a kind of image that is decoded. */
    public static boolean looksLikeImage(byte[] start) {
        return ImageFormat.of(start).isPresent();
    }

    private static ImageFormat format(byte[] start, String name) {
        return ImageFormat.of(start)
                .orElseThrow(() ->
                        new InputException("'" + name + "' is not an image; give a PNG, JPEG, BMP, GIF or TIFF file."));
    }

    private static Pixels decode(EncodedImage source) {
        try {
            return switch (source.format()) {
                case PNG -> PngDecoder.decode(source);
                case JPEG -> JpegDecoder.decode(source);
                case GIF -> GifDecoder.decode(source);
                case BMP -> BmpDecoder.decode(source);
                case TIFF -> TiffDecoder.decode(source);
            };
        } catch (InputException refusal) {
            throw refusal;
        } catch (IOException | RuntimeException problem) {
            throw source.damaged(problem);
        } catch (OutOfMemoryError exhausted) {
            throw new InputException(
                    "Image '" + source.name() + "' takes more memory than there is; make it smaller or give Java more "
                            + "with WINDHOVER_JAVA_OPTIONS=-Xmx4g.",
                    exhausted);
        } finally {
            PictureMemory.giveBack();
        }
    }
}
