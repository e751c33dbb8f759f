// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.testing;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Add;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Axes;
import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LocallyConnected;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Maximum;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Minimum;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.PRelu;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.Subtract;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Threshold;
import io.windhover.models.graph.TransposedConvolution;
import io.windhover.models.graph.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Networks in which every kind of operator reads what any other left: views, joins of constants, maps of several
 * readers, broadcasts of computed maps, several inputs and outputs.
 */
final class RandomMixtures {
    private static final double CODE_DEVIATION = 74;
    private static final int MOST_ELEMENTS = 6000;
    private static final int LARGEST_BIAS = 20_000;

    private final Draw draw;
    private final LayoutSteps steps;
    private final GraphBuilder graph;
    private final List<Integer> maps = new ArrayList<>();

    private RandomMixtures(String name, long seed) {
        draw = new Draw(seed ^ 0x313CL << 32);
        graph = new GraphBuilder(name);
        steps = new LayoutSteps(graph, draw);
    }

    static Graph mixture(String name, long seed) {
        return new RandomMixtures(name, seed).build();
    }

    private Graph build() {
        Shape shape = Shape.map(draw.between(1, 12), draw.between(1, 12), draw.channels(40));
        int inputs = draw.between(1, 3);
        for (int i = 0; i < inputs; i++) {
            maps.add(steps.input(i == 0 ? shape : over(shape)));
        }
        int layers = draw.between(1, 7);
        for (int i = 0; i < layers || maps.size() == inputs; i++) {
            int map = draw.oneIn(2) ? maps.get(maps.size() - 1) : maps.get(draw.between(0, maps.size() - 1));
            int made = append(map);
            if (made != map) {
                maps.add(made);
            }
        }
        int last = maps.get(maps.size() - 1);
        int other = maps.get(draw.between(0, maps.size() - 1));
        boolean alone = draw.oneIn(2) || other == last || steps.isInput(other);
        return alone ? graph.build(last) : graph.build(other, last);
    }

    /** The shape itself or one that an element-wise operator spreads over it. */
    private Shape over(Shape shape) {
        return switch (draw.between(0, 5)) {
            case 0 -> Shape.map(1, 1, shape.channels());
            case 1 -> Shape.map(shape.height(), shape.width(), 1);
            case 2 -> Shape.map(1, 1, 1);
            default -> shape;
        };
    }

    private int append(int map) {
        Shape shape = graph.shape(map);
        if (draw.oneIn(2)) {
            return steps.append(map);
        }
        return switch (draw.between(0, 11)) {
            case 0 -> convolution(map, shape);
            case 1 -> depthwise(map, shape);
            case 2 -> shape.elements() > MOST_ELEMENTS ? fullyConnected(map, shape) : transposed(map, shape);
            case 3 -> shape.elements() > MOST_ELEMENTS ? convolution(map, shape) : locallyConnected(map, shape);
            case 4 -> fullyConnected(map, shape);
            case 5 -> pool(map, shape);
            case 6 -> mean(map, shape);
            case 7 -> rectifier(map, shape);
            case 8 -> binary(map, shape);
            case 9 -> shape.elements() > MOST_ELEMENTS ? strided(map, shape) : padded(map, shape);
            default -> elementwise(map, shape);
        };
    }

    private int zero() {
        return steps.quantization.zeroPoint();
    }

    private PostProcess.Requantize requantize(int channels, int terms) {
        return draw.requantize(channels, Math.sqrt(terms) * CODE_DEVIATION * CODE_DEVIATION, zero(), steps.type);
    }

    private int weightZeroPoint() {
        return steps.type == TensorType.UINT8 ? draw.between(-128, 127) : 0;
    }

    private static Shape windowed(Shape shape, Window window, int channels) {
        return Shape.map(window.outputHeight(shape.height()), window.outputWidth(shape.width()), channels);
    }

    private int convolution(int map, Shape shape) {
        Window window = draw.oneIn(2) ? Window.square(1, 1, 0) : draw.window(shape, true);
        int groups =
                shape.channels() % 2 == 0 && draw.oneIn(3) ? 2 : shape.channels() % 3 == 0 && draw.oneIn(3) ? 3 : 1;
        int outputs = groups * draw.channels(24);
        int terms = window.kernelHeight() * window.kernelWidth() * shape.channels() / groups;
        return steps.add(
                windowed(shape, window, outputs),
                (name, to) -> new Convolution(
                        name,
                        new int[] {map},
                        to,
                        window,
                        outputs,
                        groups,
                        draw.weights(outputs * terms),
                        weightZeroPoint(),
                        draw.biases(outputs, LARGEST_BIAS),
                        zero(),
                        requantize(outputs, terms)));
    }

    private int depthwise(int map, Shape shape) {
        Window window = draw.window(shape, true);
        int multiplier = shape.channels() < 100 && draw.oneIn(3) ? draw.between(2, 3) : 1;
        int outputs = shape.channels() * multiplier;
        int terms = window.kernelHeight() * window.kernelWidth();
        return steps.add(
                windowed(shape, window, outputs),
                (name, to) -> new DepthwiseConvolution(
                        name,
                        new int[] {map},
                        to,
                        window,
                        multiplier,
                        draw.weights(outputs * terms),
                        weightZeroPoint(),
                        draw.biases(outputs, LARGEST_BIAS),
                        zero(),
                        requantize(outputs, terms)));
    }

    private int transposed(int map, Shape shape) {
        Window drawn = draw.window(shape, false);
        Window window = new Window(
                drawn.kernelHeight(), drawn.kernelWidth(), drawn.strideY(), drawn.strideX(), 1, 1, Padding.NONE);
        int outputs = draw.channels(12);
        int terms = window.kernelHeight() * window.kernelWidth() * shape.channels();
        Shape out = Shape.map(
                (shape.height() - 1) * window.strideY() + window.kernelHeight(),
                (shape.width() - 1) * window.strideX() + window.kernelWidth(),
                outputs);
        return steps.add(
                out,
                (name, to) -> new TransposedConvolution(
                        name,
                        new int[] {map},
                        to,
                        window,
                        outputs,
                        draw.weights(outputs * terms),
                        weightZeroPoint(),
                        draw.biases(outputs, LARGEST_BIAS),
                        zero(),
                        requantize(outputs, terms)));
    }

    private int locallyConnected(int map, Shape shape) {
        Window window = draw.window(shape, false);
        Shape out = windowed(shape, window, draw.channels(9));
        int terms = window.kernelHeight() * window.kernelWidth() * shape.channels();
        if (steps.type == TensorType.UINT8 || (long) terms * out.elements() > 1 << 20) {
            return map;
        }
        return steps.add(
                out,
                (name, to) -> new LocallyConnected(
                        name,
                        new int[] {map},
                        to,
                        window,
                        out.channels(),
                        draw.weights(out.elements() * terms),
                        draw.biases(out.elements(), LARGEST_BIAS),
                        zero(),
                        requantize(out.channels(), terms)));
    }

    private int fullyConnected(int map, Shape shape) {
        int outputs = draw.channels(40);
        int terms = shape.elements();
        return steps.add(
                Shape.vector(outputs),
                (name, to) -> new FullyConnected(
                        name,
                        new int[] {map},
                        to,
                        outputs,
                        draw.weights(outputs * terms),
                        weightZeroPoint(),
                        draw.biases(outputs, LARGEST_BIAS),
                        zero(),
                        requantize(outputs, terms)));
    }

    private int pool(int map, Shape shape) {
        Window window = draw.window(shape, false);
        int low = steps.type.minimum();
        int high = draw.oneIn(2) ? steps.type.maximum() : draw.between(low + 1, steps.type.maximum());
        boolean largest = draw.oneIn(2);
        return steps.add(
                windowed(shape, window, shape.channels()),
                (name, to) -> largest
                        ? new MaxPool(name, new int[] {map}, to, window, low, high)
                        : new AveragePool(name, new int[] {map}, to, window, low, high));
    }

    private int mean(int map, Shape shape) {
        int chosen = draw.between(1, 7);
        Axes axes = new Axes((chosen & 1) != 0, (chosen & 2) != 0, (chosen & 4) != 0);
        float scale = steps.quantization.scale();
        return steps.add(
                axes.reduced(shape),
                (name, to) -> new Mean(
                        name,
                        new int[] {map},
                        to,
                        axes,
                        zero(),
                        Rescaling.mean(scale, scale, axes.count(shape)),
                        zero()));
    }

    private int rectifier(int map, Shape shape) {
        byte[] slopes = draw.weights(shape.channels());
        return steps.add(
                shape,
                (name, to) -> new PRelu(
                        name,
                        new int[] {map},
                        to,
                        slopes,
                        zero(),
                        zero(),
                        new Rescale(1 << 30, 1),
                        Rescaling.quantizeMultiplier(0.01),
                        zero()));
    }

    /** To bits and back. */
    private int binary(int map, Shape shape) {
        int bits = graph.tensor("bits_" + map + "_" + maps.size(), TensorType.BITS, shape, null);
        graph.operator(new Threshold(
                "threshold_" + maps.size(), new int[] {map}, new int[] {bits}, draw.thresholds(shape.channels(), 100)));
        Window window = draw.window(shape, false);
        int outputs = draw.channels(24);
        int taps = window.kernelHeight() * window.kernelWidth();
        BinaryConvolution.Outside outside = BinaryConvolution.Outside.values()[draw.between(0, 2)];
        return steps.add(
                windowed(shape, window, outputs),
                (name, to) -> new BinaryConvolution(
                        name,
                        new int[] {bits},
                        to,
                        window,
                        outputs,
                        draw.bits(outputs * taps, shape.channels()),
                        outside,
                        new int[outputs],
                        draw.requantize(outputs, Math.sqrt(taps * shape.channels()), zero(), steps.type)));
    }

    private int padded(int map, Shape shape) {
        Padding padding = new Padding(draw.between(0, 2), draw.between(0, 2), draw.between(0, 2), draw.between(0, 2));
        int before = draw.oneIn(2) ? 0 : draw.between(0, 5);
        int after = draw.oneIn(2) ? 0 : draw.between(0, 5);
        int value = draw.oneIn(2) ? zero() : draw.between(0, 127);
        Shape out = Shape.map(
                shape.height() + padding.top() + padding.bottom(),
                shape.width() + padding.left() + padding.right(),
                shape.channels() + before + after);
        return steps.add(out, (name, to) -> new Pad(name, new int[] {map}, to, padding, before, after, value));
    }

    private int strided(int map, Shape shape) {
        int y = shape.height() > 1 ? 2 : 1;
        int x = shape.width() > 1 ? 2 : 1;
        int c = shape.channels() > 1 ? 2 : 1;
        Shape out = Shape.map(shape.height() / y, shape.width() / x, shape.channels() / c);
        return steps.add(out, (name, to) -> new Slice(name, new int[] {map}, to, y - 1, x - 1, 0, y, x, c));
    }

    private int elementwise(int map, Shape shape) {
        int second = second(map, shape);
        int[] from = {map, second};
        float scale = steps.quantization.scale();
        Rescaling.Addition sum = Rescaling.addition(scale, scale, scale);
        int low = steps.type.minimum();
        int high = steps.type.maximum();
        return steps.add(
                shape,
                switch (draw.between(0, 4)) {
                    case 0 ->
                        (name, to) -> new Add(
                                name,
                                from,
                                to,
                                sum.leftShift(),
                                zero(),
                                sum.first(),
                                zero(),
                                sum.second(),
                                zero(),
                                sum.result(),
                                low,
                                high);
                    case 1 ->
                        (name, to) -> new Subtract(
                                name,
                                from,
                                to,
                                draw.oneIn(2),
                                sum.leftShift(),
                                zero(),
                                sum.first(),
                                zero(),
                                sum.second(),
                                zero(),
                                sum.result(),
                                low,
                                high);
                    case 2 ->
                        (name, to) -> new Multiply(
                                name, from, to, zero(), zero(), Rescaling.quantizeMultiplier(0.01), zero(), low, high);
                    case 3 -> (name, to) -> new Maximum(name, from, to);
                    default -> (name, to) -> new Minimum(name, from, to);
                });
    }

    /** A map that covers this one, a mean of it, or a constant. */
    private int second(int map, Shape shape) {
        List<Integer> fitting =
                maps.stream().filter(other -> covers(graph.shape(other), shape)).toList();
        return switch (draw.between(0, 3)) {
            case 0 -> steps.constant(over(shape));
            case 1 -> covers(graph.shape(map), shape) && draw.oneIn(2) ? map : broadcastMean(map, shape);
            default -> fitting.get(draw.between(0, fitting.size() - 1));
        };
    }

    private int broadcastMean(int map, Shape shape) {
        Axes axes = draw.oneIn(2) ? Axes.SPATIAL : new Axes(false, false, true);
        float scale = steps.quantization.scale();
        return steps.add(
                axes.reduced(shape),
                (name, to) -> new Mean(
                        name,
                        new int[] {map},
                        to,
                        axes,
                        zero(),
                        Rescaling.mean(scale, scale, axes.count(shape)),
                        zero()));
    }

    private static boolean covers(Shape second, Shape first) {
        boolean pixels = second.channels() == 1 && second.height() == first.height() && second.width() == first.width();
        boolean channels = second.elements() == second.channels() && second.channels() == first.channels();
        return first.sameMap(second) || second.elements() == 1 || channels || pixels;
    }
}
