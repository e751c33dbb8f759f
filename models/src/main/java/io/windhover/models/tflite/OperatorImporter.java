// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Operator;
import java.util.function.Function;

/** Turns one kind of TFLite operator into ours, or refuses it with the reason. */
@FunctionalInterface
interface OperatorImporter {
    /** Hands what the operator becomes, none or several of ours, to the sink. */
    void read(SourceOperator source, Sink sink);

    /** An importer of operators that become exactly one of ours. */
    static OperatorImporter single(Function<SourceOperator, Operator> importer) {
        return (source, sink) -> sink.add(importer.apply(source));
    }
}
