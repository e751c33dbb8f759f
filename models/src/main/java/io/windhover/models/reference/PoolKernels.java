// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import static io.windhover.models.arithmetic.FixedPoint.clamp;

import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.BinaryMaxPool;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;

/** Average and maximum over windows; only positions inside the map count. */
final class PoolKernels {
    private PoolKernels() {}

    static void average(AveragePool operator, Values values) {
        int[] codes = values.centred(operator.input(), 0);
        byte[] output = values.bytes(operator.output());
        boolean signed = values.tensor(operator.input()).type() == TensorType.INT8;
        Shape in = values.shape(operator.input());
        int channels = in.channels();
        forEachWindow(operator.window(), in, values.shape(operator.output()), (pixel, rows, columns) -> {
            int count = rows.size() * columns.size();
            for (int c = 0; c < channels; c++) {
                int sum = 0;
                for (int y = rows.first(); y < rows.end(); y += rows.step()) {
                    for (int x = columns.first(); x < columns.end(); x += columns.step()) {
                        sum += codes[(y * in.width() + x) * channels + c];
                    }
                }
                int half = signed && sum < 0 ? -(count / 2) : count / 2;
                output[pixel * channels + c] =
                        (byte) clamp((sum + half) / count, operator.clampMin(), operator.clampMax());
            }
        });
    }

    static void maximum(MaxPool operator, Values values) {
        int[] codes = values.centred(operator.input(), 0);
        byte[] output = values.bytes(operator.output());
        Shape in = values.shape(operator.input());
        int channels = in.channels();
        forEachWindow(operator.window(), in, values.shape(operator.output()), (pixel, rows, columns) -> {
            for (int c = 0; c < channels; c++) {
                int largest = Integer.MIN_VALUE;
                for (int y = rows.first(); y < rows.end(); y += rows.step()) {
                    for (int x = columns.first(); x < columns.end(); x += columns.step()) {
                        largest = Math.max(largest, codes[(y * in.width() + x) * channels + c]);
                    }
                }
                output[pixel * channels + c] = (byte) clamp(largest, operator.clampMin(), operator.clampMax());
            }
        });
    }

    static void binary(BinaryMaxPool operator, Values values) {
        byte[] input = values.bytes(operator.input());
        byte[] output = values.bytes(operator.output());
        Shape in = values.shape(operator.input());
        int pixelBytes = (in.channels() + 7) / 8;
        forEachWindow(operator.window(), in, values.shape(operator.output()), (pixel, rows, columns) -> {
            for (int y = rows.first(); y < rows.end(); y += rows.step()) {
                for (int x = columns.first(); x < columns.end(); x += columns.step()) {
                    for (int i = 0; i < pixelBytes; i++) {
                        output[pixel * pixelBytes + i] |= input[(y * in.width() + x) * pixelBytes + i];
                    }
                }
            }
        });
    }

    /** Every {@code step}-th position from first to below end. */
    record Span(int first, int end, int step) {
        int size() {
            return (end - first + step - 1) / step;
        }
    }

    @FunctionalInterface
    interface WindowVisitor {
        void visit(int outputPixel, Span rows, Span columns);
    }

    static void forEachWindow(Window window, Shape in, Shape out, WindowVisitor visitor) {
        for (int y = 0; y < out.height(); y++) {
            int top = y * window.strideY() - window.padding().top();
            Span rows = span(top, window.kernelHeight(), window.dilationY(), in.height());
            for (int x = 0; x < out.width(); x++) {
                int left = x * window.strideX() - window.padding().left();
                Span columns = span(left, window.kernelWidth(), window.dilationX(), in.width());
                Cancellation.check();
                visitor.visit(y * out.width() + x, rows, columns);
            }
        }
    }

    private static Span span(int origin, int kernel, int dilation, int limit) {
        int outside = origin < 0 ? (dilation - 1 - origin) / dilation : 0;
        return new Span(origin + outside * dilation, Math.min(limit, origin + (kernel - 1) * dilation + 1), dilation);
    }
}
