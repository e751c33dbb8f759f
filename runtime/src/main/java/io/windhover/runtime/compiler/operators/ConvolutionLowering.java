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
    private final LoweringState state;
    private final TensorMaps tensors;
    private final Fusions fusions;
    private final Int8StageBuilder int8;
    private final ChannelReaders readers;
    private final LongWindows longWindows;

    ConvolutionLowering(LoweringState state, TensorMaps tensors, Fusions fusions, Int8StageBuilder int8) {
        this.state = state;
        this.tensors = tensors;
        readers = new ChannelReaders(state.graph);
        this.fusions = fusions;
        this.int8 = int8;
        longWindows = new LongWindows(state, tensors, int8);
    }

    void lower(Convolution operator) {
        Pad pad = fusions.padBefore(operator);
        int source = pad == null ? operator.input() : pad.input();
        Filters filters = Filters.of(operator, state.tensor(source).shape().channels());
        Geometry geometry = padded(Geometry.of(operator.window()), pad);
        ConvolutionSpec spec =
                spec(operator, source, filters, geometry, operator.bias(), operator.inputZeroPoint(), operator.post());
        if (!longWindows.lower(spec, source)) {
            convolve(spec, source);
        }
    }

    void lower(DepthwiseConvolution operator) {
        Pad pad = fusions.padBefore(operator);
        int source = pad == null ? operator.input() : pad.input();
        Filters filters = Filters.of(operator, state.tensor(source).shape().channels());
        Geometry geometry = padded(Geometry.of(operator.window()), pad);
        ConvolutionSpec spec =
                spec(operator, source, filters, geometry, operator.bias(), operator.inputZeroPoint(), operator.post());
        if (longWindows.lower(spec, source)) {
            return;
        }
        if (operator.multiplier() > 1 || filters.channels() == 1) {
            convolve(spec, source);
        } else if (operator.post() instanceof PostProcess.Requantize) {
            depthwise(spec, source);
        } else {
            int8.depthwise(spec, tensors.map(operator, source));
        }
    }

    /** The output's channels stay where the input's are. */
    private void depthwise(ConvolutionSpec spec, int source) {
        ChannelView view = tensors.compact(spec.operator(), source);
        int8.depthwise(spec, view, state.outputMap(int8.result(spec.operator()), view));
    }

    void lower(FullyConnected operator) {
        TensorValue own = state.value(operator, operator.input());
        Shape shape = own.shape();
        boolean isFlat = own.isInput() || !int8.fits(Geometry.whole(shape.height(), shape.width()));
        Shape vector = Shape.vector(shape.elements());
        if (state.stepwise && isRoomy(operator, isFlat ? vector : shape)) {
            longWindows.rearranged(spec(operator, Shape.map(shape.elements(), 1, 1)), own);
            return;
        }
        TensorValue in = isFlat ? tensors.reshaped(operator, own, vector) : own;
        ConvolutionSpec spec = spec(operator, in.shape());
        ChannelView view = in.isInput()
                ? ChannelView.plain(
                        tensors.materialise(operator, in), in.shape().channels())
                : tensors.view(operator, in);
        int8.dense(spec, view);
    }

    /** True when the layer's input leaves little of the chip beside it. */
    private boolean isRoomy(FullyConnected operator, Shape in) {
        return LongWindows.room(in) * maps(operator.weightZeroPoint()) > state.capabilities.activationBankWords() / 2;
    }

    /** Maps of an input's size that a layer may need: with a weight zero point two copies beside it. */
    private static int maps(int weightZeroPoint) {
        return weightZeroPoint == 0 ? 1 : 3;
    }

    /** A fully-connected layer as a window over all of a map of this shape. */
    private ConvolutionSpec spec(FullyConnected operator, Shape in) {
        return spec(
                operator,
                operator.input(),
                Filters.of(operator, in),
                Geometry.whole(in.height(), in.width()),
                operator.bias(),
                operator.inputZeroPoint(),
                operator.post());
    }

    private ConvolutionSpec spec(
            Operator operator,
            int source,
            Filters filters,
            Geometry geometry,
            int[] bias,
            int inputZeroPoint,
            PostProcess post) {
        return new ConvolutionSpec(operator, state.offset(source), filters, geometry, bias, inputZeroPoint, post);
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

    private void convolve(ConvolutionSpec spec, int source) {
        TensorValue in = state.value(spec.operator(), source);
        if (in.isInput() && in.shape().sameMap(state.tensor(source).shape()) && patchesPay(spec, source)) {
            ConvolutionSpec overPatches = spec.over(spec.filters().overPatches(), Geometry.POINT);
            place(
                    overPatches,
                    ChannelView.plain(patches(spec, in), overPatches.filters().channels()));
        } else {
            place(spec, packedIfCheaper(spec, tensors.view(spec.operator(), source), source));
        }
    }

    /**
     * One stage, or one for each part of the output whose readers are others; outputs in the order that suits their
     * readers.
     */
    private void place(ConvolutionSpec spec, ChannelView input) {
        Tensor result = state.tensor(int8.result(spec.operator()));
        if (state.everyTensor
                || state.isTemporary(result.index())
                || !(spec.post() instanceof PostProcess.Requantize)) {
            int8.dense(spec, input);
            return;
        }
        List<int[]> parts = readers.parts(result.index());
        GroupedReader grouped = parts.size() > 1 ? null : GroupedReader.of(state.graph, readers, result.index());
        List<int[]> orders = new ArrayList<>();
        for (int[] part : parts) {
            int[] order = ArrangedFilters.inOrder(part.length);
            Arrays.setAll(order, place -> place < part.length ? part[place] : -1);
            orders.add(order);
        }
        if (grouped != null) {
            long pixels = (long) result.shape().height() * result.shape().width();
            orders.set(0, OutputOrder.cheapest(spec.filters(), input, grouped, pixels));
        }
        place(spec, input, result, orders);
    }

    private void place(ConvolutionSpec spec, ChannelView input, Tensor result, List<int[]> orders) {
        MapNode[] maps = new MapNode[result.shape().channels()];
        int[] byteOf = new int[maps.length];
        List<MapNode> targets = new ArrayList<>();
        for (int[] order : orders) {
            MapNode target = new MapNode(
                    result.name(), result.shape().height(), result.shape().width(), order.length / 8, null);
            targets.add(target);
            for (int place = 0; place < order.length; place++) {
                if (order[place] >= 0) {
                    maps[order[place]] = target;
                    byteOf[order[place]] = place;
                }
            }
        }
        state.bind(result.index(), TensorValue.of(new Channels(List.of(maps), byteOf), result.shape(), result.type()));
        for (int p = 0; p < orders.size(); p++) {
            int8.dense(spec, input, orders.get(p), targets.get(p));
        }
    }

    /**
     * Channels that each group must gather from the whole map are put in order first where that takes fewer steps of
     * the array.
     */
    private ChannelView packedIfCheaper(ConvolutionSpec spec, ChannelView view, int source) {
        if (view.isInOrder()) {
            return view;
        }
        Filters filters = spec.filters();
        int[] outputs = ArrangedFilters.inOrder(filters.outputs());
        int channels = filters.channels();
        int packed = (channels + 7) / 8;
        long taps = (long) filters.kernelHeight() * filters.kernelWidth();
        Shape out = state.tensor(spec.operator().output()).shape();
        Shape in = state.tensor(source).shape();
        ChannelView inOrder = new ChannelView(
                new MapNode("", 1, 1, packed, null),
                Channels.of(view.map(), channels).byteOf());
        long here = taps
                * out.height()
                * out.width()
                * ArrangedFilters.of(filters, view, outputs).blocksRead();
        long after = taps
                        * out.height()
                        * out.width()
                        * ArrangedFilters.of(filters, inOrder, outputs).blocksRead()
                + (long) in.height() * in.width() * packed * view.map().blocks;
        return after < here ? ChannelView.plain(tensors.map(spec.operator(), source), channels) : view;
    }

    private boolean patchesPay(ConvolutionSpec spec, int source) {
        Filters filters = spec.filters();
        Geometry geometry = spec.geometry();
        Shape shape = state.tensor(source).shape();
        int reduction = state.capabilities.int8Reduction();
        int taps = filters.kernelHeight() * filters.kernelWidth();
        int patchSets = (taps * filters.channels() + reduction - 1) / reduction;
        int plainSets = taps * ((filters.channels() + reduction - 1) / reduction);
        int columns = state.tensor(spec.operator().output()).shape().width();
        int rowWords = (taps * filters.channels() + 7) / 8 * ((columns + 3) / 4);
        int maps = state.stepwise ? maps(filters.weightZeroPoint()) : 1;
        return (filters.groups() == 1 || filters.channels() == 1)
                && geometry.dilationY() == 1
                && geometry.dilationX() == 1
                && filters.kernelWidth() * filters.channels() <= 255
                && (long) shape.width() * filters.channels() <= state.capabilities.lineBytes()
                && 2 * maps * rowWords <= state.capabilities.activationBankWords()
                && patchSets < plainSets;
    }

    private MapNode patches(ConvolutionSpec spec, TensorValue value) {
        Shape in = value.shape();
        Shape out = state.tensor(spec.operator().output()).shape();
        Filters filters = spec.filters();
        int bytes = filters.kernelHeight() * filters.kernelWidth() * filters.channels();
        return new MapNode(
                spec.operator().name() + "/patches",
                out.height(),
                out.width(),
                (bytes + 7) / 8,
                new MapNode.Patch(
                        value.inputArea(),
                        spec.geometry(),
                        in.height(),
                        in.width(),
                        filters.channels(),
                        spec.inputZeroPoint() - spec.inputOffset(),
                        value.type() == TensorType.UINT8));
    }
}
