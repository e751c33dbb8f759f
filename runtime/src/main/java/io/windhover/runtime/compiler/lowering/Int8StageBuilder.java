// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import io.windhover.contract.Post;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Shape;
import io.windhover.runtime.compiler.channels.BlockRun;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.program.FieldLimits;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.Int8Stage;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.WeightSlice;
import io.windhover.runtime.compiler.weights.ActivationTables;
import io.windhover.runtime.compiler.weights.ArrangedFilters;
import io.windhover.runtime.compiler.weights.ChannelParameters;
import io.windhover.runtime.compiler.weights.ConvolutionSpec;
import io.windhover.runtime.compiler.weights.Filters;
import io.windhover.runtime.compiler.weights.SplitWeights;
import io.windhover.runtime.compiler.weights.WeightPacker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Packs the weights of convolutions and makes their stages on the int8 array. */
public final class Int8StageBuilder {
    /** How the steps of a command take the kernel. */
    private record Windows(boolean depthwise, int height, int width, boolean oneSet) {
        static final Windows DENSE = new Windows(false, 1, 1, false);
    }

    private final LoweringState state;
    private final Fusions fusions;
    private final WeightPacker packer;
    private final BlockCopies copies;

    public Int8StageBuilder(LoweringState state, Fusions fusions, BlockCopies copies) {
        this.state = state;
        this.fusions = fusions;
        this.copies = copies;
        packer = new WeightPacker(state.capabilities.int8Reduction());
    }

    public void dense(ConvolutionSpec spec, MapNode input) {
        dense(spec, ChannelView.plain(input, spec.filters().channels()));
    }

    /**
     * Splits the output groups into runs that read the same input blocks; one run when the convolution is not grouped.
     */
    public void dense(ConvolutionSpec spec, ChannelView input) {
        int words = groupWords(spec.geometry(), input.map().blocks);
        if (spec.post() instanceof PostProcess.Bits bits && words > state.capabilities.weightWords() / 8) {
            bitsInTwoSteps(spec, input, bits);
        } else {
            dense(spec, input, ArrangedFilters.inOrder(spec.filters().outputs()), null);
        }
    }

    /**
     * Eight groups make a word of bits; where the weights of eight exceed the weight memory, their signs are made
     * first, as codes -1 and 0.
     */
    private void bitsInTwoSteps(ConvolutionSpec spec, ChannelView input, PostProcess.Bits bits) {
        int outputs = spec.filters().outputs();
        int[] bias = new int[outputs];
        for (int o = 0; o < outputs; o++) {
            bias[o] = (int) Math.max(
                    -ChannelParameters.DECISIVE,
                    Math.min(ChannelParameters.DECISIVE, (long) spec.bias()[o] - bits.threshold()[o]));
        }
        Shape shape = state.tensor(spec.operator().output()).shape();
        MapNode signs =
                new MapNode(spec.operator().name() + "/signs", shape.height(), shape.width(), (outputs + 7) / 8, null);
        dense(
                spec.with(bias, PostProcess.Requantize.uniform(new Rescale(1 << 30, 30), outputs, 0, -1, 0)),
                input,
                ArrangedFilters.inOrder(outputs),
                signs);
        depthwise(
                new ConvolutionSpec(
                        spec.operator(),
                        0,
                        Filters.eachChannel(outputs, 1, 1, 1),
                        Geometry.POINT,
                        new int[outputs],
                        0,
                        new PostProcess.Bits(new int[outputs], bits.invert())),
                signs,
                null);
    }

    /** {@code target} null: the operator's output. */
    public void dense(ConvolutionSpec spec, MapNode input, @Nullable MapNode target) {
        dense(
                spec,
                ChannelView.plain(input, spec.filters().channels()),
                ArrangedFilters.inOrder(spec.filters().outputs()),
                target);
    }

    /** {@code outputs}: the output in every byte of an output pixel. */
    public void dense(ConvolutionSpec spec, ChannelView input, int[] outputs, @Nullable MapNode target) {
        SplitWeights weights = SplitWeights.of(ArrangedFilters.of(spec.filters(), input, outputs));
        ChannelParameters parameters = ChannelParameters.of(
                        spec, state.offset(spec.operator().output()))
                .arranged(outputs);
        int groups = outputs.length / 8;
        List<WeightSlice> slices = new ArrayList<>();
        int from = 0;
        while (from < groups) {
            int low = weights.firstBlock(from);
            int high = weights.endBlock(from);
            int to = from + 1;
            while (to < groups && weights.firstBlock(to) == low && weights.endBlock(to) == high) {
                to++;
            }
            if (parameters.post() == Post.BITS) {
                low = 0;
                high = weights.blocks();
                to = groups;
            }
            if (groupWords(spec.geometry(), high - low) > state.capabilities.weightWords()
                    && parameters.post() != Post.BITS) {
                partial(spec, weights, parameters, low, high, from, to, slices);
            } else {
                slices.add(slice(spec, weights, parameters, low, high, from, to));
            }
            from = to;
        }
        MapNode read = weights.isWhole() ? input.map() : copies.join(spec.operator(), input.map(), weights.sources());
        stage(spec, read, parameters, Windows.DENSE, slices, target);
    }

    private WeightSlice slice(
            ConvolutionSpec spec,
            SplitWeights weights,
            ChannelParameters parameters,
            int low,
            int high,
            int from,
            int to) {
        byte[] packed = packer.dense(spec.geometry(), low, high - low, from, to, parameters.packed(), weights::at);
        return WeightSlice.whole(
                low,
                high - low,
                from,
                to - from,
                groupWords(spec.geometry(), high - low),
                state.constants.append(packed));
    }

    private int groupWords(Geometry geometry, int channelBlocks) {
        return packer.groupWords(geometry.denseSets(channelBlocks, state.capabilities.int8Reduction()));
    }

    /**
     * True when the window can slide over blocks of channels one at a time: its kernel and the weights of a group fit.
     */
    public boolean fits(Geometry geometry) {
        return Math.max(geometry.kernelHeight(), geometry.kernelWidth()) <= FieldLimits.KERNEL
                && groupWords(geometry, 1) <= state.capabilities.weightWords();
    }

    /**
     * Group by group, over parts of the input channels whose weights fit half the weight memory, so that the next part
     * loads meanwhile.
     */
    private void partial(
            ConvolutionSpec spec,
            SplitWeights weights,
            ChannelParameters parameters,
            int low,
            int high,
            int from,
            int to,
            List<WeightSlice> slices) {
        int blocks = high - low;
        while (blocks > 1 && groupWords(spec.geometry(), blocks) > state.capabilities.weightWords() / 2) {
            blocks = (blocks + 1) / 2;
        }
        for (int group = from; group < to; group++) {
            for (int block = low; block < high; block += blocks) {
                int count = Math.min(blocks, high - block);
                byte[] packed =
                        packer.dense(spec.geometry(), block, count, group, group + 1, parameters.packed(), weights::at);
                slices.add(new WeightSlice(
                        block,
                        count,
                        group,
                        1,
                        groupWords(spec.geometry(), count),
                        state.constants.append(packed),
                        block > low,
                        block + blocks < high));
            }
        }
    }

    public void depthwise(ConvolutionSpec spec, MapNode input) {
        depthwise(spec, input, null);
    }

    /** {@code target} null: the operator's output. */
    public void depthwise(ConvolutionSpec spec, MapNode input, @Nullable MapNode target) {
        depthwise(spec, ChannelView.plain(input, spec.filters().channels()), target);
    }

    /**
     * Every output lies where its input does. Each stage makes blocks of its own: a segment that holds only one of them
     * stores no others.
     */
    public void depthwise(ConvolutionSpec spec, ChannelView input, @Nullable MapNode target) {
        ArrangedFilters filters = ArrangedFilters.of(spec.filters(), input, input.channelOfByte());
        ChannelParameters parameters = ChannelParameters.of(
                        spec, state.offset(spec.operator().output()))
                .arranged(filters.outputs());
        int[] needed = SplitWeights.needed(filters);
        boolean bits = parameters.post() == Post.BITS;
        if (bits && Arrays.stream(needed).anyMatch(parts -> parts > 1)) {
            dense(spec, input, input.channelOfByte(), target);
            return;
        }
        MapNode output = output(spec, target);
        List<BlockRun> runs = bits
                ? List.of(BlockRun.whole(needed.length))
                : BlockRun.of(List.of(input.map()), output, spec.geometry(), state.capabilities.activationBankWords());
        MapNode map = copies.readableBy(spec.operator(), input.map(), runs);
        for (BlockRun run : runs) {
            for (BlockRun alike : run.split(block -> needed[block] > 1)) {
                MapNode part = bits ? output : alike.partOf(output, spec.operator());
                if (needed[alike.first()] > 1) {
                    dense(spec, map, parameters, SplitWeights.of(filters, alike, needed), alike, part);
                } else {
                    depthwise(spec, filters, parameters, alike, alike.of(map), part);
                }
            }
        }
    }

    /** The groups of a run, whose weights need no parts. */
    private void depthwise(
            ConvolutionSpec spec,
            ArrangedFilters filters,
            ChannelParameters parameters,
            BlockRun run,
            MapNode input,
            MapNode output) {
        Geometry geometry = spec.geometry();
        int windowHeight = Math.min(geometry.kernelHeight(), distinctTaps(geometry.dilationY()));
        int windowWidth = Math.min(geometry.kernelWidth(), distinctTaps(geometry.dilationX()));
        int sets = geometry.depthwiseSets(windowHeight, windowWidth);
        boolean oneSet = sets > 1
                && output.width == 1
                && geometry.staysInside(input, output)
                && filters.sameAtEveryTap(run.first(), run.end());
        Geometry packs = oneSet ? Geometry.whole(windowHeight, windowWidth) : geometry;
        byte[] packed = packer.depthwise(
                packs, windowHeight, windowWidth, run.first(), run.end(), parameters.packed(), filters::at);
        int words = packer.groupWords(oneSet ? 1 : sets);
        WeightSlice slice = WeightSlice.whole(0, 1, 0, run.blocks(), words, state.constants.append(packed));
        Windows windows = new Windows(true, windowHeight, windowWidth, oneSet);
        stage(spec, input, parameters, windows, List.of(slice), output);
    }

    /** Groups of a run whose weights need several parts: dense ones that read the copies of one block each. */
    private void dense(
            ConvolutionSpec spec,
            MapNode input,
            ChannelParameters parameters,
            SplitWeights weights,
            BlockRun run,
            MapNode output) {
        List<WeightSlice> slices = new ArrayList<>();
        for (int group = run.first(); group < run.end(); group++) {
            int low = weights.position(group);
            int high = weights.position(group + 1);
            byte[] packed =
                    packer.dense(spec.geometry(), low, high - low, group, group + 1, parameters.packed(), weights::at);
            slices.add(WeightSlice.whole(
                    low,
                    high - low,
                    group - run.first(),
                    1,
                    groupWords(spec.geometry(), high - low),
                    state.constants.append(packed)));
        }
        stage(spec, copies.join(spec.operator(), input, weights.sources()), parameters, Windows.DENSE, slices, output);
    }

    /** Taps at this dilation that lie in different banks. */
    private static int distinctTaps(int dilation) {
        return switch (dilation % 4) {
            case 0 -> 1;
            case 2 -> 2;
            default -> 3;
        };
    }

    /** The tensor that the operator's own stage makes: a table after it is part of it. */
    public int result(Operator operator) {
        LookupTable table = fusions.tableAfter(operator);
        return table == null ? operator.output() : table.output();
    }

    private MapNode output(ConvolutionSpec spec, @Nullable MapNode target) {
        return target != null ? target : state.outputMap(result(spec.operator()));
    }

    private void stage(
            ConvolutionSpec spec,
            MapNode input,
            ChannelParameters parameters,
            Windows windows,
            List<WeightSlice> slices,
            @Nullable MapNode target) {
        Operator operator = spec.operator();
        int result = result(operator);
        MapNode output = output(spec, target);
        boolean ends = output.lineage().stream().anyMatch(map -> state.holds(result, map));
        LookupTable table = ends ? fusions.tableAfter(operator) : null;
        int tableOffset = table == null
                ? -1
                : state.constants.append(
                        ActivationTables.activation(table, state.offset(operator.output()), state.offset(result)));
        Int8Stage.Mode mode = new Int8Stage.Mode(
                windows.depthwise,
                windows.height,
                windows.width,
                windows.oneSet,
                parameters.post(),
                parameters.wide(),
                parameters.zeroPoint(),
                parameters.clampMin(),
                parameters.clampMax(),
                windows.oneSet ? 0 : spec.inputZeroPoint() - spec.inputOffset(),
                tableOffset);
        state.add(new Int8Stage(operator.name(), state.layer(operator), input, output, spec.geometry(), mode, slices));
    }
}
