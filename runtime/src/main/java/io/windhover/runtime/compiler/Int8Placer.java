package io.windhover.runtime.compiler;

import io.windhover.driver.contract.Contract.Post;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Packs the weights of convolutions and makes their stages on the int8 array. */
final class Int8Placer {
    private final Lowering lowering;
    private final Fusions fusions;
    private final WeightPacker packer;
    private final BlockCopies copies;

    Int8Placer(Lowering lowering, Fusions fusions, BlockCopies copies) {
        this.lowering = lowering;
        this.fusions = fusions;
        this.copies = copies;
        packer = new WeightPacker(lowering.capabilities.int8Reduction());
    }

    /** Splits the output groups into runs that read the same input blocks; one run when the convolution is not grouped. */
    void dense(ConvolutionJob job, MapNode input) {
        int words = groupWords(job.geometry(), (job.filters().channels() + 7) / 8);
        if (job.post() instanceof PostProcess.Bits bits && words > lowering.capabilities.weightWords() / 8) {
            bitsInTwoSteps(job, input, bits);
        } else {
            dense(job, input, null);
        }
    }

    /** Eight groups make a word of bits; where the weights of eight exceed the weight memory, their signs are made first, as codes -1 and 0. */
    private void bitsInTwoSteps(ConvolutionJob job, MapNode input, PostProcess.Bits bits) {
        int outputs = job.filters().outputs();
        int[] bias = new int[outputs];
        for (int o = 0; o < outputs; o++) {
            bias[o] = (int) Math.max(-Parameters.DECISIVE, Math.min(Parameters.DECISIVE, (long) job.bias()[o] - bits.threshold()[o]));
        }
        int[] multiplier = new int[outputs];
        int[] shift = new int[outputs];
        Arrays.fill(multiplier, 1 << 30);
        Arrays.fill(shift, 30);
        Shape shape = lowering.tensor(job.operator().output()).shape();
        MapNode signs = new MapNode(job.operator().name() + "/signs", shape.height(), shape.width(), (outputs + 7) / 8, null);
        dense(job.with(bias, new PostProcess.Requantize(multiplier, shift, 0, -1, 0)), input, signs);
        Filters ones = new Filters(outputs, outputs, outputs, 1, 1, (o, ky, kx, i) -> 1, 0);
        Value value = Value.of(signs, shape, TensorType.INT8);
        depthwise(new ConvolutionJob(job.operator(), value, job.source(), 0, ones, Geometry.POINT, new int[outputs], 0,
                new PostProcess.Bits(new int[outputs], bits.invert())), signs, null);
    }

    /** {@code target} null: the operator's output. */
    void dense(ConvolutionJob job, MapNode input, @Nullable MapNode target) {
        Filters filters = job.filters();
        Parameters parameters = Parameters.of(lowering, job);
        SplitWeights split = SplitWeights.of(filters);
        int groups = (filters.outputs() + 7) / 8;
        List<Piece> pieces = new ArrayList<>();
        int from = 0;
        while (from < groups) {
            int low = split.position(firstBlock(filters, from));
            int high = end(split, filters, from);
            int to = from + 1;
            while (to < groups && split.position(firstBlock(filters, to)) == low && end(split, filters, to) == high) {
                to++;
            }
            if (parameters.post() == Post.BITS) {
                low = 0;
                high = split.sources().length;
                to = groups;
            }
            if (groupWords(job.geometry(), high - low) > lowering.capabilities.weightWords() && parameters.post() != Post.BITS) {
                partial(job, parameters, split, low, high, from, to, pieces);
            } else {
                pieces.add(piece(job, parameters, split, low, high, from, to));
            }
            from = to;
        }
        MapNode read = split.isWhole() ? input : copies.join(job.operator(), input, split.sources());
        stage(job, read, parameters, false, 1, 1, pieces, target(job, target));
    }

    /** One past the last block that outputs of this group read; all of them when they are not grouped. */
    private static int end(SplitWeights split, Filters filters, int group) {
        return filters.groups() == 1 ? split.sources().length : split.position(lastBlock(filters, group));
    }

    private Piece piece(ConvolutionJob job, Parameters parameters, SplitWeights split, int low, int high, int from, int to) {
        byte[] packed = packer.dense(job.geometry(), low, high - low, from, to, parameters.packed(), split.over(job.filters()));
        return Piece.whole(low, high - low, from, to - from, groupWords(job.geometry(), high - low), lowering.constants.append(packed));
    }

    private int groupWords(Geometry geometry, int channelBlocks) {
        return packer.groupWords(WeightPacker.denseSets(geometry, channelBlocks, lowering.capabilities.int8Reduction()));
    }

    /** Group by group, over parts of the input channels whose weights fit half the weight memory, so that the next part loads meanwhile. */
    private void partial(
            ConvolutionJob job, Parameters parameters, SplitWeights split, int low, int high, int from, int to, List<Piece> pieces) {
        int blocks = high - low;
        while (blocks > 1 && groupWords(job.geometry(), blocks) > lowering.capabilities.weightWords() / 2) {
            blocks = (blocks + 1) / 2;
        }
        for (int group = from; group < to; group++) {
            for (int block = low; block < high; block += blocks) {
                int count = Math.min(blocks, high - block);
                byte[] packed = packer.dense(job.geometry(), block, count, group, group + 1, parameters.packed(), split.over(job.filters()));
                pieces.add(new Piece(block, count, group, 1, groupWords(job.geometry(), count), lowering.constants.append(packed),
                        block > low, block + blocks < high));
            }
        }
    }

    private static int firstBlock(Filters filters, int group) {
        return filters.firstChannel(group * 8) / 8;
    }

    private static int lastBlock(Filters filters, int group) {
        int last = Math.min(group * 8 + 7, filters.outputs() - 1);
        return (filters.firstChannel(last) + filters.perGroup() + 7) / 8;
    }

    void depthwise(ConvolutionJob job, MapNode input) {
        depthwise(job, input, null);
    }

    /** {@code target} null: the operator's output. */
    void depthwise(ConvolutionJob job, MapNode input, @Nullable MapNode target) {
        Parameters parameters = Parameters.of(lowering, job);
        int[] needed = SplitWeights.needed(job.filters());
        int windowHeight = Math.min(job.geometry().kernelHeight(), distinctTaps(job.geometry().dilationY()));
        int windowWidth = Math.min(job.geometry().kernelWidth(), distinctTaps(job.geometry().dilationX()));
        List<Piece> pieces = new ArrayList<>();
        List<Integer> split = new ArrayList<>();
        int group = 0;
        while (group < needed.length) {
            int from = group;
            while (group < needed.length && needed[group] == 1) {
                group++;
            }
            if (group > from) {
                pieces.add(depthwise(job, parameters, windowHeight, windowWidth, from, group));
            } else {
                split.add(group++);
            }
        }
        MapNode output = target(job, target);
        if (!pieces.isEmpty()) {
            stage(job, input, parameters, true, windowHeight, windowWidth, pieces, output);
        }
        if (!split.isEmpty()) {
            dense(job, input, parameters, SplitWeights.of(split, needed), output);
        }
    }

    private Piece depthwise(ConvolutionJob job, Parameters parameters, int windowHeight, int windowWidth, int from, int to) {
        byte[] packed = packer.depthwise(job.geometry(), windowHeight, windowWidth, from, to, parameters.packed(), job.filters()::padded);
        int words = packer.groupWords(WeightPacker.depthwiseSets(job.geometry(), windowHeight, windowWidth));
        return Piece.whole(from, 1, from, to - from, words, lowering.constants.append(packed));
    }

    /** Groups of a depthwise layer whose weights need several parts: dense ones that read the copies of one block each. */
    private void dense(ConvolutionJob job, MapNode input, Parameters parameters, SplitWeights split, MapNode output) {
        List<Piece> pieces = new ArrayList<>();
        int low = 0;
        while (low < split.sources().length) {
            int group = split.sources()[low];
            int high = split.position(group + 1);
            pieces.add(piece(job, parameters, split, low, high, group, group + 1));
            low = high;
        }
        stage(job, copies.join(job.operator(), input, split.sources()), parameters, false, 1, 1, pieces, output);
    }

    /** Taps at this dilation that lie in different banks. */
    private static int distinctTaps(int dilation) {
        return switch (dilation % 4) {
            case 0 -> 1;
            case 2 -> 2;
            default -> 3;
        };
    }

    /** The map that a job writes: {@code target}, or the operator's output, past the table that it takes along. */
    private MapNode target(ConvolutionJob job, @Nullable MapNode target) {
        LookupTable table = fusions.tableAfter(job.operator());
        return target != null ? target : lowering.outputMap(table == null ? job.operator().output() : table.output());
    }

    private void stage(
            ConvolutionJob job, MapNode input, Parameters parameters, boolean depthwise, int windowHeight, int windowWidth, List<Piece> pieces,
            MapNode output) {
        LookupTable table = fusions.tableAfter(job.operator());
        int tableOffset = table == null ? -1 : lowering.constants.append(
                Tables.activation(table, lowering.offset(job.operator().output()), lowering.offset(table.output())));
        Int8Stage.Mode mode = new Int8Stage.Mode(depthwise, windowHeight, windowWidth, parameters.post(), parameters.wide(),
                parameters.zeroPoint(), parameters.clampMin(), parameters.clampMax(),
                job.inputZeroPoint() - job.inputOffset(), tableOffset);
        lowering.add(new Int8Stage(job.operator().name(), lowering.layer(job.operator()), input, output, job.geometry(), mode, pieces));
    }
}
