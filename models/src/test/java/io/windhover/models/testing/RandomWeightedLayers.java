// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.testing;

import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;

/** Layers with int8 weights. */
final class RandomWeightedLayers {
    private static final double CODE_DEVIATION = 74;
    private static final int LARGEST_BIAS = 20_000;

    private RandomWeightedLayers() {}

    /** What follows the accumulators. */
    private enum Result {
        INT8,
        BITS,
        RAW
    }

    static Graph convolution(String name, Draw draw) {
        Shape in = draw.map();
        return convolution(name, draw, in, draw.window(in, true), 1, draw.channels(48), Result.INT8);
    }

    static Graph pointwise(String name, Draw draw) {
        return convolution(
                name, draw, draw.map(), Window.square(1, draw.between(1, 2), 0), 1, draw.channels(72), Result.INT8);
    }

    static Graph grouped(String name, Draw draw) {
        int groups = draw.between(2, 5);
        Shape map = draw.map();
        Shape in = Shape.map(map.height(), map.width(), groups * draw.between(1, 12));
        return convolution(name, draw, in, draw.window(in, false), groups, groups * draw.between(1, 12), Result.INT8);
    }

    static Graph convolutionToBits(String name, Draw draw) {
        Shape in = draw.map();
        return convolution(name, draw, in, draw.window(in, false), 1, draw.channels(48), Result.BITS);
    }

    static Graph convolutionToAccumulators(String name, Draw draw) {
        Shape in = draw.map();
        return convolution(name, draw, in, draw.window(in, false), 1, draw.channels(48), Result.RAW);
    }

    private static Graph convolution(
            String name, Draw draw, Shape in, Window window, int groups, int outputChannels, Result result) {
        int terms = window.kernelHeight() * window.kernelWidth() * (in.channels() / groups);
        GraphBuilder graph = new GraphBuilder(name);
        Quantization quantization = draw.quantization();
        int input = graph.input("input", TensorType.INT8, in, quantization);
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), outputChannels);
        double deviation = Math.sqrt(terms) * CODE_DEVIATION * CODE_DEVIATION;
        Quantization outputQuantization = draw.quantization();
        int output = outputTensor(graph, out, result, outputQuantization);
        PostProcess post = post(draw, outputChannels, deviation, result, outputQuantization);
        graph.operator(new Convolution(
                "convolution",
                new int[] {input},
                new int[] {output},
                window,
                outputChannels,
                groups,
                draw.weights(outputChannels * terms),
                0,
                draw.biases(outputChannels, LARGEST_BIAS),
                quantization.zeroPoint(),
                post));
        return graph.build(output);
    }

    private static int outputTensor(GraphBuilder graph, Shape out, Result result, Quantization quantization) {
        return switch (result) {
            case INT8 -> graph.tensor("output", TensorType.INT8, out, quantization);
            case BITS -> graph.tensor("output", TensorType.BITS, out, null);
            case RAW -> graph.tensor("output", TensorType.INT32, out, null);
        };
    }

    private static PostProcess post(
            Draw draw, int channels, double deviation, Result result, Quantization quantization) {
        return switch (result) {
            case INT8 -> draw.requantize(channels, deviation, quantization.zeroPoint());
            case BITS -> draw.thresholds(channels, (int) deviation);
            case RAW -> new PostProcess.Raw();
        };
    }

    static Graph depthwise(String name, Draw draw) {
        Shape in = draw.map();
        Window window = draw.window(in, true);
        int multiplier = draw.oneIn(4) ? draw.between(2, 4) : 1;
        int channels = in.channels() * multiplier;
        int terms = window.kernelHeight() * window.kernelWidth();
        GraphBuilder graph = new GraphBuilder(name);
        Quantization quantization = draw.quantization();
        int input = graph.input("input", TensorType.INT8, in, quantization);
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), channels);
        Quantization outputQuantization = draw.quantization();
        int output = graph.tensor("output", TensorType.INT8, out, outputQuantization);
        double deviation = Math.sqrt(terms) * CODE_DEVIATION * CODE_DEVIATION;
        graph.operator(new DepthwiseConvolution(
                "depthwise",
                new int[] {input},
                new int[] {output},
                window,
                multiplier,
                draw.weights(terms * channels),
                0,
                draw.biases(channels, LARGEST_BIAS),
                quantization.zeroPoint(),
                draw.requantize(channels, deviation, outputQuantization.zeroPoint())));
        return graph.build(output);
    }

    static Graph fullyConnected(String name, Draw draw) {
        Shape in = draw.oneIn(3)
                ? Shape.map(draw.between(1, 6), draw.between(1, 6), draw.channels(40))
                : Shape.vector(draw.between(1, 600));
        int outputChannels = draw.between(1, 130);
        GraphBuilder graph = new GraphBuilder(name);
        Quantization quantization = draw.quantization();
        int input = graph.input("input", TensorType.INT8, in, quantization);
        Quantization outputQuantization = draw.quantization();
        int output = graph.tensor("output", TensorType.INT8, Shape.vector(outputChannels), outputQuantization);
        double deviation = Math.sqrt(in.elements()) * CODE_DEVIATION * CODE_DEVIATION;
        graph.operator(new FullyConnected(
                "fully_connected",
                new int[] {input},
                new int[] {output},
                outputChannels,
                draw.weights(outputChannels * in.elements()),
                0,
                draw.biases(outputChannels, LARGEST_BIAS),
                quantization.zeroPoint(),
                draw.requantize(outputChannels, deviation, outputQuantization.zeroPoint())));
        return graph.build(output);
    }
}
