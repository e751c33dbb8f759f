// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Elementwise.Function;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.Operator;
import java.util.function.IntFunction;

/** ADD, SUB, MUL, DIV, MAXIMUM, MINIMUM and SQUARE of floats. */
final class FloatElementwiseImporter {
    private FloatElementwiseImporter() {}

    static OperatorImporter of(Function function) {
        return (source, sink) -> {
            ElementwiseOperands operands = ElementwiseOperands.of(source, sink);
            IntFunction<Operator> layer = output -> new FloatElementwise(
                    source.name(), operands.indexes(), new int[] {output}, function, operands.swapped());
            boolean activates = function != Function.MAXIMUM && function != Function.MINIMUM;
            int activation = activates
                    ? source.byteOption(Schema.ElementwiseOptions.ACTIVATION, 0)
                    : Schema.ActivationFunction.NONE;
            FloatFunctionImporter.addWithActivation(source, sink, activation, layer);
        };
    }

    static void readSquare(SourceOperator source, Sink sink) {
        int input = source.source(0).index();
        sink.add(new FloatElementwise(
                source.name(), new int[] {input, input}, source.outputIndexes(), Function.MULTIPLY, false));
    }
}
