// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.testing;

import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.BinaryConvolution.Outside;
import io.windhover.models.graph.BinaryFullyConnected;
import io.windhover.models.graph.BinaryMaxPool;
import io.windhover.models.graph.BitPlanes;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Threshold;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.NetworkBuilder;
import java.util.Arrays;

/** Layers over packed bits. */
final class RandomBinaryLayers {
    private static final int LARGEST_BIAS = 8;
    private static final int LARGEST_FRACTION = 10;

    private RandomBinaryLayers() {}

    static Graph convolution(String name, Draw draw) {
        Shape map = draw.map();
        Shape in = draw.oneIn(4) ? Shape.map(map.height(), map.width(), draw.between(64, 200)) : map;
        Window window = draw.window(in, false);
        int outputChannels = draw.channels(72);
        int taps = window.kernelHeight() * window.kernelWidth();
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), outputChannels);
        Outside outside = Outside.values()[draw.between(0, Outside.values().length - 1)];
        GraphBuilder graph = new GraphBuilder(name);
        int input = graph.input("input", TensorType.BITS, in, null);
        Result result = result(graph, draw, out, Math.sqrt((double) taps * in.channels()), LARGEST_FRACTION);
        graph.operator(new BinaryConvolution(
                "binary_convolution",
                new int[] {input},
                new int[] {result.output()},
                window,
                outputChannels,
                draw.bits(outputChannels * taps, in.channels()),
                outside,
                biases(draw, outputChannels, result),
                result.fraction(),
                result.post()));
        return graph.build(result.output());
    }

    static Graph fullyConnected(String name, Draw draw) {
        Shape in = draw.oneIn(3)
                ? Shape.map(draw.between(1, 5), draw.between(1, 5), 8 * draw.between(1, 9))
                : Shape.vector(draw.between(1, 1000));
        int outputChannels = draw.between(1, 150);
        GraphBuilder graph = new GraphBuilder(name);
        int input = graph.input("input", TensorType.BITS, in, null);
        Result result = result(graph, draw, Shape.vector(outputChannels), Math.sqrt(in.elements()), LARGEST_FRACTION);
        graph.operator(new BinaryFullyConnected(
                "binary_fully_connected",
                new int[] {input},
                new int[] {result.output()},
                outputChannels,
                draw.bits(outputChannels, in.elements()),
                biases(draw, outputChannels, result),
                result.fraction(),
                result.post()));
        return graph.build(result.output());
    }

    static Graph maxPool(String name, Draw draw) {
        Shape in = draw.map();
        Window window = draw.window(in, false);
        GraphBuilder graph = new GraphBuilder(name);
        int input = graph.input("input", TensorType.BITS, in, null);
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), in.channels());
        int output = graph.tensor("output", TensorType.BITS, out, null);
        graph.operator(new BinaryMaxPool("binary_max_pool", new int[] {input}, new int[] {output}, window));
        return graph.build(output);
    }

    static Graph threshold(String name, Draw draw) {
        Shape in = draw.map();
        GraphBuilder graph = new GraphBuilder(name);
        int input = graph.input("input", TensorType.INT8, in, draw.quantization());
        int output = graph.tensor("output", TensorType.BITS, in, null);
        graph.operator(
                new Threshold("threshold", new int[] {input}, new int[] {output}, draw.thresholds(in.channels(), 140)));
        return graph.build(output);
    }

    /**
     * Int8 to levels of two to four bits a channel, and a binary convolution over them; level 0 outside the map where
     * there is an outside.
     */
    static Graph planes(String name, Draw draw) {
        int planes = draw.between(2, 4);
        Shape map = draw.map();
        Shape in = Shape.map(map.height(), map.width(), Math.min(map.channels(), 48));
        Window window = draw.window(in, false);
        int taps = window.kernelHeight() * window.kernelWidth();
        int outputs = draw.channels(40);
        GraphBuilder graph = new GraphBuilder(name);
        int input = graph.input("input", TensorType.INT8, in, draw.quantization());
        int levels = graph.tensor(
                "levels", TensorType.BITS, Shape.map(in.height(), in.width(), in.channels() * planes), null);
        byte[] ones = new byte[in.channels() * planes];
        Arrays.fill(ones, (byte) 1);
        graph.operator(new DepthwiseConvolution(
                "levels",
                new int[] {input},
                new int[] {levels},
                Window.square(1, 1, 0),
                planes,
                ones,
                0,
                new int[ones.length],
                0,
                draw.levels(in.channels(), planes, 140)));
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), outputs);
        Result result = result(graph, draw, out, Math.sqrt((double) taps * in.channels()) * planes, 0);
        byte[] weights = draw.bits(outputs * taps, in.channels());
        graph.operator(new BinaryConvolution(
                "sums",
                new int[] {levels},
                new int[] {result.output()},
                window,
                outputs,
                BitPlanes.overInputs(weights, in.channels(), planes),
                Outside.MINUS_ONE,
                BitPlanes.doublingBias(weights, outputs, in.channels(), planes),
                result.post()));
        return graph.build(result.output());
    }

    /** Int8 activations and weights of -1 and +1. */
    static Graph binaryWeights(String name, Draw draw) {
        Shape in = draw.map();
        Window window = draw.window(in, true);
        int outputs = draw.channels(48);
        int terms = window.kernelHeight() * window.kernelWidth() * in.channels();
        byte[] signs = new byte[outputs * terms];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = (byte) (draw.oneIn(2) ? 1 : -1);
        }
        GraphBuilder graph = new GraphBuilder(name);
        Quantization quantization = draw.quantization();
        int input = graph.input("input", TensorType.INT8, in, quantization);
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), outputs);
        Result result = result(graph, draw, out, 74 * Math.sqrt(terms), 0);
        graph.operator(new Convolution(
                "binary_weights",
                new int[] {input},
                new int[] {result.output()},
                window,
                outputs,
                1,
                signs,
                0,
                biases(draw, outputs, result),
                quantization.zeroPoint(),
                result.post()));
        return graph.build(result.output());
    }

    /** A whole layer of XNOR-Net: batch norm, sign, convolution, alpha and K. */
    static Graph xnorNet(String name, Draw draw) {
        NetworkBuilder network = new NetworkBuilder(name, name.hashCode());
        Shape in = draw.map();
        int zeroPoint = draw.quantization().zeroPoint();
        int input = network.input(in.height(), in.width(), in.channels(), 1f / 128, zeroPoint);
        return network.build(network.xnor().convolution(input, draw.channels(48), draw.window(in, false)));
    }

    private record Result(int output, int fraction, PostProcess post) {}

    private static Result result(GraphBuilder graph, Draw draw, Shape out, double deviation, int largestFraction) {
        int channels = out.channels();
        if (draw.oneIn(2)) {
            return new Result(
                    graph.tensor("output", TensorType.BITS, out, null),
                    0,
                    draw.thresholds(channels, (int) deviation + 1));
        }
        if (draw.oneIn(2)) {
            return new Result(graph.tensor("output", TensorType.INT32, out, null), 0, new PostProcess.Raw());
        }
        Quantization quantization = draw.quantization();
        int output = graph.tensor("output", TensorType.INT8, out, quantization);
        int fraction = draw.between(0, largestFraction);
        return new Result(
                output, fraction, draw.requantize(channels, deviation * (1 << fraction), quantization.zeroPoint()));
    }

    private static int[] biases(Draw draw, int channels, Result result) {
        return draw.oneIn(2) ? new int[channels] : draw.biases(channels, LARGEST_BIAS << result.fraction());
    }
}
