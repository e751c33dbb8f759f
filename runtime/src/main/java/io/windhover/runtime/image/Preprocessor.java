// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.exception.WindhoverException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
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
    private final int elementBytes;
    /** The bytes of each level's element, a table for each channel. */
    private final byte[] elements;

    private byte[] converted = new byte[0];
    private @Nullable Resampling resampling;

    /**
     * From images of one size.
     *
     * @param rows the latest rows that were resized horizontally
     * @param sums a row of levels
     * @param line a row of the tensor, with the bars beside the image
     * @param bar a row of the tensor above or below the image
     */
    private record Resampling(
            int width,
            int height,
            Placement placement,
            View view,
            Resizer columns,
            Resizer lines,
            float[][] rows,
            float[] sums,
            byte[] line,
            byte[] bar) {
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
        if (!input.type().isByte() && input.type() != TensorType.FLOAT32) {
            throw new WindhoverException(input + " takes no pixels; give its bytes, not an image.");
        }
        this.elementBytes = input.type().isByte() ? 1 : Float.BYTES;
        this.elements = new byte[MOST_CHANNELS * LEVELS * elementBytes];
        fillTable(preprocessing);
    }

    private void fillTable(@Nullable Preprocessing preprocessing) {
        ByteBuffer table = ByteBuffer.wrap(elements).order(ByteOrder.LITTLE_ENDIAN);
        for (int channel = 0; channel < MOST_CHANNELS; channel++) {
            for (int level = 0; level < LEVELS; level++) {
                if (input.type().isByte()) {
                    table.put(
                            preprocessing == null
                                    ? (byte) (level + input.type().minimum())
                                    : quantise(real(preprocessing, channel, level)));
                } else {
                    table.putFloat(preprocessing == null ? level / 255f : real(preprocessing, channel, level));
                }
            }
        }
    }

    private static float real(Preprocessing preprocessing, int channel, int level) {
        int of = Math.min(channel, preprocessing.mean().length - 1);
        return (level - preprocessing.mean()[of]) / preprocessing.deviation()[of];
    }

    private byte quantise(float real) {
        return (byte) input.requireQuantization()
                .code(real, input.type().minimum(), input.type().maximum());
    }

    /** How an image of this size lies in the tensor. */
    public View view(Pixels image) {
        if (flat) {
            fit(image);
        }
        return resampling(image).view;
    }

    /** Fills the tensor from its byte 0; the buffer's position does not matter and stays. */
    public void write(Pixels image, ByteBuffer tensor) {
        if (flat) {
            fit(image);
        }
        byte[] samples = withChannels(image);
        Resampling from = resampling(image);
        Placement.Rectangle to = from.placement.to();
        int held = 0;
        for (int row = 0; row < height; row++) {
            int y = row - to.y();
            if (y < 0 || y >= to.height()) {
                tensor.put(row * from.bar.length, from.bar);
                continue;
            }
            int end = from.lines.firstRow(y) + from.lines.rowWeights(y).length;
            for (held = Math.max(held, from.lines.firstRow(y)); held < end; held++) {
                from.columns.horizontal(samples, held * from.width * channels, channels, from.row(held));
            }
            sumRows(from, y);
            putElements(from.sums, from.line, to.x() * channels * elementBytes);
            tensor.put(row * from.line.length, from.line);
        }
    }

    private static void sumRows(Resampling from, int y) {
        float[] filter = from.lines.rowWeights(y);
        int first = from.lines.firstRow(y);
        Arrays.fill(from.sums, 0);
        int odd = filter.length % 2;
        if (odd != 0) {
            addRow(filter[0], from.row(first), from.sums);
        }
        for (int i = odd; i < filter.length; i += 2) {
            addRows(filter[i], from.row(first + i), filter[i + 1], from.row(first + i + 1), from.sums);
        }
    }

    private static void addRow(float weight, float[] row, float[] sums) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] += weight * row[x];
        }
    }

    /** Adds one row, then the next, with half the reads and writes. */
    private static void addRows(float weight, float[] row, float nextWeight, float[] nextRow, float[] sums) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] = sums[x] + weight * row[x] + nextWeight * nextRow[x];
        }
    }

    /** Writes a row of levels as elements of the tensor. */
    private void putElements(float[] levels, byte[] line, int start) {
        for (int channel = 0; channel < channels; channel++) {
            int sample = options.bgr() && channels == MOST_CHANNELS ? 2 - channel : channel;
            putChannel(levels, sample, channel, line, start + channel * elementBytes);
        }
    }

    private void putChannel(float[] levels, int sample, int channel, byte[] line, int start) {
        byte[] table = elements;
        int bytes = elementBytes;
        int step = channels;
        int base = channel * LEVELS;
        int next = start;
        for (int x = sample; x < levels.length; x += step) {
            int entry = (base + Math.min(255, (int) (levels[x] + 0.5f))) * bytes;
            for (int i = 0; i < bytes; i++) {
                line[next + i] = table[entry + i];
            }
            next += step * bytes;
        }
    }

    private byte[] bar() {
        float[] levels = new float[width * channels];
        Arrays.fill(levels, BAR_LEVEL);
        byte[] bar = new byte[levels.length * elementBytes];
        putElements(levels, bar, 0);
        return bar;
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
                    View.of(placement, image, width, height),
                    new Resizer(from.x(), from.width(), to.width()),
                    lines,
                    new float[tallest][to.width() * channels],
                    new float[to.width() * channels],
                    bar(),
                    bar());
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
