// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.synthetic;

import static io.windhover.models.ModelException.require;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LocallyConnected;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds networks layer by layer with generated parameters. Every method appends one layer and returns its output
 * tensor. Scales follow the deviation each activation is expected to have, so that outputs use their range without
 * saturating.
 */
public final class NetworkBuilder {
    private static final float SIGNED_SCALE = 0.05f;
    private static final float RELU_SCALE = 6f / 255;

    final GraphBuilder graph;
    final Generator generator;
    final ExpectedDeviation expectedDeviation = new ExpectedDeviation();
    private String nextName = "";
    private @Nullable Quantization nextQuantization;
    private boolean nextUnbiased;

    public NetworkBuilder(String name, long seed) {
        graph = new GraphBuilder(name);
        generator = new Generator(seed);
    }

    /** Name of the next layer; otherwise its kind and number. */
    public NetworkBuilder named(String name) {
        nextName = name;
        return this;
    }

    /**
     * Quantisation of the next layer's output, or null for one that suits it. Parts of a concatenation need the same.
     */
    public NetworkBuilder quantized(@Nullable Quantization quantization) {
        nextQuantization = quantization;
        return this;
    }

    /** The next layer, which has weights, has neither bias nor batch norm. */
    public NetworkBuilder unbiased() {
        nextUnbiased = true;
        return this;
    }

    /** The next layer's output is quantised like this tensor. */
    public NetworkBuilder like(int tensor) {
        return quantized(graph.tensor(tensor).requireQuantization());
    }

    /** An int8 image or feature map. */
    public int input(int height, int width, int channels, float scale, int zeroPoint) {
        int index = graph.input(
                "input", TensorType.INT8, Shape.map(height, width, channels), Quantization.of(scale, zeroPoint));
        expectedDeviation.put(index, 74.0 + Math.abs(zeroPoint) / 2.0);
        return index;
    }

    /** A map of packed bits. */
    public int inputBits(int height, int width, int channels) {
        return graph.input("input", TensorType.BITS, Shape.map(height, width, channels), null);
    }

    /** A square window with TensorFlow's SAME padding over this tensor. */
    public Window same(int input, int kernel, int stride) {
        return same(input, kernel, kernel, stride, stride);
    }

    /** A window with TensorFlow's SAME padding over this tensor. */
    public Window same(int input, int kernelHeight, int kernelWidth, int strideY, int strideX) {
        Shape shape = graph.shape(input);
        return Window.same(shape.height(), shape.width(), kernelHeight, kernelWidth, strideY, strideX, 1, 1);
    }

    /** A square pooling window of Caffe's: no padding before, and the last window may reach over the edge. */
    public Window roundedUp(int input, int kernel, int stride) {
        Shape shape = graph.shape(input);
        Padding after =
                new Padding(0, 0, missing(shape.height(), kernel, stride), missing(shape.width(), kernel, stride));
        return new Window(kernel, kernel, stride, stride, 1, 1, after);
    }

    private static int missing(int size, int kernel, int stride) {
        int windows = size <= kernel ? 1 : (size - kernel + stride - 1) / stride + 1;
        return (windows - 1) * stride + kernel - size;
    }

    public int convolution(int input, int outputChannels, Window window, Activation activation) {
        return groupedConvolution(input, outputChannels, window, 1, activation);
    }

    public int groupedConvolution(int input, int outputChannels, Window window, int groups, Activation activation) {
        Shape in = graph.shape(input);
        require(
                groups > 0 && in.channels() % groups == 0,
                "%d channels do not split into %d groups.",
                in.channels(),
                groups);
        int terms = window.kernelHeight() * window.kernelWidth() * (in.channels() / groups);
        double deviation = Generator.weightedDeviation(
                terms * ExpectedDeviation.coverage(window, in), expectedDeviation.rms(input));
        return convolution(
                input,
                outputChannels,
                window,
                groups,
                generator.weights(outputChannels * terms),
                deviation,
                activation);
    }

    /** Binary weight network: weights of -1 and +1, times a factor per filter that its requantisation holds. */
    public int binaryWeightConvolution(int input, int outputChannels, Window window, Activation activation) {
        Shape in = graph.shape(input);
        int terms = window.kernelHeight() * window.kernelWidth() * in.channels();
        double deviation = Math.sqrt(terms * ExpectedDeviation.coverage(window, in)) * expectedDeviation.rms(input);
        return convolution(
                input, outputChannels, window, 1, generator.signs(outputChannels * terms), deviation, activation);
    }

    private int convolution(
            int input,
            int outputChannels,
            Window window,
            int groups,
            byte[] weights,
            double deviation,
            Activation activation) {
        Shape in = graph.shape(input);
        String name = name("convolution");
        int output = activationTensor(
                name,
                Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), outputChannels),
                activation);
        graph.operator(new Convolution(
                name,
                new int[] {input},
                new int[] {output},
                window,
                outputChannels,
                groups,
                weights,
                0,
                biases(outputChannels, deviation),
                zeroPoint(input),
                requantize(output, deviation, activation)));
        return functions().activation(output, activation);
    }

    public int depthwise(int input, int multiplier, Window window, Activation activation) {
        Shape in = graph.shape(input);
        int channels = in.channels() * multiplier;
        int terms = window.kernelHeight() * window.kernelWidth();
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), channels);
        double deviation = Generator.weightedDeviation(
                terms * ExpectedDeviation.coverage(window, in), expectedDeviation.rms(input));
        String name = name("depthwise");
        int output = activationTensor(name, out, activation);
        graph.operator(new DepthwiseConvolution(
                name,
                new int[] {input},
                new int[] {output},
                window,
                multiplier,
                generator.weights(terms * channels),
                0,
                biases(channels, deviation),
                zeroPoint(input),
                requantize(output, deviation, activation)));
        return functions().activation(output, activation);
    }

    public int fullyConnected(int input, int outputChannels, Activation activation) {
        int terms = graph.shape(input).elements();
        double deviation = Generator.weightedDeviation(terms, expectedDeviation.rms(input));
        String name = name("fully_connected");
        int output = activationTensor(name, Shape.vector(outputChannels), activation);
        graph.operator(new FullyConnected(
                name,
                new int[] {input},
                new int[] {output},
                outputChannels,
                generator.weights(outputChannels * terms),
                0,
                biases(outputChannels, deviation),
                zeroPoint(input),
                requantize(output, deviation, activation)));
        return functions().activation(output, activation);
    }

    /** A convolution with filters of its own at every position. */
    public int locallyConnected(int input, int outputChannels, Window window, Activation activation) {
        Shape in = graph.shape(input);
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), outputChannels);
        int terms = window.kernelHeight() * window.kernelWidth() * in.channels();
        double deviation = Generator.weightedDeviation(
                terms * ExpectedDeviation.coverage(window, in), expectedDeviation.rms(input));
        String name = name("locally_connected");
        int output = activationTensor(name, out, activation);
        graph.operator(new LocallyConnected(
                name,
                new int[] {input},
                new int[] {output},
                window,
                outputChannels,
                generator.weights(out.elements() * terms),
                biases(out.elements(), deviation),
                zeroPoint(input),
                requantize(output, deviation, activation)));
        return output;
    }

    /** Convolution of int8 activations with weights of -1 and +1, thresholded to bits. */
    public int signConvolution(int input, int outputChannels, Window window) {
        Shape in = graph.shape(input);
        int terms = window.kernelHeight() * window.kernelWidth() * in.channels();
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), outputChannels);
        double deviation = Math.sqrt(terms) * expectedDeviation.rms(input);
        String name = name("convolution");
        int output = graph.tensor(name, TensorType.BITS, out, null);
        graph.operator(new Convolution(
                name,
                new int[] {input},
                new int[] {output},
                window,
                outputChannels,
                1,
                generator.signs(outputChannels * terms),
                0,
                new int[outputChannels],
                zeroPoint(input),
                generator.thresholds(outputChannels, deviation)));
        return output;
    }

    /** Layers that only combine or move activations. */
    public ElementwiseLayers elementwise() {
        return new ElementwiseLayers(this);
    }

    /** Tables of one activation at a time. */
    public FunctionLayers functions() {
        return new FunctionLayers(this);
    }

    /** Layers that choose or reorder channels. */
    public ChannelLayers channels() {
        return new ChannelLayers(this);
    }

    /** Layers over packed bits, one a channel. */
    public BinaryLayers binary() {
        return multiBit(1);
    }

    /** Layers with one-bit weights over activations of levels 0..planes, which take {@code planes} bits a channel. */
    public BinaryLayers multiBit(int planes) {
        require(planes >= 1, "Activations of %d levels above 0 have no bits.", planes);
        return new BinaryLayers(this, planes);
    }

    /** Layers of XNOR-Net over int8 activations. */
    public XnorLayers xnor() {
        return new XnorLayers(this);
    }

    public Shape shape(int tensor) {
        return graph.shape(tensor);
    }

    public NetworkBuilder labels(List<String> labels) {
        graph.labels(labels);
        return this;
    }

    /** The underlying builder, for operators that this class does not generate. */
    public GraphBuilder graph() {
        return graph;
    }

    public Graph build(int... outputs) {
        return graph.build(outputs);
    }

    String name(String kind) {
        String name = nextName.isEmpty() ? kind + "_" + graph.operatorCount() : nextName;
        nextName = "";
        return name;
    }

    int zeroPoint(int tensor) {
        return graph.tensor(tensor).requireQuantization().zeroPoint();
    }

    float scale(int tensor) {
        return graph.tensor(tensor).requireQuantization().scale();
    }

    private int[] biases(int channels, double accumulatorDeviation) {
        boolean unbiased = nextUnbiased;
        nextUnbiased = false;
        return unbiased ? new int[channels] : generator.biases(channels, accumulatorDeviation);
    }

    /** A new int8 activation whose scale and zero point suit what the activation function leaves. */
    int activationTensor(String name, Shape shape, Activation activation) {
        boolean relu = activation == Activation.RELU;
        return activationTensor(name, shape, relu, relu ? RELU_SCALE : SIGNED_SCALE);
    }

    /** A new int8 activation of this scale unless the next layer's quantisation was prescribed. */
    int activationTensor(String name, Shape shape, boolean nonNegative, float scale) {
        Quantization quantization = nextQuantization != null
                ? nextQuantization
                : Quantization.of(scale, nonNegative ? -128 : generator.between(-8, 8));
        nextQuantization = null;
        int index = graph.tensor(name, TensorType.INT8, shape, quantization);
        expectedDeviation.put(index, ExpectedDeviation.target(nonNegative));
        return index;
    }

    /** Per-channel factors that bring accumulators of this deviation to the target deviation of codes. */
    PostProcess.Requantize requantize(int output, double accumulatorDeviation, Activation activation) {
        int channels = graph.shape(output).channels();
        int[] multiplier = new int[channels];
        int[] shift = new int[channels];
        for (int c = 0; c < channels; c++) {
            Rescale rescale =
                    Rescaling.quantizeMultiplier(ExpectedDeviation.TARGET * generator.jitter() / accumulatorDeviation);
            multiplier[c] = rescale.multiplier();
            shift[c] = rescale.shift();
        }
        int zeroPoint = zeroPoint(output);
        return new PostProcess.Requantize(
                multiplier, shift, zeroPoint, activation == Activation.RELU ? zeroPoint : -128, 127);
    }
}
