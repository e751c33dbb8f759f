// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import io.windhover.models.graph.LocallyConnected;
import io.windhover.models.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Locally-connected layers: a dense convolution for every position. */
final class LocalLowering {
    private static final int MOST_POSITIONS = 4096;

    private final Lowering lowering;
    private final TensorMaps tensors;
    private final WeightPacker packer;

    LocalLowering(Lowering lowering, TensorMaps tensors) {
        this.lowering = lowering;
        this.tensors = tensors;
        packer = new WeightPacker(lowering.capabilities.int8Reduction());
    }

    void lower(LocallyConnected operator) {
        Shape out = lowering.tensor(operator.output()).shape();
        int positions = out.height() * out.width();
        if (positions > MOST_POSITIONS) {
            throw CompileException.layer(
                    operator.name(),
                    "it has filters for %d positions, more than %d; use a convolution there.",
                    positions,
                    MOST_POSITIONS);
        }
        Laid input = tensors.laid(operator, operator.input());
        List<Piece> pieces = new ArrayList<>();
        List<Parameters> all = new ArrayList<>();
        for (int turn = 0; turn < positions; turn++) {
            int position = turn / out.width() * out.width() + LocalStage.columnAt(turn % out.width(), out.width());
            ConvolutionJob job = at(operator, position);
            PlacedFilters filters =
                    PlacedFilters.of(job.filters(), input, PlacedFilters.inOrder(operator.outputChannels()));
            all.add(Parameters.of(job, lowering.offset(job.operator().output())).arranged(filters.outputs()));
            pieces.add(piece(job, filters, all.get(turn)));
        }
        Parameters post = all.get(0);
        Int8Stage.Mode mode = new Int8Stage.Mode(
                false,
                1,
                1,
                post.post(),
                all.stream().anyMatch(Parameters::wide),
                post.zeroPoint(),
                post.clampMin(),
                post.clampMax(),
                operator.inputZeroPoint() - lowering.offset(operator.input()),
                -1);
        lowering.add(new LocalStage(
                operator.name(),
                lowering.layer(operator),
                input.map(),
                lowering.outputMap(operator.output()),
                Geometry.of(operator.window()),
                mode,
                pieces));
    }

    /** The convolution of one position. */
    private ConvolutionJob at(LocallyConnected operator, int position) {
        int channels = lowering.tensor(operator.input()).shape().channels();
        int outputs = operator.outputChannels();
        int height = operator.window().kernelHeight();
        int width = operator.window().kernelWidth();
        byte[] weights = operator.weights();
        Filters filters = new Filters(
                outputs,
                channels,
                1,
                height,
                width,
                (o, ky, kx, i) -> weights[(((position * outputs + o) * height + ky) * width + kx) * channels + i],
                0);
        int[] bias = Arrays.copyOfRange(operator.bias(), position * outputs, (position + 1) * outputs);
        return new ConvolutionJob(
                operator,
                lowering.offset(operator.input()),
                filters,
                Geometry.of(operator.window()),
                bias,
                operator.inputZeroPoint(),
                operator.post());
    }

    private Piece piece(ConvolutionJob job, PlacedFilters filters, Parameters parameters) {
        int blocks = filters.blocks();
        int groups = filters.groups();
        byte[] packed = packer.dense(job.geometry(), 0, blocks, 0, groups, parameters.packed(), filters::at);
        int words = packer.groupWords(
                job.geometry().denseSets(blocks, lowering.capabilities.int8Reduction()));
        return Piece.whole(0, blocks, 0, groups, words, lowering.constants.append(packed));
    }
}
