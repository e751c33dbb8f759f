package io.windhover.runtime.compiler;

import io.windhover.driver.contract.Contract.Post;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Dense, grouped, depthwise and fully-connected layers, and whatever else is a convolution in disguise, for the int8 array. */
final class ConvolutionLowering {
    private final Lowering lowering;
    private final WeightPacker packer;
    private final Fusions fusions;

    ConvolutionLowering(Lowering lowering, Fusions fusions) {
        this.lowering = lowering;
        this.fusions = fusions;
        packer = new WeightPacker(lowering.capabilities.int8Reduction());
    }

    void lower(Convolution operator) {
        Pad pad = fusions.padBefore(operator);
        int source = pad == null ? operator.input() : pad.input();
        Value in = lowering.value(operator, source);
        Filters filters = Filters.of(operator, lowering.tensor(source).shape().channels());
        Geometry geometry = padded(Geometry.of(operator.window()), pad);
        convolve(new Job(operator, in, source, filters, geometry, operator.bias(), operator.inputZeroPoint(), operator.post()));
    }

    void lower(DepthwiseConvolution operator) {
        Pad pad = fusions.padBefore(operator);
        int source = pad == null ? operator.input() : pad.input();
        Value in = lowering.value(operator, source);
        Filters filters = Filters.of(operator, lowering.tensor(source).shape().channels());
        Geometry geometry = padded(Geometry.of(operator.window()), pad);
        Job job = new Job(operator, in, source, filters, geometry, operator.bias(), operator.inputZeroPoint(), operator.post());
        if (operator.multiplier() == 1 && filters.channels() > 1) {
            depthwise(job);
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
        dense(new Job(operator, in, operator.input(), filters, geometry, operator.bias(), operator.inputZeroPoint(), operator.post()),
                lowering.materialise(operator, in));
    }

    private static Geometry padded(Geometry geometry, @Nullable Pad pad) {
        int top = geometry.padTop() + (pad == null ? 0 : pad.padding().top());
        int left = geometry.padLeft() + (pad == null ? 0 : pad.padding().left());
        return new Geometry(geometry.kernelHeight(), geometry.kernelWidth(), geometry.strideY(), geometry.strideX(),
                geometry.dilationY(), geometry.dilationX(), top, left);
    }

    /** One convolution to place. */
    record Job(
            Operator operator, Value in, int source, Filters filters, Geometry geometry, int[] bias, int inputZeroPoint,
            PostProcess post) {
        Job over(Filters other, Geometry otherGeometry) {
            return new Job(operator, in, source, other, otherGeometry, bias, inputZeroPoint, post);
        }
    }

    private void convolve(Job job) {
        if (job.in.isInput() && patchesPay(job)) {
            dense(job.over(job.filters.overPatches(), Geometry.POINT), patches(job));
        } else {
            dense(job, lowering.map(job.operator, job.source));
        }
    }

    private boolean patchesPay(Job job) {
        Filters filters = job.filters;
        Geometry geometry = job.geometry;
        Shape shape = lowering.tensor(job.source).shape();
        int reduction = lowering.capabilities.int8Reduction();
        int taps = filters.kernelHeight() * filters.kernelWidth();
        int patchSets = (taps * filters.channels() + reduction - 1) / reduction;
        int plainSets = taps * ((filters.channels() + reduction - 1) / reduction);
        int columns = lowering.tensor(job.operator.output()).shape().width();
        int rowWords = (taps * filters.channels() + 7) / 8 * ((columns + 3) / 4);
        return (filters.groups() == 1 || filters.channels() == 1)
                && geometry.dilationY() == 1
                && geometry.dilationX() == 1
                && filters.kernelWidth() * filters.channels() <= 255
                && (long) shape.width() * filters.channels() <= lowering.capabilities.lineBytes()
                && 2 * rowWords <= lowering.capabilities.activationBankWords()
                && patchSets < plainSets;
    }

    private MapNode patches(Job job) {
        Shape in = lowering.tensor(job.source).shape();
        Shape out = lowering.tensor(job.operator.output()).shape();
        Filters filters = job.filters;
        int bytes = filters.kernelHeight() * filters.kernelWidth() * filters.channels();
        return new MapNode(job.operator.name() + "/patches", out.height(), out.width(), (bytes + 7) / 8,
                new MapNode.Patch(job.in.input(), job.geometry, in.height(), in.width(), filters.channels(),
                        job.inputZeroPoint - lowering.offset(job.source), job.in.type() == TensorType.UINT8));
    }

    /** Splits the output groups into runs that read the same input blocks; one run when the convolution is not grouped. */
    void dense(Job job, MapNode input) {
        Filters filters = job.filters;
        Parameters parameters = Parameters.of(lowering, job);
        int groups = (filters.outputs() + 7) / 8;
        List<Piece> pieces = new ArrayList<>();
        int from = 0;
        while (from < groups) {
            int low = firstBlock(filters, from);
            int high = lastBlock(filters, from);
            int to = from + 1;
            while (to < groups && firstBlock(filters, to) == low && lastBlock(filters, to) == high) {
                to++;
            }
            if (parameters.post() == Post.BITS) {
                low = 0;
                high = (filters.channels() + 7) / 8;
                to = groups;
            }
            if (groupWords(job.geometry, high - low) > lowering.capabilities.weightWords() && parameters.post() != Post.BITS) {
                partial(job, parameters, low, high, from, to, pieces);
            } else {
                byte[] packed = packer.dense(job.geometry, low, high - low, from, to, parameters.packed(), filters::padded);
                pieces.add(Piece.whole(low, high - low, from, to - from, groupWords(job.geometry, high - low), lowering.constants.append(packed)));
            }
            from = to;
        }
        stage(job, input, parameters, false, 1, 1, pieces);
    }

    private int groupWords(Geometry geometry, int channelBlocks) {
        return packer.groupWords(WeightPacker.denseSets(geometry, channelBlocks, lowering.capabilities.int8Reduction()));
    }

    /** Group by group, over parts of the input channels whose weights fit half the weight memory, so that the next part loads meanwhile. */
    private void partial(Job job, Parameters parameters, int low, int high, int from, int to, List<Piece> pieces) {
        int blocks = high - low;
        while (blocks > 1 && groupWords(job.geometry, blocks) > lowering.capabilities.weightWords() / 2) {
            blocks = (blocks + 1) / 2;
        }
        for (int group = from; group < to; group++) {
            for (int block = low; block < high; block += blocks) {
                int count = Math.min(blocks, high - block);
                byte[] packed = packer.dense(job.geometry, block, count, group, group + 1, parameters.packed(), job.filters::padded);
                pieces.add(new Piece(block, count, group, 1, groupWords(job.geometry, count), lowering.constants.append(packed),
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

    void depthwise(Job job) {
        Parameters parameters = Parameters.of(lowering, job);
        Geometry geometry = job.geometry;
        int windowHeight = Math.min(geometry.kernelHeight(), distinctTaps(geometry.dilationY()));
        int windowWidth = Math.min(geometry.kernelWidth(), distinctTaps(geometry.dilationX()));
        int groups = (job.filters.outputs() + 7) / 8;
        byte[] packed = packer.depthwise(geometry, windowHeight, windowWidth, groups, parameters.packed(), job.filters::padded);
        int words = packer.groupWords(WeightPacker.depthwiseSets(geometry, windowHeight, windowWidth));
        Piece piece = Piece.whole(0, 1, 0, groups, words, lowering.constants.append(packed));
        stage(job, lowering.map(job.operator, job.source), parameters, true, windowHeight, windowWidth, List.of(piece));
    }

    /** Taps at this dilation that lie in different banks. */
    private static int distinctTaps(int dilation) {
        return switch (dilation % 4) {
            case 0 -> 1;
            case 2 -> 2;
            default -> 3;
        };
    }

    private void stage(
            Job job, MapNode input, Parameters parameters, boolean depthwise, int windowHeight, int windowWidth, List<Piece> pieces) {
        LookupTable table = fusions.tableAfter(job.operator);
        int target = table == null ? job.operator.output() : table.output();
        int tableOffset = table == null ? -1 : lowering.constants.append(
                Tables.activation(table, lowering.offset(job.operator.output()), lowering.offset(target)));
        Int8Stage.Mode mode = new Int8Stage.Mode(depthwise, windowHeight, windowWidth, parameters.post(), parameters.wide(),
                parameters.zeroPoint(), parameters.clampMin(), parameters.clampMax(),
                job.inputZeroPoint - lowering.offset(job.source), tableOffset);
        lowering.add(new Int8Stage(job.operator.name(), lowering.layer(job.operator), input, lowering.outputMap(target), job.geometry, mode, pieces));
    }
}
