package io.windhover.models.tflite;

import io.windhover.models.graph.Axes;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Tensor;
import java.util.Arrays;

/** MEAN over height and width of a rank-4 map. */
final class MeanImporter {
    private MeanImporter() {}

    static Operator read(SourceOperator source) {
        Tensor input = source.input(0);
        int rank = input.shape().rank();
        int[] axes = Arrays.stream(source.integers(1)).map(axis -> axis < 0 ? axis + rank : axis).sorted().toArray();
        source.require(rank == 4 && Arrays.equals(axes, new int[] {1, 2}),
                "it averages axes %s of %s; only height and width of a map are supported.", Arrays.toString(axes), input);
        Quantization from = source.quantization(input);
        Quantization to = source.quantization(source.output());
        int positions = input.shape().height() * input.shape().width();
        return new Mean(source.name(), source.firstInput(), source.outputIndexes(), Axes.SPATIAL, from.zeroPoint(),
                Rescaling.mean(from.scale(), to.scale(), positions), to.zeroPoint());
    }
}
