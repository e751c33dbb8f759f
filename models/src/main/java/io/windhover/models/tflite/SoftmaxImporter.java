// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.LogSoftmax;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Softmax;
import io.windhover.models.graph.Tensor;

/** SOFTMAX of 8-bit logits and LOG_SOFTMAX of 8-bit and float logits. */
final class SoftmaxImporter {
    private SoftmaxImporter() {}

    static Operator readSoftmax(SourceOperator source) {
        float beta = source.options() == null ? 1 : source.options().float32(Schema.SoftmaxOptions.BETA, 0);
        source.require(beta > 0 && Float.isFinite(beta), "its beta is %s.", beta);
        Tensor output = source.output();
        Quantization result = source.quantization(output);
        source.require(
                result.scale() == 1f / 256
                        && result.zeroPoint() == output.type().minimum(),
                "its output has scale %s and zero point %d instead of 1/256 and %d.",
                result.scale(),
                result.zeroPoint(),
                output.type().minimum());
        Rescaling.SoftmaxScaling scaling =
                Rescaling.softmax(beta, source.quantization(source.input(0)).scale());
        return new Softmax(
                source.name(), source.firstInput(), source.outputIndexes(), scaling.input(), scaling.differenceMin());
    }

    static Operator readLogSoftmax(SourceOperator source) {
        if (source.isFloat()) {
            return new FloatLogSoftmax(source.name(), source.firstInput(), source.outputIndexes());
        }
        Tensor output = source.output();
        Quantization result = source.quantization(output);
        source.require(
                result.scale() == 16f / 256
                        && result.zeroPoint() == output.type().maximum(),
                "its output has scale %s and zero point %d instead of 1/16 and %d.",
                result.scale(),
                result.zeroPoint(),
                output.type().maximum());
        Rescaling.SoftmaxScaling scaling =
                Rescaling.softmax(1, source.quantization(source.input(0)).scale());
        return new LogSoftmax(
                source.name(),
                source.firstInput(),
                source.outputIndexes(),
                scaling.input(),
                scaling.differenceMin(),
                Rescaling.fromSoftmax(scaling.input()));
    }
}
