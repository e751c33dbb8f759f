// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.FloatMean;
import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.Window;

/** Pooling, means and padding of float maps. */
final class FloatMapImporter {
    private FloatMapImporter() {}

    static OperatorImporter pool(boolean maximum) {
        return (source, sink) -> {
            Window window = PoolImporter.window(source);
            FloatFunctionImporter.addWithActivation(
                    source,
                    sink,
                    source.byteOption(Schema.Pool2DOptions.ACTIVATION, 0),
                    output -> new FloatPool(
                            source.name(), source.firstInput(), new int[] {output}, maximum, window, false));
        };
    }

    static void readMean(SourceOperator source, Sink sink) {
        MeanImporter.Reduction reduction = MeanImporter.Reduction.of(source, sink);
        if (reduction.positions() == 1) {
            sink.reshape(reduction.input(), source.output());
        } else {
            sink.add(new FloatMean(
                    source.name(),
                    new int[] {reduction.map(source, sink).index()},
                    source.outputIndexes(),
                    reduction.axes()));
        }
    }

    /** PAD and PADV2, which brings its value. */
    static void readPad(SourceOperator source, Sink sink) {
        float[] value = source.hasInput(2) ? FloatConstant.read(source, sink, 2).values() : new float[1];
        source.require(value.length == 1, "it pads with %d values.", value.length);
        PadImporter.Amounts amounts = PadImporter.Amounts.of(source);
        sink.add(new FloatPad(
                source.name(),
                source.firstInput(),
                source.outputIndexes(),
                amounts.padding(),
                amounts.channelsBefore(),
                amounts.channelsAfter(),
                value[0]));
    }
}
