// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.synthetic;

import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.BinaryConvolution.Outside;
import io.windhover.models.graph.BinaryFullyConnected;
import io.windhover.models.graph.BinaryMaxPool;
import io.windhover.models.graph.BitPlanes;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Threshold;
import io.windhover.models.graph.Window;
import java.util.Arrays;

/**
 * Layers over packed bits, appended to a {@link NetworkBuilder}. Activations are one bit a channel, or several as
 * {@link BitPlanes} has them; channels in the parameters count channels, not bits.
 */
public final class BinaryLayers {
    /** What a binary layer outputs. */
    public enum Result {
        /** Packed bits through a threshold and direction per channel. */
        BITS,
        /** Int8 through a fixed-point factor per channel. */
        INT8,
        /** The int32 accumulators. */
        RAW
    }

    private final NetworkBuilder network;
    private final int planes;

    BinaryLayers(NetworkBuilder network, int planes) {
        this.network = network;
        this.planes = planes;
    }

    public int convolution(int input, int outputChannels, Window window, Outside outside, Result result) {
        Shape in = network.shape(input);
        int channels = in.channels() / planes;
        int taps = window.kernelHeight() * window.kernelWidth();
        byte[] weights = network.generator.bits(outputChannels * taps, channels);
        String name = network.name("binary_convolution");
        int outputs = outputChannels * planes(result);
        int output = outputTensor(
                name, Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), outputs), result);
        network.graph.operator(new BinaryConvolution(
                name,
                new int[] {input},
                new int[] {output},
                window,
                outputs,
                repeated(weights, channels, outputChannels, result),
                outside,
                new int[outputs],
                post(output, deviation(taps * channels), result)));
        return output;
    }

    public int fullyConnected(int input, int outputChannels, Result result) {
        int terms = network.shape(input).elements() / planes;
        byte[] weights = network.generator.bits(outputChannels, terms);
        String name = network.name("binary_fully_connected");
        int outputs = outputChannels * planes(result);
        int output = outputTensor(name, Shape.vector(outputs), result);
        network.graph.operator(new BinaryFullyConnected(
                name,
                new int[] {input},
                new int[] {output},
                outputs,
                repeated(weights, terms, outputChannels, result),
                new int[outputs],
                post(output, deviation(terms), result)));
        return output;
    }

    /** Bits a channel of what a layer hands on. */
    private int planes(Result result) {
        return result == Result.BITS ? planes : 1;
    }

    private byte[] repeated(byte[] weights, int channels, int outputs, Result result) {
        return BitPlanes.perOutput(BitPlanes.overInputs(weights, channels, planes), outputs, planes(result));
    }

    /** Of a sum of this many products of +-1 and levels that sum to -planes..planes. */
    private double deviation(int terms) {
        return Math.sqrt(terms * (planes * (planes + 2) / 3.0));
    }

    public int maxPool(int input, Window window) {
        Shape in = network.shape(input);
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), in.channels());
        String name = network.name("binary_max_pool");
        int output = network.graph.tensor(name, TensorType.BITS, out, null);
        network.graph.operator(new BinaryMaxPool(name, new int[] {input}, new int[] {output}, window));
        return output;
    }

    /** Int8 activations to bits. Several bits a channel are a depthwise layer of ones with a multiplier. */
    public int threshold(int input) {
        Shape in = network.shape(input);
        String name = network.name("threshold");
        PostProcess.Bits bits = network.generator.levels(in.channels(), planes, network.expectedDeviation.rms(input));
        int channels = in.channels() * planes;
        int output = network.graph.tensor(name, TensorType.BITS, Shape.map(in.height(), in.width(), channels), null);
        if (planes == 1) {
            network.graph.operator(new Threshold(name, new int[] {input}, new int[] {output}, bits));
            return output;
        }
        byte[] ones = new byte[channels];
        Arrays.fill(ones, (byte) 1);
        network.graph.operator(new DepthwiseConvolution(
                name,
                new int[] {input},
                new int[] {output},
                Window.square(1, 1, 0),
                planes,
                ones,
                0,
                new int[channels],
                0,
                bits));
        return output;
    }

    private int outputTensor(String name, Shape shape, Result result) {
        return switch (result) {
            case BITS -> network.graph.tensor(name, TensorType.BITS, shape, null);
            case INT8 -> network.activationTensor(name, shape, Activation.NONE);
            case RAW -> network.graph.tensor(name, TensorType.INT32, shape, null);
        };
    }

    private PostProcess post(int output, double deviation, Result result) {
        return switch (result) {
            case BITS -> network.generator.levels(network.shape(output).channels() / planes, planes, deviation);
            case INT8 -> network.requantize(output, deviation, Activation.NONE);
            case RAW -> new PostProcess.Raw();
        };
    }
}
