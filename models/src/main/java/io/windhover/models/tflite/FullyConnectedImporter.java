package io.windhover.models.tflite;

import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Tensor;

/** FULLY_CONNECTED: weights are [output, input]. */
final class FullyConnectedImporter {
    private FullyConnectedImporter() {}

    static Operator read(SourceOperator source) {
        Tensor input = source.input(0);
        Tensor output = source.output();
        Weights weights = Weights.read(source, 0);
        source.require(weights.shape().rank() == 2, "its weights have shape %s instead of two dimensions.", weights.shape());
        source.require(source.byteOption(Schema.FullyConnectedOptions.WEIGHTS_FORMAT, 0) == 0, "its weights are stored shuffled.");
        int outputChannels = weights.shape().dimensions().get(0);
        boolean perTensor = !weights.quantization().isPerChannel();
        return new FullyConnected(source.name(), source.firstInput(), source.outputIndexes(), outputChannels,
                weights.codes(), weights.zeroPoint(), source.biases(2, outputChannels), source.quantization(input).zeroPoint(),
                weights.requantize(source, input, output, outputChannels, perTensor,
                        source.byteOption(Schema.FullyConnectedOptions.ACTIVATION, 0)));
    }
}
