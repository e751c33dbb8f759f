package io.windhover.runtime.compiler;

import io.windhover.models.graph.Axes;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import java.util.Arrays;

/** Means: convolutions of ones whose kernel spans the reduced dimensions; depthwise unless channels are reduced too. */
final class MeanLowering {
    private static final int LARGEST_KERNEL = 255;

    private final Lowering lowering;
    private final Int8Placer placer;

    MeanLowering(Lowering lowering, Int8Placer placer) {
        this.lowering = lowering;
        this.placer = placer;
    }

    void lower(Mean operator) {
        Axes axes = operator.axes();
        Shape in = lowering.tensor(operator.input()).shape();
        int rows = axes.height() ? in.height() : 1;
        int columns = axes.width() ? in.width() : 1;
        if (rows > LARGEST_KERNEL || columns > LARGEST_KERNEL) {
            throw CompileException.layer(operator.name(), "a mean over %s spans more than %d rows or columns; pool first.", in, LARGEST_KERNEL);
        }
        int channels = in.channels();
        int outputs = axes.channels() ? 1 : channels;
        Filters ones = new Filters(outputs, channels, axes.channels() ? 1 : channels, rows, columns, (o, ky, kx, i) -> 1, 0);
        ConvolutionJob job = new ConvolutionJob(operator, lowering.value(operator, operator.input()), operator.input(),
                lowering.offset(operator.input()), ones, Geometry.whole(rows, columns), new int[outputs], operator.inputZeroPoint(),
                post(operator, outputs));
        MapNode output = lowering.outputMap(operator.output(), axes.reduced(in));
        if (axes.channels()) {
            placer.dense(job, lowering.map(operator, operator.input()), output);
        } else {
            placer.depthwise(job, lowering.map(operator, operator.input()), output);
        }
    }

    private PostProcess post(Mean operator, int outputs) {
        TensorType type = lowering.tensor(operator.output()).type();
        int[] multiplier = new int[outputs];
        int[] shift = new int[outputs];
        Arrays.fill(multiplier, operator.rescale().multiplier());
        Arrays.fill(shift, operator.rescale().shift());
        return new PostProcess.Requantize(multiplier, shift, operator.outputZeroPoint(), type.minimum(), type.maximum());
    }
}
