// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.stage;

import io.windhover.contract.Contract;
import io.windhover.models.graph.Window;
import io.windhover.runtime.compiler.program.FieldLimits;

/**
 * A sliding window, with the padding that lies before the first row and column; padding after follows from the sizes.
 */
public record Geometry(
        int kernelHeight,
        int kernelWidth,
        int strideY,
        int strideX,
        int dilationY,
        int dilationX,
        int padTop,
        int padLeft) {
    public static final Geometry POINT = new Geometry(1, 1, 1, 1, 1, 1, 0, 0);

    public static Geometry of(Window window) {
        return new Geometry(
                window.kernelHeight(),
                window.kernelWidth(),
                window.strideY(),
                window.strideX(),
                window.dilationY(),
                window.dilationX(),
                window.padding().top(),
                window.padding().left());
    }

    public static Geometry whole(int height, int width) {
        return new Geometry(height, width, 1, 1, 1, 1, 0, 0);
    }

    /** The same window without strides that are never taken and dilations between no taps. */
    Geometry reduced(int outputRows, int outputColumns) {
        return new Geometry(
                kernelHeight,
                kernelWidth,
                outputRows == 1 ? 1 : strideY,
                outputColumns == 1 ? 1 : strideX,
                kernelHeight == 1 ? 1 : dilationY,
                kernelWidth == 1 ? 1 : dilationX,
                padTop,
                padLeft);
    }

    /** Input columns, in whole words of 4, that lie before every window. */
    static int columnsBefore(int padLeft) {
        return Math.max(0, -padLeft) / 4 * 4;
    }

    /** First input row that output rows from {@code outRow} on read: a command's row 0 when it starts there. */
    public int inputLow(int outRow, int height) {
        return Math.min(Math.max(outRow * strideY - padTop, 0), height - 1);
    }

    /** One past the last input row that output rows below {@code outRows} read. */
    public int inputHigh(int outRows, int height) {
        long high = (outRows - 1L) * strideY - padTop + (kernelHeight - 1L) * dilationY + 1;
        return (int) Math.max(Math.min(high, height), 1);
    }

    /**
     * The rows of a map that exist from this row on, as far as a command can name them: it reads no more than are kept
     * on chip, which are fewer.
     */
    public static int rowsFrom(int row, int height) {
        return Math.min(height - row, FieldLimits.ROWS);
    }

    /**
     * The command's pad_top when it starts at {@code outRow}. Windows below the map read padding alone, however far
     * below they are.
     */
    public int padTopAt(int outRow, int height) {
        return Math.max(inputLow(outRow, height) - (outRow * strideY - padTop), FieldLimits.LEAST_PADDING);
    }

    boolean isPoint() {
        return kernelHeight == 1 && kernelWidth == 1 && strideY == 1 && strideX == 1 && padTop == 0 && padLeft == 0;
    }

    /** True when no window of {@code output} reaches beyond {@code input}. */
    public boolean staysInside(MapNode input, MapNode output) {
        return padTop == 0
                && padLeft == 0
                && (output.height - 1) * strideY + (kernelHeight - 1) * dilationY < input.height
                && (output.width - 1) * strideX + (kernelWidth - 1) * dilationX < input.width;
    }

    /** Steps of the dense array for one group of outputs that read this many blocks of input channels. */
    public int denseSets(int channelBlocks, int reduction) {
        int chunk = reduction / Contract.BLOCK_CHANNELS;
        return kernelHeight * kernelWidth * ((channelBlocks + chunk - 1) / chunk);
    }

    /** Steps of the depthwise array for one group of channels, each over a window of the kernel. */
    public int depthwiseSets(int windowHeight, int windowWidth) {
        return ((kernelHeight + windowHeight - 1) / windowHeight) * ((kernelWidth + windowWidth - 1) / windowWidth);
    }
}
