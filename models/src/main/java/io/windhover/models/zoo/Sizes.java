// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.BinaryFullyConnected;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PostProcess;
import java.util.Arrays;

/**
 * How large a network is, counted as publications count: learned layers only. A convolution of zeros and ones without
 * bias, the sum inside a local response normalisation, is left out.
 *
 * @param macs multiply-accumulates of one inference
 * @param parameters numbers that are stored: weights and biases, batch norm folded into both
 * @param unfoldedParameters numbers that were trained: a convolution with batch norm has its weights, a scale and an
 *     offset per channel and no bias; running means and variances are not counted
 */
public record Sizes(long macs, long parameters, long unfoldedParameters) {
    /** @param batchNorm whether the convolutions of this network had batch norm, see {@link ZooEntry#batchNorm} */
    static Sizes of(Graph graph, boolean batchNorm) {
        long macs = 0;
        long parameters = 0;
        long unfolded = 0;
        for (Operator operator : graph.operators()) {
            if (!isFixedSum(operator)) {
                long stored = operator.parameters(graph);
                macs += operator.macs(graph);
                parameters += stored;
                unfolded += stored + (batchNorm ? added(graph, operator) : 0);
            }
        }
        return new Sizes(macs, parameters, unfolded);
    }

    private static boolean isFixedSum(Operator operator) {
        return operator instanceof Convolution convolution
                && isZero(convolution.bias())
                && isZeroOrOne(convolution.weights());
    }

    /** Trained numbers less stored ones. */
    private static int added(Graph graph, Operator operator) {
        boolean singlePixel = graph.tensor(operator.input()).shape().elements()
                == graph.tensor(operator.input()).shape().channels();
        if (operator instanceof Convolution convolution) {
            return added(convolution.bias(), singlePixel, convolution.post());
        }
        if (operator instanceof DepthwiseConvolution depthwise) {
            boolean standsAlone =
                    depthwise.window().kernelHeight() * depthwise.window().kernelWidth() == 1;
            return standsAlone ? 0 : added(depthwise.bias(), singlePixel, depthwise.post());
        }
        if (operator instanceof BinaryConvolution convolution) {
            return convolution.outputChannels();
        }
        if (operator instanceof BinaryFullyConnected layer && layer.post() instanceof PostProcess.Bits) {
            return layer.outputChannels();
        }
        return 0;
    }

    private static int added(int[] bias, boolean singlePixel, PostProcess post) {
        if (post instanceof PostProcess.Bits) {
            return bias.length;
        }
        if (isZero(bias)) {
            return -bias.length;
        }
        return singlePixel ? 0 : bias.length;
    }

    private static boolean isZero(int[] bias) {
        return Arrays.stream(bias).allMatch(value -> value == 0);
    }

    private static boolean isZeroOrOne(byte[] weights) {
        for (byte weight : weights) {
            if (weight != 0 && weight != 1) {
                return false;
            }
        }
        return true;
    }
}
