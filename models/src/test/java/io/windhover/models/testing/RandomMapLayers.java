// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.testing;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Axes;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LocallyConnected;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.TransposedConvolution;
import io.windhover.models.graph.Window;

/**
 * Transposed and locally-connected convolution, means over any axes, and layers of uint8 files with weight zero points.
 */
final class RandomMapLayers {
    private static final double CODE_DEVIATION = 74;
    private static final int LARGEST_BIAS = 20_000;

    private RandomMapLayers() {}

    static Graph transposedConvolution(String name, Draw draw) {
        Shape map = draw.map();
        Shape in = Shape.map(Math.min(12, map.height()), Math.min(12, map.width()), Math.min(40, map.channels()));
        Window drawn = draw.window(in, false);
        int fullHeight = (in.height() - 1) * drawn.strideY() + drawn.kernelHeight();
        int fullWidth = (in.width() - 1) * drawn.strideX() + drawn.kernelWidth();
        Padding cut = drawn.padding();
        boolean cuttable = cut.top() + cut.bottom() < fullHeight && cut.left() + cut.right() < fullWidth;
        Window window = cuttable
                ? drawn
                : new Window(
                        drawn.kernelHeight(),
                        drawn.kernelWidth(),
                        drawn.strideY(),
                        drawn.strideX(),
                        1,
                        1,
                        Padding.NONE);
        Shape out = Shape.map(
                fullHeight - window.padding().top() - window.padding().bottom(),
                fullWidth - window.padding().left() - window.padding().right(),
                draw.channels(33));
        int terms = window.kernelHeight() * window.kernelWidth() * in.channels();
        Layer layer = new Layer(name, draw, draw.byteType(), in, out, terms);
        return layer.build(new TransposedConvolution(
                "transposed_convolution",
                layer.inputs(),
                layer.outputs(),
                window,
                out.channels(),
                draw.weights(out.channels() * terms),
                layer.weightZeroPoint,
                draw.biases(out.channels(), LARGEST_BIAS),
                layer.inputZeroPoint(),
                layer.post));
    }

    static Graph locallyConnected(String name, Draw draw) {
        Shape in = Shape.map(draw.between(1, 9), draw.between(1, 9), draw.channels(20));
        Window window = draw.window(in, false);
        Shape out = pooled(in, window, draw.channels(17));
        int terms = window.kernelHeight() * window.kernelWidth() * in.channels();
        Layer layer = new Layer(name, draw, TensorType.INT8, in, out, terms);
        return layer.build(new LocallyConnected(
                "locally_connected",
                layer.inputs(),
                layer.outputs(),
                window,
                out.channels(),
                draw.weights(out.elements() * terms),
                draw.biases(out.elements(), LARGEST_BIAS),
                layer.inputZeroPoint(),
                layer.post));
    }

    static Graph unsignedConvolution(String name, Draw draw) {
        Shape map = draw.map();
        int groups = draw.oneIn(4) ? 2 : 1;
        Shape in = Shape.map(map.height(), map.width(), groups * draw.channels(40));
        Window window = draw.window(in, true);
        Shape out = pooled(in, window, groups * draw.channels(40));
        int terms = window.kernelHeight() * window.kernelWidth() * in.channels() / groups;
        Layer layer = new Layer(name, draw, TensorType.UINT8, in, out, terms);
        return layer.build(new Convolution(
                "convolution",
                layer.inputs(),
                layer.outputs(),
                window,
                out.channels(),
                groups,
                draw.weights(out.channels() * terms),
                layer.weightZeroPoint,
                draw.biases(out.channels(), LARGEST_BIAS),
                layer.inputZeroPoint(),
                layer.post));
    }

    static Graph unsignedDepthwise(String name, Draw draw) {
        Shape in = draw.map();
        Window window = draw.window(in, true);
        int multiplier = draw.oneIn(4) ? draw.between(2, 8) : 1;
        Shape out = pooled(in, window, in.channels() * multiplier);
        int terms = window.kernelHeight() * window.kernelWidth();
        Layer layer = new Layer(name, draw, TensorType.UINT8, in, out, terms);
        return layer.build(new DepthwiseConvolution(
                "depthwise",
                layer.inputs(),
                layer.outputs(),
                window,
                multiplier,
                draw.weights(terms * out.channels()),
                layer.weightZeroPoint,
                draw.biases(out.channels(), LARGEST_BIAS),
                layer.inputZeroPoint(),
                layer.post));
    }

    static Graph unsignedFullyConnected(String name, Draw draw) {
        Shape in = Shape.vector(draw.between(1, 600));
        Shape out = Shape.vector(draw.between(1, 130));
        Layer layer = new Layer(name, draw, TensorType.UINT8, in, out, in.elements());
        return layer.build(new FullyConnected(
                "fully_connected",
                layer.inputs(),
                layer.outputs(),
                out.channels(),
                draw.weights(out.channels() * in.elements()),
                layer.weightZeroPoint,
                draw.biases(out.channels(), LARGEST_BIAS),
                layer.inputZeroPoint(),
                layer.post));
    }

    static Graph unsignedAveragePool(String name, Draw draw) {
        Shape in = draw.map();
        Window window =
                draw.oneIn(4) ? new Window(in.height(), in.width(), 1, 1, 1, 1, Padding.NONE) : draw.window(in, false);
        return pool(
                name,
                draw,
                in,
                window,
                (inputs, outputs) -> new AveragePool(
                        "average_pool", inputs, outputs, window, draw.between(0, 100), draw.between(100, 255)));
    }

    static Graph unsignedMaxPool(String name, Draw draw) {
        Shape in = draw.map();
        Window window = draw.window(in, false);
        return pool(
                name,
                draw,
                in,
                window,
                (inputs, outputs) ->
                        new MaxPool("max_pool", inputs, outputs, window, draw.between(0, 100), draw.between(100, 255)));
    }

    @FunctionalInterface
    private interface Pool {
        Operator over(int[] inputs, int[] outputs);
    }

    private static Graph pool(String name, Draw draw, Shape in, Window window, Pool pool) {
        Quantization quantization = draw.quantization(TensorType.UINT8);
        GraphBuilder graph = new GraphBuilder(name);
        int input = graph.input("input", TensorType.UINT8, in, quantization);
        int output = graph.tensor("output", TensorType.UINT8, pooled(in, window, in.channels()), quantization);
        return graph.operator(pool.over(new int[] {input}, new int[] {output})).build(output);
    }

    private static Shape pooled(Shape in, Window window, int channels) {
        return Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), channels);
    }

    static Graph meanOfAxes(String name, Draw draw) {
        Shape in = draw.map();
        int chosen = draw.between(1, 7);
        Axes axes = new Axes((chosen & 1) != 0, (chosen & 2) != 0, (chosen & 4) != 0);
        TensorType type = draw.byteType();
        Quantization from = draw.quantization(type);
        Quantization to = draw.quantization(type);
        GraphBuilder graph = new GraphBuilder(name);
        int input = graph.input("input", type, in, from);
        int output = graph.tensor("output", type, axes.reduced(in), to);
        graph.operator(new Mean(
                "mean",
                new int[] {input},
                new int[] {output},
                axes,
                from.zeroPoint(),
                draw.rescale(Rescaling.mean(from.scale(), to.scale(), axes.count(in))),
                to.zeroPoint()));
        return graph.build(output);
    }

    /** A layer with weights: its two tensors and its requantisation. */
    private static final class Layer {
        final int weightZeroPoint;
        final PostProcess post;
        private final GraphBuilder graph;
        private final int input;
        private final int output;

        /** {@code terms} is the number of products in one accumulator. */
        Layer(String name, Draw draw, TensorType type, Shape in, Shape out, int terms) {
            graph = new GraphBuilder(name);
            input = graph.input("input", type, in, draw.quantization(type));
            Quantization quantization = draw.quantization(type);
            output = graph.tensor("output", type, out, quantization);
            weightZeroPoint = type == TensorType.UINT8 ? draw.quantization().zeroPoint() : 0;
            post = draw.requantize(
                    out.channels(), Math.sqrt(terms) * CODE_DEVIATION * CODE_DEVIATION, quantization.zeroPoint(), type);
        }

        int[] inputs() {
            return new int[] {input};
        }

        int[] outputs() {
            return new int[] {output};
        }

        int inputZeroPoint() {
            return graph.tensor(input).requireQuantization().zeroPoint();
        }

        Graph build(Operator operator) {
            return graph.operator(operator).build(output);
        }
    }
}
