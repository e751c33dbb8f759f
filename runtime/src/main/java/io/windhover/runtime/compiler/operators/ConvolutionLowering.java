// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.compiler.channels.ChannelReaders;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.channels.Channels;
import io.windhover.runtime.compiler.channels.GroupedReader;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.lowering.Fusions;
import io.windhover.runtime.compiler.lowering.Int8StageBuilder;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.OutputOrder;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.weights.ArrangedFilters;
import io.windhover.runtime.compiler.weights.ConvolutionSpec;
import io.windhover.runtime.compiler.weights.Filters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Dense, grouped, depthwise and fully-connected layers: which map each reads and as what kind of convolution. */
final class ConvolutionLowering {
    private final LoweringState lowering;
    private final TensorMaps tensors;
    private final Fusions fusions;
    private final Int8StageBuilder placer;
    private final ChannelReaders readers;

    ConvolutionLowering(LoweringState lowering, TensorMaps tensors, Fusions fusions, Int8StageBuilder placer) {
        this.lowering = lowering;
        this.tensors = tensors;
        readers = new ChannelReaders(lowering.graph);
        this.fusions = fusions;
        this.placer = placer;
    }

    void lower(Convolution operator) {
        Pad pad = fusions.padBefore(operator);
        int source = pad == null ? operator.input() : pad.input();
        Filters filters = Filters.of(operator, lowering.tensor(source).shape().channels());
        Geometry geometry = padded(Geometry.of(operator.window()), pad);
        convolve(
                job(operator, source, filters, geometry, operator.bias(), operator.inputZeroPoint(), operator.post()),
                source);
    }

    void lower(DepthwiseConvolution operator) {
        Pad pad = fusions.padBefore(operator);
        int source = pad == null ? operator.input() : pad.input();
        Filters filters = Filters.of(operator, lowering.tensor(source).shape().channels());
        Geometry geometry = padded(Geometry.of(operator.window()), pad);
        ConvolutionSpec job =
                job(operator, source, filters, geometry, operator.bias(), operator.inputZeroPoint(), operator.post());
        if (operator.multiplier() > 1 || filters.channels() == 1) {
            convolve(job, source);
        } else if (operator.post() instanceof PostProcess.Requantize) {
            depthwise(job, source);
        } else {
            placer.depthwise(job, tensors.map(operator, source));
        }
    }

    /** The output's channels stay where the input's are. */
    private void depthwise(ConvolutionSpec job, int source) {
        ChannelView laid = tensors.compact(job.operator(), source);
        placer.depthwise(job, laid, lowering.outputMap(placer.result(job.operator()), laid));
    }

    void lower(FullyConnected operator) {
        TensorValue in = lowering.value(operator, operator.input());
        if (in.isInput()
                || !placer.fits(Geometry.whole(in.shape().height(), in.shape().width()))) {
            in = tensors.reshaped(operator, in, Shape.vector(in.shape().elements()));
        }
        Filters filters = Filters.of(operator, in.shape());
        Geometry geometry = Geometry.whole(in.shape().height(), in.shape().width());
        ConvolutionSpec job = job(
                operator,
                operator.input(),
                filters,
                geometry,
                operator.bias(),
                operator.inputZeroPoint(),
                operator.post());
        ChannelView laid = in.isInput()
                ? ChannelView.plain(
                        tensors.materialise(operator, in), in.shape().channels())
                : tensors.laid(operator, in);
        placer.dense(job, laid);
    }

    private ConvolutionSpec job(
            Operator operator,
            int source,
            Filters filters,
            Geometry geometry,
            int[] bias,
            int inputZeroPoint,
            PostProcess post) {
        return new ConvolutionSpec(operator, lowering.offset(source), filters, geometry, bias, inputZeroPoint, post);
    }

    private static Geometry padded(Geometry geometry, @Nullable Pad pad) {
        int top = geometry.padTop() + (pad == null ? 0 : pad.padding().top());
        int left = geometry.padLeft() + (pad == null ? 0 : pad.padding().left());
        return new Geometry(
                geometry.kernelHeight(),
                geometry.kernelWidth(),
                geometry.strideY(),
                geometry.strideX(),
                geometry.dilationY(),
                geometry.dilationX(),
                top,
                left);
    }

    private void convolve(ConvolutionSpec job, int source) {
        TensorValue in = lowering.value(job.operator(), source);
        if (in.isInput() && in.shape().sameMap(lowering.tensor(source).shape()) && patchesPay(job, source)) {
            ConvolutionSpec overPatches = job.over(job.filters().overPatches(), Geometry.POINT);
            place(
                    overPatches,
                    ChannelView.plain(patches(job, in), overPatches.filters().channels()));
        } else {
            place(job, packedIfCheaper(job, tensors.laid(job.operator(), source), source));
        }
    }

    /**
     * One stage, or one for each part of the output whose readers are others; outputs in the order that suits who reads
     * them.
     */
    private void place(ConvolutionSpec job, ChannelView input) {
        Tensor result = lowering.tensor(placer.result(job.operator()));
        if (lowering.everyTensor || !(job.post() instanceof PostProcess.Requantize)) {
            placer.dense(job, input);
            return;
        }
        List<int[]> parts = readers.parts(result.index());
        GroupedReader grouped = parts.size() > 1 ? null : GroupedReader.of(lowering.graph, readers, result.index());
        List<int[]> orders = new ArrayList<>();
        for (int[] part : parts) {
            int[] order = ArrangedFilters.inOrder(part.length);
            Arrays.setAll(order, place -> place < part.length ? part[place] : -1);
            orders.add(order);
        }
        if (grouped != null) {
            long pixels = (long) result.shape().height() * result.shape().width();
            orders.set(0, OutputOrder.cheapest(job.filters(), input, grouped, pixels));
        }
        place(job, input, result, orders);
    }

    private void place(ConvolutionSpec job, ChannelView input, Tensor result, List<int[]> orders) {
        MapNode[] maps = new MapNode[result.shape().channels()];
        int[] places = new int[maps.length];
        List<MapNode> targets = new ArrayList<>();
        for (int[] order : orders) {
            MapNode target = new MapNode(
                    result.name(), result.shape().height(), result.shape().width(), order.length / 8, null);
            targets.add(target);
            for (int place = 0; place < order.length; place++) {
                if (order[place] >= 0) {
                    maps[order[place]] = target;
                    places[order[place]] = place;
                }
            }
        }
        lowering.bind(
                result.index(), TensorValue.of(new Channels(List.of(maps), places), result.shape(), result.type()));
        for (int p = 0; p < orders.size(); p++) {
            placer.dense(job, input, orders.get(p), targets.get(p));
        }
    }

    /**
     * Channels that each group must gather from the whole map are put in order first where that takes fewer steps of
     * the array.
     */
    private ChannelView packedIfCheaper(ConvolutionSpec job, ChannelView laid, int source) {
        if (laid.isInOrder()) {
            return laid;
        }
        Filters filters = job.filters();
        int[] outputs = ArrangedFilters.inOrder(filters.outputs());
        int channels = filters.channels();
        int packed = (channels + 7) / 8;
        long taps = (long) filters.kernelHeight() * filters.kernelWidth();
        Shape out = lowering.tensor(job.operator().output()).shape();
        Shape in = lowering.tensor(source).shape();
        ChannelView inOrder = new ChannelView(
                new MapNode("", 1, 1, packed, null),
                Channels.of(laid.map(), channels).places());
        long here = taps
                * out.height()
                * out.width()
                * ArrangedFilters.of(filters, laid, outputs).blocksRead();
        long after = taps
                        * out.height()
                        * out.width()
                        * ArrangedFilters.of(filters, inOrder, outputs).blocksRead()
                + (long) in.height() * in.width() * packed * laid.map().blocks;
        return after < here ? ChannelView.plain(tensors.map(job.operator(), source), channels) : laid;
    }

    private boolean patchesPay(ConvolutionSpec job, int source) {
        Filters filters = job.filters();
        Geometry geometry = job.geometry();
        Shape shape = lowering.tensor(source).shape();
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

    private MapNode patches(ConvolutionSpec job, TensorValue value) {
        Shape in = value.shape();
        Shape out = lowering.tensor(job.operator().output()).shape();
        Filters filters = job.filters();
        int bytes = filters.kernelHeight() * filters.kernelWidth() * filters.channels();
        return new MapNode(
                job.operator().name() + "/patches",
                out.height(),
                out.width(),
                (bytes + 7) / 8,
                new MapNode.Patch(
                        value.inputArea(),
                        job.geometry(),
                        in.height(),
                        in.width(),
                        filters.channels(),
                        job.inputZeroPoint() - job.inputOffset(),
                        value.type() == TensorType.UINT8));
    }
}
