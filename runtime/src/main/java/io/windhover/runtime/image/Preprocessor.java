// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.exception.WindhoverException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes an image into an input tensor: resize, then (pixel - mean) / deviation, then the tensor's quantisation.
 * Without preprocessing the pixel is the code: as it is for UINT8, minus 128 for INT8, over 255 for FLOAT32. A tensor
 * of another channel count than 1 or 3 takes images that have just as many samples, in their order. Not thread-safe;
 * its working rows are kept from image to image.
 */
public final class Preprocessor {
    private static final int LEVELS = 256;
    private static final int MOST_CHANNELS = 3;
    /** Of the bars of a letterbox. */
    private static final int BAR_LEVEL = 114;

    private final Tensor input;
    private final ImageOptions options;
    /** The tensor is not a map of 1 or 3 channels: its height, width and channels are the image's. */
    private final boolean flat;

    private int height;
    private int width;
    private int channels;
    private final float[] realOfLevel;
    private final byte[] codeOfLevel;
    private byte[] converted = new byte[0];
    private @Nullable Resampling resampling;

    /** From images of one size, with the latest rows that were resized horizontally. */
    private record Resampling(
            int width, int height, Placement placement, Resizer columns, Resizer lines, float[][] rows) {
        float[] row(int y) {
            return rows[y % rows.length];
        }
    }

    public Preprocessor(Tensor input, @Nullable Preprocessing preprocessing) {
        this(input, preprocessing, ImageOptions.DEFAULT);
    }

    public Preprocessor(Tensor input, @Nullable Preprocessing preprocessing, ImageOptions options) {
        Shape shape = input.shape();
        this.input = input;
        this.options = options;
        this.height = shape.height();
        this.width = shape.width();
        this.channels = shape.channels();
        this.flat = channels != 1 && channels != 3;
        if (input.type() == TensorType.INT32 || input.type() == TensorType.BITS) {
            throw new WindhoverException(input + " takes no pixels; give its bytes, not an image.");
        }
        this.realOfLevel = new float[MOST_CHANNELS * LEVELS];
        this.codeOfLevel = new byte[MOST_CHANNELS * LEVELS];
        fillTables(preprocessing);
    }

    private void fillTables(@Nullable Preprocessing preprocessing) {
        for (int channel = 0; channel < MOST_CHANNELS; channel++) {
            for (int level = 0; level < LEVELS; level++) {
                int entry = channel * LEVELS + level;
                if (preprocessing == null) {
                    realOfLevel[entry] = level / 255f;
                    codeOfLevel[entry] = (byte) (level + input.type().minimum());
                } else {
                    int of = Math.min(channel, preprocessing.mean().length - 1);
                    realOfLevel[entry] =
                            (level - preprocessing.mean()[of]) / preprocessing.deviation()[of];
                    codeOfLevel[entry] = input.type().isByte() ? quantise(realOfLevel[entry]) : 0;
                }
            }
        }
    }

    private byte quantise(float real) {
        return (byte) input.requireQuantization()
                .code(real, input.type().minimum(), input.type().maximum());
    }

    /** Fills the tensor from its byte 0; the buffer's position does not matter and stays. */
    public void write(Pixels image, ByteBuffer tensor) {
        if (flat) {
            fit(image);
        }
        byte[] samples = withChannels(image);
        Resampling from = resampling(image);
        Placement.Rectangle to = from.placement.to();
        int next = fillBar(tensor, 0, to.y() * width);
        int held = 0;
        for (int y = 0; y < to.height(); y++) {
            float[] filter = from.lines.rowWeights(y);
            int first = from.lines.firstRow(y);
            for (held = Math.max(held, first); held < first + filter.length; held++) {
                from.columns.horizontal(samples, held * from.width * channels, channels, from.row(held));
            }
            next = fillBar(tensor, next, to.x());
            next = putRow(tensor, next, from, y);
            next = fillBar(tensor, next, width - to.width() - to.x());
        }
        fillBar(tensor, next, (height - to.height() - to.y()) * width);
    }

    private int putRow(ByteBuffer tensor, int position, Resampling from, int y) {
        float[] filter = from.lines.rowWeights(y);
        int first = from.lines.firstRow(y);
        int next = position;
        for (int x = 0; x < from.placement.to().width() * channels; x++) {
            int channel = x % channels;
            int sample = options.bgr() && channels == MOST_CHANNELS ? x + 2 - 2 * channel : x;
            float sum = 0;
            for (int i = 0; i < filter.length; i++) {
                sum += filter[i] * from.row(first + i)[sample];
            }
            next = put(tensor, next, channel, Math.min(255, (int) (sum + 0.5f)));
        }
        return next;
    }

    private int fillBar(ByteBuffer tensor, int position, int pixels) {
        int next = position;
        for (int x = 0; x < pixels * channels; x++) {
            next = put(tensor, next, x % channels, BAR_LEVEL);
        }
        return next;
    }

    private void fit(Pixels image) {
        int pixels = image.width() * image.height();
        int elements = input.shape().elements();
        if (elements != pixels && elements != pixels * MOST_CHANNELS) {
            throw new InputException(input + " is not an image (1 or 3 channels), and an image of " + image.width()
                    + " x " + image.height() + " has another number of samples; give its bytes instead.");
        }
        height = image.height();
        width = image.width();
        channels = elements / pixels;
    }

    private int put(ByteBuffer tensor, int position, int channel, int level) {
        int entry = channel * LEVELS + level;
        if (input.type().isByte()) {
            tensor.put(position, codeOfLevel[entry]);
            return position + 1;
        }
        int bits = Float.floatToRawIntBits(realOfLevel[entry]);
        for (int shift = 0; shift < 32; shift += 8) {
            tensor.put(position++, (byte) (bits >> shift));
        }
        return position;
    }

    private Resampling resampling(Pixels image) {
        Resampling known = resampling;
        if (known == null || known.width != image.width() || known.height != image.height()) {
            Placement placement = Placement.of(options.fit(), image, width, height);
            Placement.Rectangle from = placement.from();
            Placement.Rectangle to = placement.to();
            Resizer lines = new Resizer(from.y(), from.height(), to.height());
            int tallest = 1;
            for (int y = 0; y < to.height(); y++) {
                tallest = Math.max(tallest, lines.rowWeights(y).length);
            }
            known = new Resampling(
                    image.width(),
                    image.height(),
                    placement,
                    new Resizer(from.x(), from.width(), to.width()),
                    lines,
                    new float[tallest][to.width() * channels]);
            resampling = known;
        }
        return known;
    }

    private byte[] withChannels(Pixels image) {
        if (image.channels() == channels) {
            return image.samples();
        }
        int pixels = image.width() * image.height();
        if (converted.length != pixels * channels) {
            converted = new byte[pixels * channels];
        }
        byte[] source = image.samples();
        for (int pixel = 0; pixel < pixels; pixel++) {
            if (channels == 1) {
                converted[pixel] = (byte)
                        luminance(source[pixel * 3] & 255, source[pixel * 3 + 1] & 255, source[pixel * 3 + 2] & 255);
            } else {
                converted[pixel * 3] = source[pixel];
                converted[pixel * 3 + 1] = source[pixel];
                converted[pixel * 3 + 2] = source[pixel];
            }
        }
        return converted;
    }

    /** ITU-R BT.601 luma of gamma-coded red, green and blue, in 1/65536. */
    private static int luminance(int red, int green, int blue) {
        return (red * 19595 + green * 38470 + blue * 7471 + 32768) >> 16;
    }
}
