package io.windhover.models.tflite;

import io.windhover.models.graph.Operator;

/** Turns one kind of TFLite operator into ours, or refuses it with the reason. */
@FunctionalInterface
interface OperatorImporter {
    Operator read(SourceOperator source);
}
