package io.windhover.runtime.compiler;

import io.windhover.driver.contract.Contract.VectorOperation;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Threshold;
import java.util.Arrays;
import java.util.List;

/** Operators that move codes, sum them or compare them: convolutions whose weights are 0 and 1, or no work at all. */
final class LayoutLowering {
    /** A multiplier and shift that leave a sum as it is. */
    private static final int ONE_MULTIPLIER = 1 << 30;

    private static final int ONE_SHIFT = 1;

    private final Lowering lowering;
    private final Int8Placer placer;

    LayoutLowering(Lowering lowering, Int8Placer placer) {
        this.lowering = lowering;
        this.placer = placer;
    }

    void lower(Threshold operator) {
        int channels = lowering.tensor(operator.input()).shape().channels();
        Filters ones = new Filters(channels, channels, channels, 1, 1, (o, ky, kx, i) -> 1, 0);
        placer.depthwise(new ConvolutionJob(operator, lowering.value(operator, operator.input()), operator.input(), lowering.offset(operator.input()),
                ones, Geometry.POINT, new int[channels], 0, operator.bits()), lowering.map(operator, operator.input()));
    }

    void lower(Pad operator) {
        Shape in = lowering.tensor(operator.input()).shape();
        Shape out = lowering.tensor(operator.output()).shape();
        int before = operator.channelsBefore();
        Geometry geometry = new Geometry(1, 1, 1, 1, 1, 1, operator.padding().top(), operator.padding().left());
        Value value = lowering.value(operator, operator.input());
        if (before == 0 && out.channels() == in.channels()) {
            Filters ones = new Filters(in.channels(), in.channels(), in.channels(), 1, 1, (o, ky, kx, i) -> 1, 0);
            placer.depthwise(job(operator, value, operator.input(), ones, geometry, operator.value()), lowering.map(operator, operator.input()));
            return;
        }
        Filters shifted = new Filters(out.channels(), in.channels(), 1, 1, 1, (o, ky, kx, i) -> o == before + i ? 1 : 0, 0);
        placer.dense(job(operator, value, operator.input(), shifted, geometry, operator.value()), lowering.map(operator, operator.input()));
    }

    /** Output code = sum of (code - value) + value, so that outside positions and added channels come out as {@code value}. */
    private ConvolutionJob job(Operator operator, Value in, int source, Filters filters, Geometry geometry, int value) {
        int channels = filters.outputs();
        return new ConvolutionJob(operator, in, source, lowering.offset(source), filters, geometry, new int[channels], value,
                identity(channels, value, lowering.tensor(operator.output()).type()));
    }

    static PostProcess.Requantize identity(int channels, int zeroPoint, TensorType type) {
        int[] multiplier = new int[channels];
        int[] shift = new int[channels];
        Arrays.fill(multiplier, ONE_MULTIPLIER);
        Arrays.fill(shift, ONE_SHIFT);
        return new PostProcess.Requantize(multiplier, shift, zeroPoint, type.minimum(), type.maximum());
    }

    void lower(Concatenation operator) {
        if (operator.axis() != Concatenation.Axis.CHANNEL) {
            throw CompileException.layer(operator.name(), "it joins along %s; only channels can be joined.", operator.axis());
        }
        boolean aligned = true;
        int padded = 0;
        for (int position = 0; position < operator.inputs().length; position++) {
            int channels = lowering.tensor(operator.inputs()[position]).shape().channels();
            aligned &= channels % 8 == 0 || position == operator.inputs().length - 1;
            padded += (channels + 7) / 8;
        }
        if (aligned) {
            join(operator, lowering.outputMap(operator.output()));
            return;
        }
        Shape out = lowering.tensor(operator.output()).shape();
        MapNode joined = new MapNode(operator.name() + "/padded", out.height(), out.width(), padded, null);
        join(operator, joined);
        placer.dense(squeeze(operator, joined), joined);
    }

    private void join(Operator operator, MapNode joined) {
        int block = 0;
        for (int index : operator.inputs()) {
            Tensor tensor = lowering.tensor(index);
            MapNode part = tensor.isConstant() ? lowering.constantMap(tensor) : lowering.map(operator, index);
            if (part.source != null || part.isView() || !part.producers.isEmpty() && part.producers.get(0).output != part || joins(part)) {
                part = copy(operator, part);
            }
            part.within(joined, block);
            block += part.blocks;
        }
    }

    /** True when other maps are already parts of this one, which keeps it from becoming a part itself. */
    private static boolean joins(MapNode map) {
        return map.producers.isEmpty();
    }

    private MapNode copy(Operator operator, MapNode part) {
        MapNode copy = new MapNode(part.name + "/copy", part.height, part.width, part.blocks, null);
        lowering.add(new VectorStage(operator.name(), lowering.layer(operator), List.of(part), copy, Geometry.POINT,
                VectorStage.Mode.pool(VectorOperation.MAXIMUM_POOL, -128, 127)));
        return copy;
    }

    /** A dense layer that takes the spare channels between padded parts out. */
    private ConvolutionJob squeeze(Concatenation operator, MapNode joined) {
        Shape out = lowering.tensor(operator.output()).shape();
        TensorType type = lowering.tensor(operator.output()).type();
        int[] source = new int[out.channels()];
        int channel = 0;
        int block = 0;
        for (int index : operator.inputs()) {
            int channels = lowering.tensor(index).shape().channels();
            for (int c = 0; c < channels; c++) {
                source[channel++] = block * 8 + c;
            }
            block += (channels + 7) / 8;
        }
        Filters pick = new Filters(out.channels(), joined.blocks * 8, 1, 1, 1, (o, ky, kx, i) -> source[o] == i ? 1 : 0, 0);
        Value value = Value.of(joined, Shape.map(out.height(), out.width(), joined.blocks * 8), type);
        return job(operator, value, operator.inputs()[0], pick, Geometry.POINT, 0);
    }
}
