// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.graph.Axes;
import io.windhover.models.graph.FloatMean;
import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Window;
import java.util.Arrays;

/** Float pooling, reduction and padding. */
final class FloatMapKernels {
    private FloatMapKernels() {}

    static void pool(FloatPool operator, Values values) {
        float[] input = values.floats(operator.input());
        Shape in = values.shape(operator.input());
        Shape out = values.shape(operator.output());
        float[] output = new float[out.elements()];
        Window window = operator.window();
        int positions = window.kernelHeight() * window.kernelWidth();
        int channels = in.channels();
        PoolKernels.forEachWindow(window, in, out, (pixel, rows, columns) -> {
            int count = operator.countPadding() ? positions : rows.size() * columns.size();
            for (int c = 0; c < channels; c++) {
                double sum = 0;
                float largest = Float.NEGATIVE_INFINITY;
                for (int y = rows.first(); y < rows.end(); y += rows.step()) {
                    for (int x = columns.first(); x < columns.end(); x += columns.step()) {
                        float value = input[(y * in.width() + x) * channels + c];
                        sum += value;
                        largest = Math.max(largest, value);
                    }
                }
                output[pixel * channels + c] = operator.maximum() ? largest : (float) (sum / count);
            }
        });
        values.setFloats(operator.output(), output);
    }

    static void mean(FloatMean operator, Values values) {
        float[] input = values.floats(operator.input());
        Shape in = values.shape(operator.input());
        Axes axes = operator.axes();
        Shape reduced = axes.reduced(in);
        double[] sums = new double[reduced.elements()];
        for (int i = 0; i < input.length; i++) {
            int c = axes.channels() ? 0 : i % in.channels();
            int x = axes.width() ? 0 : i / in.channels() % in.width();
            int y = axes.height() ? 0 : i / in.channels() / in.width();
            sums[(y * reduced.width() + x) * reduced.channels() + c] += input[i];
        }
        float[] output = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            output[i] = (float) (sums[i] / axes.count(in));
        }
        values.setFloats(operator.output(), output);
    }

    static void pad(FloatPad operator, Values values) {
        float[] input = values.floats(operator.input());
        Shape in = values.shape(operator.input());
        Shape out = values.shape(operator.output());
        float[] output = new float[out.elements()];
        Arrays.fill(output, operator.value());
        for (int pixel = 0; pixel < in.height() * in.width(); pixel++) {
            int y = pixel / in.width() + operator.padding().top();
            int x = pixel % in.width() + operator.padding().left();
            System.arraycopy(
                    input,
                    pixel * in.channels(),
                    output,
                    (y * out.width() + x) * out.channels() + operator.channelsBefore(),
                    in.channels());
        }
        values.setFloats(operator.output(), output);
    }
}
