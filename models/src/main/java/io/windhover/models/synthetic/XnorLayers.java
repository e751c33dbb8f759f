// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.synthetic;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.BinaryConvolution.Outside;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Threshold;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.BinaryLayers.Result;
import java.util.Arrays;

/**
 * Layers of XNOR-Net (Rastegari et al. 2016), int8 to int8: a batch norm gives I, then comes (sign(I) convolved with
 * one-bit weights) * alpha * K. Alpha is a factor per filter; K, per pixel, is the mean of |I| over the filter's window
 * and all channels.
 */
public final class XnorLayers {
    /** Codes that the mean of |I| is scaled to. */
    private static final double MEAN_CODES = 80;

    private static final int LEAST_WEIGHT = 40;
    private static final double WEIGHT_RMS = 87;

    private final NetworkBuilder network;

    XnorLayers(NetworkBuilder network) {
        this.network = network;
    }

    /** Batch norm of code x as weight[c] * (x - zero point) + bias[c], in units that its requantisation scales. */
    private record BatchNorm(byte[] weight, int[] bias, double deviation) {
        /** Its sign is a threshold on x and a direction. */
        PostProcess.Bits sign(int zeroPoint) {
            int[] threshold = new int[weight.length];
            boolean[] invert = new boolean[weight.length];
            for (int c = 0; c < weight.length; c++) {
                invert[c] = weight[c] < 0;
                threshold[c] = zeroPoint
                        + (invert[c] ? Math.floorDiv(bias[c], -weight[c]) + 1 : -Math.floorDiv(bias[c], weight[c]));
            }
            return new PostProcess.Bits(threshold, invert);
        }
    }

    /** The convolution skips positions outside the map; in K they count as 0. */
    public int convolution(int input, int outputChannels, Window window) {
        BatchNorm norm = batchNorm(input);
        int bits = sign(input, norm);
        int sums = network.binary().convolution(bits, outputChannels, window, Outside.NOTHING, Result.INT8);
        int normalized = normalized(input, norm);
        int magnitudes = network.elementwise()
                .table(normalized, "absolute", Math::abs, Quantization.of(network.scale(normalized), -128));
        return network.elementwise().multiply(sums, boxFilter(magnitudes, window));
    }

    /** One that spreads the input's channels around 0; one channel in eight is negated. */
    private BatchNorm batchNorm(int input) {
        double rms = network.expectedDeviation.rms(input);
        double mean = network.zeroPoint(input) == -128 ? 0.6 * rms : 0;
        int channels = network.shape(input).channels();
        byte[] weight = new byte[channels];
        int[] bias = network.generator.biases(channels, WEIGHT_RMS * rms);
        for (int c = 0; c < channels; c++) {
            int magnitude = network.generator.between(LEAST_WEIGHT, Byte.MAX_VALUE);
            weight[c] = (byte) (network.generator.between(0, 7) == 0 ? -magnitude : magnitude);
            bias[c] -= (int) Math.round(weight[c] * mean);
        }
        return new BatchNorm(weight, bias, WEIGHT_RMS * Math.sqrt(rms * rms - mean * mean));
    }

    private int sign(int input, BatchNorm norm) {
        String name = network.name("sign");
        int output = network.graph.tensor(name, TensorType.BITS, network.shape(input), null);
        network.graph.operator(
                new Threshold(name, new int[] {input}, new int[] {output}, norm.sign(network.zeroPoint(input))));
        return output;
    }

    private int normalized(int input, BatchNorm norm) {
        String name = network.name("batch_norm");
        int output = network.activationTensor(name, network.shape(input), Activation.NONE);
        Rescale rescale = Rescaling.quantizeMultiplier(ExpectedDeviation.TARGET / norm.deviation());
        network.graph.operator(new DepthwiseConvolution(
                name,
                new int[] {input},
                new int[] {output},
                Window.square(1, 1, 0),
                1,
                norm.weight(),
                0,
                norm.bias(),
                network.zeroPoint(input),
                PostProcess.Requantize.uniform(rescale, norm.bias().length, network.zeroPoint(output), -128, 127)));
        return output;
    }

    /** The mean over the window and all channels, one channel: a convolution of ones. */
    private int boxFilter(int input, Window window) {
        Shape in = network.shape(input);
        int terms = window.kernelHeight() * window.kernelWidth() * in.channels();
        byte[] ones = new byte[terms];
        Arrays.fill(ones, (byte) 1);
        double meanCodes = Math.sqrt(2 / Math.PI) * network.expectedDeviation.rms(input);
        float scale = (float) (network.scale(input) * meanCodes / MEAN_CODES);
        String name = network.name("box_filter");
        int output = network.graph.tensor(
                name,
                TensorType.INT8,
                Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), 1),
                Quantization.of(scale, -128));
        network.expectedDeviation.put(output, MEAN_CODES);
        Rescale rescale = Rescaling.quantizeMultiplier(MEAN_CODES / meanCodes / terms);
        network.graph.operator(new Convolution(
                name,
                new int[] {input},
                new int[] {output},
                window,
                1,
                1,
                ones,
                0,
                new int[1],
                network.zeroPoint(input),
                PostProcess.Requantize.uniform(rescale, 1, -128, -128, 127)));
        return output;
    }
}
