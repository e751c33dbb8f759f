package io.windhover.runtime.compiler;

import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import org.jspecify.annotations.Nullable;

/** Dense, grouped, depthwise and fully-connected layers: which map each reads and as what kind of convolution. */
final class ConvolutionLowering {
    private final Lowering lowering;
    private final Fusions fusions;
    private final Int8Placer placer;

    ConvolutionLowering(Lowering lowering, Fusions fusions, Int8Placer placer) {
        this.lowering = lowering;
        this.fusions = fusions;
        this.placer = placer;
    }

    void lower(Convolution operator) {
        Pad pad = fusions.padBefore(operator);
        int source = pad == null ? operator.input() : pad.input();
        Value in = lowering.value(operator, source);
        Filters filters = Filters.of(operator, lowering.tensor(source).shape().channels());
        Geometry geometry = padded(Geometry.of(operator.window()), pad);
        convolve(job(operator, in, source, filters, geometry, operator.bias(), operator.inputZeroPoint(), operator.post()));
    }

    void lower(DepthwiseConvolution operator) {
        Pad pad = fusions.padBefore(operator);
        int source = pad == null ? operator.input() : pad.input();
        Value in = lowering.value(operator, source);
        Filters filters = Filters.of(operator, lowering.tensor(source).shape().channels());
        Geometry geometry = padded(Geometry.of(operator.window()), pad);
        ConvolutionJob job = job(operator, in, source, filters, geometry, operator.bias(), operator.inputZeroPoint(), operator.post());
        if (operator.multiplier() == 1 && filters.channels() > 1) {
            placer.depthwise(job, lowering.map(operator, source));
        } else {
            convolve(job);
        }
    }

    void lower(FullyConnected operator) {
        Value in = lowering.value(operator, operator.input());
        if (in.isInput()) {
            in = in.reshaped(Shape.vector(lowering.tensor(operator.input()).shape().elements()));
        }
        Filters filters = Filters.of(operator, in.shape());
        Geometry geometry = Geometry.whole(in.shape().height(), in.shape().width());
        placer.dense(job(operator, in, operator.input(), filters, geometry, operator.bias(), operator.inputZeroPoint(), operator.post()),
                lowering.materialise(operator, in));
    }

    private ConvolutionJob job(
            Operator operator, Value in, int source, Filters filters, Geometry geometry, int[] bias, int inputZeroPoint, PostProcess post) {
        return new ConvolutionJob(operator, in, source, lowering.offset(source), filters, geometry, bias, inputZeroPoint, post);
    }

    private static Geometry padded(Geometry geometry, @Nullable Pad pad) {
        int top = geometry.padTop() + (pad == null ? 0 : pad.padding().top());
        int left = geometry.padLeft() + (pad == null ? 0 : pad.padding().left());
        return new Geometry(geometry.kernelHeight(), geometry.kernelWidth(), geometry.strideY(), geometry.strideX(),
                geometry.dilationY(), geometry.dilationX(), top, left);
    }

    private void convolve(ConvolutionJob job) {
        if (job.in().isInput() && patchesPay(job)) {
            placer.dense(job.over(job.filters().overPatches(), Geometry.POINT), patches(job));
        } else {
            placer.dense(job, lowering.map(job.operator(), job.source()));
        }
    }

    private boolean patchesPay(ConvolutionJob job) {
        Filters filters = job.filters();
        Geometry geometry = job.geometry();
        Shape shape = lowering.tensor(job.source()).shape();
        int reduction = lowering.capabilities.int8Reduction();
        int taps = filters.kernelHeight() * filters.kernelWidth();
        int patchSets = (taps * filters.channels() + reduction - 1) / reduction;
        int plainSets = taps * ((filters.channels() + reduction - 1) / reduction);
        int columns = lowering.tensor(job.operator().output()).shape().width();
        int rowWords = (taps * filters.channels() + 7) / 8 * ((columns + 3) / 4);
        return (filters.groups() == 1 || filters.channels() == 1)
                && geometry.dilationY() == 1
                && geometry.dilationX() == 1
                && filters.kernelWidth() * filters.channels() <= 255
                && (long) shape.width() * filters.channels() <= lowering.capabilities.lineBytes()
                && 2 * rowWords <= lowering.capabilities.activationBankWords()
                && patchSets < plainSets;
    }

    private MapNode patches(ConvolutionJob job) {
        Shape in = lowering.tensor(job.source()).shape();
        Shape out = lowering.tensor(job.operator().output()).shape();
        Filters filters = job.filters();
        int bytes = filters.kernelHeight() * filters.kernelWidth() * filters.channels();
        return new MapNode(job.operator().name() + "/patches", out.height(), out.width(), (bytes + 7) / 8,
                new MapNode.Patch(job.in().input(), job.geometry(), in.height(), in.width(), filters.channels(),
                        job.inputZeroPoint() - job.inputOffset(), job.in().type() == TensorType.UINT8));
    }
}
