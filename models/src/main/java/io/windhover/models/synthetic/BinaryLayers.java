package io.windhover.models.synthetic;

import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.BinaryConvolution.Outside;
import io.windhover.models.graph.BinaryFullyConnected;
import io.windhover.models.graph.BinaryMaxPool;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Threshold;
import io.windhover.models.graph.Window;

/** Layers over packed bits, appended to a {@link NetworkBuilder}. */
public final class BinaryLayers {
    /** What a binary layer hands on. */
    public enum Result {
        /** Packed bits through a threshold and direction per channel. */
        BITS,
        /** Int8 through a fixed-point factor per channel. */
        INT8,
        /** The int32 accumulators. */
        RAW
    }

    private final NetworkBuilder network;

    BinaryLayers(NetworkBuilder network) {
        this.network = network;
    }

    public int convolution(int input, int outputChannels, Window window, Outside outside, Result result) {
        Shape in = network.shape(input);
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), outputChannels);
        int taps = window.kernelHeight() * window.kernelWidth();
        double deviation = Math.sqrt((double) taps * in.channels());
        String name = network.name("binary_convolution");
        int output = outputTensor(name, out, result);
        network.graph.operator(new BinaryConvolution(name, new int[] {input}, new int[] {output}, window, outputChannels,
                network.generator.bits(outputChannels * taps, in.channels()), outside, new int[outputChannels],
                post(output, deviation, result)));
        return output;
    }

    public int fullyConnected(int input, int outputChannels, Result result) {
        int terms = network.shape(input).elements();
        String name = network.name("binary_fully_connected");
        int output = outputTensor(name, Shape.vector(outputChannels), result);
        network.graph.operator(new BinaryFullyConnected(name, new int[] {input}, new int[] {output}, outputChannels,
                network.generator.bits(outputChannels, terms), new int[outputChannels], post(output, Math.sqrt(terms), result)));
        return output;
    }

    public int maxPool(int input, Window window) {
        Shape in = network.shape(input);
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), in.channels());
        String name = network.name("binary_max_pool");
        int output = network.graph.tensor(name, TensorType.BITS, out, null);
        network.graph.operator(new BinaryMaxPool(name, new int[] {input}, new int[] {output}, window));
        return output;
    }

    /** Int8 activations to bits. */
    public int threshold(int input) {
        String name = network.name("threshold");
        int output = network.graph.tensor(name, TensorType.BITS, network.shape(input), null);
        PostProcess.Bits bits = network.generator.thresholds(network.shape(input).channels(), network.spread.rms(input));
        network.graph.operator(new Threshold(name, new int[] {input}, new int[] {output}, bits));
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
            case BITS -> network.generator.thresholds(network.shape(output).channels(), deviation);
            case INT8 -> network.requantize(output, deviation, Activation.NONE);
            case RAW -> new PostProcess.Raw();
        };
    }
}
