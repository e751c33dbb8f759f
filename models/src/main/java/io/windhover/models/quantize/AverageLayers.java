// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Averages into other codes than they read, and dilated ones: the real average, rounded once. Windows that count as
 * many positions are a depthwise layer of ones, whose sums are rounded. Where windows at the border count fewer, each
 * kind is a layer of its own over its part of the map, and the parts are joined; too many kinds are averaged in real
 * numbers.
 */
final class AverageLayers {
    private static final int MOST_PARTS = 9;

    private final QuantizationState state;

    AverageLayers(QuantizationState state) {
        this.state = state;
    }

    /**
     * Neighbouring outputs along a side of the map whose windows have the same taps inside it.
     *
     * @param origin where the first of them has its first tap
     */
    private record Run(int outputs, int origin, int taps, int firstTap) {
        boolean continues(Run before) {
            return taps == before.taps && firstTap == before.firstTap;
        }

        int inputs(int stride, int dilation) {
            return (outputs - 1) * stride + (taps - 1) * dilation + 1;
        }
    }

    void lower(FloatPool operator, QuantizationState.Result result) {
        Tensor input = state.operand(operator.input());
        Shape out = state.source.tensor(operator.output()).shape();
        Window window = operator.window();
        Padding padding = window.padding();
        List<Run> rows = runs(
                input.shape().height(),
                out.height(),
                window.kernelHeight(),
                window.strideY(),
                window.dilationY(),
                padding.top());
        List<Run> columns = runs(
                input.shape().width(),
                out.width(),
                window.kernelWidth(),
                window.strideX(),
                window.dilationX(),
                padding.left());
        boolean whole = rows.size() * columns.size() == 1
                && rows.get(0).taps == window.kernelHeight()
                && columns.get(0).taps == window.kernelWidth();
        if (operator.countPadding() || whole) {
            sums(operator.name(), input, state.declare(result), window, result);
        } else if (rows.size() * columns.size() <= MOST_PARTS) {
            parts(operator, input, rows, columns, result);
        } else {
            inRealNumbers(operator, result);
        }
    }

    private static List<Run> runs(int size, int outputs, int kernel, int stride, int dilation, int padding) {
        List<Run> runs = new ArrayList<>();
        for (int output = 0; output < outputs; output++) {
            int start = output * stride - padding;
            int first = Math.max(0, (dilation - 1 - start) / dilation);
            int last = Math.min(kernel - 1, (size - 1 - start) / dilation);
            Run run = new Run(1, start + first * dilation, last - first + 1, first);
            Run before = runs.isEmpty() ? null : runs.get(runs.size() - 1);
            if (before != null && run.continues(before)) {
                runs.set(runs.size() - 1, new Run(before.outputs + 1, before.origin, run.taps, first));
            } else {
                runs.add(run);
            }
        }
        return runs;
    }

    private void sums(String name, Tensor input, int output, Window window, QuantizationState.Result result) {
        int channels = input.shape().channels();
        int positions = window.kernelHeight() * window.kernelWidth();
        byte[] ones = new byte[channels * positions];
        Arrays.fill(ones, (byte) 1);
        Quantization from = input.requireQuantization();
        Rescale share = Rescaling.roundingOnce((double) from.scale() / ((double) result.scale() * positions));
        int[] multiplier = new int[channels];
        int[] shift = new int[channels];
        Arrays.fill(multiplier, share.multiplier());
        Arrays.fill(shift, share.shift());
        state.target.operator(new DepthwiseConvolution(
                name,
                new int[] {input.index()},
                new int[] {output},
                window,
                1,
                ones,
                0,
                new int[channels],
                from.zeroPoint(),
                new PostProcess.Requantize(multiplier, shift, result.zeroPoint(), result.low(), result.high())));
    }

    private void parts(
            FloatPool operator, Tensor input, List<Run> rows, List<Run> columns, QuantizationState.Result result) {
        String name = operator.name();
        int channels = input.shape().channels();
        int width = state.source.tensor(operator.output()).shape().width();
        int[] bands = new int[rows.size()];
        for (int y = 0; y < bands.length; y++) {
            int[] parts = new int[columns.size()];
            for (int x = 0; x < parts.length; x++) {
                parts[x] = part(
                        name + "_part_" + y + "_" + x, operator.window(), input, rows.get(y), columns.get(x), result);
            }
            Shape band = Shape.map(rows.get(y).outputs, width, channels);
            bands[y] = joined(name + "_row_" + y, parts, band, Concatenation.Axis.WIDTH, result);
        }
        state.target.operator(
                new Concatenation(name, bands, new int[] {state.declare(result)}, Concatenation.Axis.HEIGHT));
    }

    private int part(String name, Window window, Tensor input, Run rows, Run columns, QuantizationState.Result result) {
        int channels = input.shape().channels();
        Quantization codes = input.requireQuantization();
        int from = state.target.tensor(
                name + "_input",
                input.type(),
                Shape.map(
                        rows.inputs(window.strideY(), window.dilationY()),
                        columns.inputs(window.strideX(), window.dilationX()),
                        channels),
                codes);
        state.target.operator(new Slice(
                name + "_input", new int[] {input.index()}, new int[] {from}, rows.origin, columns.origin, 0, 1, 1, 1));
        int to = state.temporary(name, Shape.map(rows.outputs, columns.outputs, channels), result.activation());
        Window inside = new Window(
                rows.taps,
                columns.taps,
                window.strideY(),
                window.strideX(),
                window.dilationY(),
                window.dilationX(),
                Padding.NONE);
        sums(name, state.target.tensor(from), to, inside, result);
        return to;
    }

    private int joined(
            String name, int[] parts, Shape shape, Concatenation.Axis axis, QuantizationState.Result result) {
        if (parts.length == 1) {
            return parts[0];
        }
        int joined = state.temporary(name, shape, result.activation());
        state.target.operator(new Concatenation(name, parts, new int[] {joined}, axis));
        return joined;
    }

    private void inRealNumbers(FloatPool operator, QuantizationState.Result result) {
        int from = state.real(operator.input());
        int to = state.target.tensor(
                operator.name() + "_real",
                TensorType.FLOAT32,
                state.source.tensor(operator.output()).shape(),
                null);
        state.target.operator(new FloatPool(
                operator.name(), new int[] {from}, new int[] {to}, false, operator.window(), operator.countPadding()));
        Quantization codes = result.activation().quantization();
        state.unclamped(
                operator,
                result,
                output -> state.target.operator(new Quantize(
                        operator.name() + "_quantised",
                        new int[] {to},
                        new int[] {output},
                        codes.scale(),
                        codes.zeroPoint(),
                        codes.rounding())));
    }
}
