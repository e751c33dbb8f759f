// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Window;

/** AVERAGE_POOL_2D and MAX_POOL_2D. */
final class PoolImporter {
    private PoolImporter() {}

    static Operator readAverage(SourceOperator source) {
        SourceOperator.Clamp clamp = clamp(source);
        return new AveragePool(
                source.name(), source.firstInput(), source.outputIndexes(), window(source), clamp.low(), clamp.high());
    }

    static Operator readMaximum(SourceOperator source) {
        SourceOperator.Clamp clamp = clamp(source);
        return new MaxPool(
                source.name(), source.firstInput(), source.outputIndexes(), window(source), clamp.low(), clamp.high());
    }

    private static SourceOperator.Clamp clamp(SourceOperator source) {
        return source.clamp(source.byteOption(Schema.Pool2DOptions.ACTIVATION, 0), source.output());
    }

    static Window window(SourceOperator source) {
        return source.window(
                source.map(0).shape(),
                source.byteOption(Schema.Pool2DOptions.PADDING, 0),
                source.option(Schema.Pool2DOptions.FILTER_HEIGHT, 0),
                source.option(Schema.Pool2DOptions.FILTER_WIDTH, 0),
                source.option(Schema.Pool2DOptions.STRIDE_HEIGHT, 0),
                source.option(Schema.Pool2DOptions.STRIDE_WIDTH, 0),
                1,
                1);
    }
}
