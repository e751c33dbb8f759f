// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FloatConvolution;
import io.windhover.models.graph.FloatFullyConnected;
import io.windhover.models.graph.FloatOperator;
import io.windhover.models.graph.FloatTransposedConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.TransposedConvolution;
import io.windhover.models.quantize.QuantizationPlan.Weights;
import java.util.Map;

/** Convolutions and fully-connected layers as integers. */
final class WeightedLayers {
    private final QuantizationState state;
    private final Map<String, Weights> planned;

    WeightedLayers(QuantizationState state, Map<String, Weights> planned) {
        this.state = state;
        this.planned = planned;
    }

    /** Everything that the integer forms have in common. */
    private record IntegerLayer(
            int[] inputs, int[] outputs, WeightCodes weights, int inputZeroPoint, PostProcess post) {}

    private IntegerLayer layer(FloatOperator operator, float[] weights, float[] bias, boolean floatProductPerTensor) {
        Tensor input = state.operand(operator.input());
        QuantizationState.Result result = state.result(operator);
        WeightCodes codes = WeightCodes.of(operator.name(), planned.get(operator.name()), weights, bias, input, result);
        boolean inSinglePrecision =
                input.type() == TensorType.UINT8 || (floatProductPerTensor && codes.scales().length == 1);
        PostProcess post = codes.requantize(input.requireQuantization(), result, inSinglePrecision);
        int output = state.declare(result);
        return new IntegerLayer(
                new int[] {input.index()},
                new int[] {output},
                codes,
                input.requireQuantization().zeroPoint(),
                post);
    }

    void convolution(FloatConvolution operator) {
        IntegerLayer layer = layer(operator, operator.weights(), operator.bias(), false);
        int groups = operator.groups();
        int channels = state.source.tensor(operator.input()).shape().channels();
        state.target.operator(groups > 1 && groups == channels ? depthwise(operator, layer) : dense(operator, layer));
    }

    private static Operator dense(FloatConvolution operator, IntegerLayer layer) {
        return new Convolution(
                operator.name(),
                layer.inputs(),
                layer.outputs(),
                operator.window(),
                operator.outputChannels(),
                operator.groups(),
                layer.weights().codes(),
                layer.weights().zeroPoint(),
                layer.weights().bias(),
                layer.inputZeroPoint(),
                layer.post());
    }

    private static Operator depthwise(FloatConvolution operator, IntegerLayer layer) {
        int channels = operator.outputChannels();
        int taps = operator.window().kernelHeight() * operator.window().kernelWidth();
        byte[] channelsInnermost = new byte[channels * taps];
        for (int i = 0; i < channelsInnermost.length; i++) {
            channelsInnermost[i % taps * channels + i / taps] = layer.weights().codes()[i];
        }
        return new DepthwiseConvolution(
                operator.name(),
                layer.inputs(),
                layer.outputs(),
                operator.window(),
                channels / operator.groups(),
                channelsInnermost,
                layer.weights().zeroPoint(),
                layer.weights().bias(),
                layer.inputZeroPoint(),
                layer.post());
    }

    void fullyConnected(FloatFullyConnected operator) {
        IntegerLayer layer = layer(operator, operator.weights(), operator.bias(), true);
        state.target.operator(new FullyConnected(
                operator.name(),
                layer.inputs(),
                layer.outputs(),
                operator.outputChannels(),
                layer.weights().codes(),
                layer.weights().zeroPoint(),
                layer.weights().bias(),
                layer.inputZeroPoint(),
                layer.post()));
    }

    void transposed(FloatTransposedConvolution operator) {
        IntegerLayer layer = layer(operator, operator.weights(), operator.bias(), false);
        state.target.operator(new TransposedConvolution(
                operator.name(),
                layer.inputs(),
                layer.outputs(),
                operator.window(),
                operator.outputChannels(),
                layer.weights().codes(),
                layer.weights().zeroPoint(),
                layer.weights().bias(),
                layer.inputZeroPoint(),
                layer.post()));
    }
}
