package io.windhover.runtime.image;

import io.windhover.runtime.WindhoverException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Decodes what the JDK can read (PNG, JPEG, BMP, GIF, TIFF), within a pixel limit that is checked before any pixel is decoded. */
public final class ImageDecoder {
    public static final long DEFAULT_PIXEL_LIMIT = 64L << 20;

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

    /** Decodes a file; a {@link WindhoverException} names it when that fails. */
    public Pixels decode(Path path) {
        if (Files.isDirectory(path)) {
            throw new WindhoverException("'" + path + "' is a directory; name the image files in it.");
        }
        if (!Files.exists(path)) {
            throw new WindhoverException("There is no image '" + path + "'; check the path.");
        }
        try (InputStream stream = Files.newInputStream(path)) {
            return decode(stream, path.toString());
        } catch (IOException problem) {
            throw new WindhoverException("Image '" + path + "' cannot be read (" + problem.getMessage() + ").", problem);
        }
    }

    /** Decodes an encoded image from memory; name is used in messages. */
    public Pixels decode(byte[] encoded, String name) {
        return decode(new ByteArrayInputStream(encoded), name);
    }

    /** Decodes from a stream, which stays open; name is used in messages. */
    public Pixels decode(InputStream source, String name) {
        try (ImageInputStream stream = ImageIO.createImageInputStream(source)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new WindhoverException("'" + name + "' is not an image; give a PNG, JPEG, BMP, GIF or TIFF file.");
            }
            ImageReader reader = readers.next();
            try {
                return read(reader, stream, name);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException problem) {
            if (problem instanceof WindhoverException) {
                throw (WindhoverException) problem;
            }
            throw new WindhoverException("Image '" + name + "' is damaged or cut short; replace the file.", problem);
        }
    }

    private Pixels read(ImageReader reader, ImageInputStream stream, String name) throws IOException {
        reader.setInput(stream, true, true);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > pixelLimit) {
            throw new WindhoverException(String.format(Locale.ROOT,
                    "Image '%s' has %d x %d pixels, more than the limit of %d; make it smaller or raise --image-pixels.",
                    name, reader.getWidth(0), reader.getHeight(0), pixelLimit));
        }
        reader.addIIOReadWarningListener((source, warning) -> refuseDamage(warning, name));
        return unpack(reader.read(0));
    }

    private static void refuseDamage(String warning, String name) {
        String lower = warning.toLowerCase(Locale.ROOT);
        if (lower.contains("truncated") || lower.contains("premature") || lower.contains("corrupt")) {
            throw new WindhoverException("Image '" + name + "' is damaged or cut short; replace the file.");
        }
    }

    private static Pixels unpack(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        return isPlainGrey(image) ? grey(image.getRaster(), width, height) : colour(image, width, height);
    }

    /** Grey samples are taken as they are: getRGB would convert them from linear light. */
    private static boolean isPlainGrey(BufferedImage image) {
        return image.getRaster().getNumBands() == 1
                && image.getType() == BufferedImage.TYPE_BYTE_GRAY
                && image.getRaster().getDataBuffer().getDataType() == DataBuffer.TYPE_BYTE;
    }

    private static Pixels grey(Raster raster, int width, int height) {
        byte[] samples = new byte[width * height];
        raster.getDataElements(0, 0, width, height, samples);
        return new Pixels(width, height, 1, samples);
    }

    private static Pixels colour(BufferedImage image, int width, int height) {
        byte[] samples = new byte[Math.multiplyExact(width * height, 3)];
        int[] row = new int[width];
        int next = 0;
        for (int y = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int pixel : row) {
                samples[next++] = (byte) (pixel >> 16);
                samples[next++] = (byte) (pixel >> 8);
                samples[next++] = (byte) pixel;
            }
        }
        return new Pixels(width, height, 3, samples);
    }
}
