package io.windhover.models.tflite;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Tensor;

/** RESHAPE and its relatives, CONCATENATION and PAD: codes move, values stay. */
final class LayoutImporter {
    private LayoutImporter() {}

    /** RESHAPE, SQUEEZE, EXPAND_DIMS: the output's shape says everything. */
    static Operator readReshape(SourceOperator source) {
        return new Reshape(source.name(), source.firstInput(), source.outputIndexes());
    }

    static Operator readConcatenation(SourceOperator source) {
        Tensor output = source.output();
        Quantization expected = source.quantization(output);
        int[] inputs = source.inputIndexes();
        for (int i = 0; i < inputs.length; i++) {
            Quantization actual = source.quantization(source.input(i));
            source.require(actual.scale() == expected.scale() && actual.zeroPoint() == expected.zeroPoint(),
                    "%s and its output have different scales or zero points.", source.input(i));
        }
        source.require(source.byteOption(Schema.ConcatenationOptions.ACTIVATION, 0) == Schema.ActivationFunction.NONE,
                "it has a fused activation.");
        return new Concatenation(source.name(), inputs, source.outputIndexes(), axis(source, output));
    }

    private static Concatenation.Axis axis(SourceOperator source, Tensor output) {
        int rank = output.shape().rank();
        int axis = source.option(Schema.ConcatenationOptions.AXIS, 0);
        int fromEnd = rank - 1 - (axis < 0 ? axis + rank : axis);
        return switch (fromEnd) {
            case 0 -> Concatenation.Axis.CHANNEL;
            case 1 -> Concatenation.Axis.WIDTH;
            case 2 -> Concatenation.Axis.HEIGHT;
            default -> throw source.refuse("it joins %s along axis %d.", output, axis);
        };
    }

    static Operator readPad(SourceOperator source) {
        Tensor input = source.input(0);
        source.require(input.shape().rank() == 4, "its input %s has no four dimensions.", input);
        int[] amounts = source.integers(1);
        source.require(amounts.length == 8, "it has %d amounts instead of 8.", amounts.length);
        source.require(amounts[0] == 0 && amounts[1] == 0, "it pads the batch.");
        Padding padding = new Padding(amounts[2], amounts[4], amounts[3], amounts[5]);
        return new Pad(source.name(), source.firstInput(), source.outputIndexes(), padding, amounts[6], amounts[7],
                source.quantization(source.output()).zeroPoint());
    }
}
