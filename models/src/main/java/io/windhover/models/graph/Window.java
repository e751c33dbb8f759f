// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/** How a kernel slides over a map. All counts are in pixels. */
public record Window(
        int kernelHeight, int kernelWidth, int strideY, int strideX, int dilationY, int dilationX, Padding padding) {
    private static final int LIMIT = 1 << 16;

    public Window {
        require(
                inRange(kernelHeight) && inRange(kernelWidth),
                "Kernel %dx%d is outside 1..%d.",
                kernelHeight,
                kernelWidth,
                LIMIT);
        require(inRange(strideY) && inRange(strideX), "Stride %dx%d is outside 1..%d.", strideY, strideX, LIMIT);
        require(
                inRange(dilationY) && inRange(dilationX),
                "Dilation %dx%d is outside 1..%d.",
                dilationY,
                dilationX,
                LIMIT);
    }

    /** A square kernel with square stride and the same padding on every side. */
    public static Window square(int kernel, int stride, int pad) {
        return new Window(kernel, kernel, stride, stride, 1, 1, new Padding(pad, pad, pad, pad));
    }

    /** TensorFlow's SAME padding: output is ceil(input / stride), the odd row or column goes after. */
    public static Window same(
            int height,
            int width,
            int kernelHeight,
            int kernelWidth,
            int strideY,
            int strideX,
            int dilationY,
            int dilationX) {
        int totalY = sameTotal(height, kernelHeight, strideY, dilationY);
        int totalX = sameTotal(width, kernelWidth, strideX, dilationX);
        Padding padding = new Padding(totalY / 2, totalX / 2, totalY - totalY / 2, totalX - totalX / 2);
        return new Window(kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX, padding);
    }

    public Window withPadding(Padding other) {
        return new Window(kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX, other);
    }

    /** Rows of the output for this many rows of input; 0 or less when the kernel does not fit. */
    public int outputHeight(int inputHeight) {
        return outputs((long) inputHeight + padding.top() + padding.bottom(), kernelHeight, strideY, dilationY);
    }

    /** Columns of the output for this many columns of input; 0 or less when the kernel does not fit. */
    public int outputWidth(int inputWidth) {
        return outputs((long) inputWidth + padding.left() + padding.right(), kernelWidth, strideX, dilationX);
    }

    public boolean isDilated() {
        return dilationY > 1 || dilationX > 1;
    }

    /** True when every window over a map of this size has a tap inside it. */
    public boolean readsMap(int inputHeight, int inputWidth) {
        return reads(inputHeight, outputHeight(inputHeight), padding.top(), kernelHeight, strideY, dilationY)
                && reads(inputWidth, outputWidth(inputWidth), padding.left(), kernelWidth, strideX, dilationX);
    }

    private static boolean reads(int size, int outputs, int before, int kernel, int stride, int dilation) {
        for (int output = 0; output < outputs; output++) {
            long start = (long) output * stride - before;
            long outside = start < 0 ? (dilation - 1 - start) / dilation : 0;
            if (outside >= kernel || start + outside * dilation >= size) {
                return false;
            }
        }
        return true;
    }

    private static int outputs(long padded, int kernel, int stride, int dilation) {
        long slack = padded - ((kernel - 1L) * dilation + 1);
        return slack < 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, slack / stride + 1);
    }

    private static int sameTotal(int input, int kernel, int stride, int dilation) {
        int output = (int) (((long) input + stride - 1) / stride);
        long total = (output - 1L) * stride + (kernel - 1L) * dilation + 1 - input;
        require(total <= Integer.MAX_VALUE, "Kernel %d with dilation %d is too wide to pad.", kernel, dilation);
        return (int) Math.max(0, total);
    }

    private static boolean inRange(int value) {
        return value >= 1 && value <= LIMIT;
    }
}
