// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.DepthToSpace;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.SpaceToDepth;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.Transpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** TRANSPOSE, SPACE_TO_DEPTH, DEPTH_TO_SPACE and the resizing operators. */
final class RearrangementImporter {
    private RearrangementImporter() {}

    /** TRANSPOSE; a reshape when only dimensions of 1 change places. */
    static void readTranspose(SourceOperator source, Sink sink) {
        Tensor input = sink.operand(source.source(0).index());
        int rank = input.shape().rank();
        int[] permutation = source.integers(1).clone();
        source.require(permutation.length == rank, "it permutes %d dimensions of %s.", permutation.length, input);
        List<Integer> moved = new ArrayList<>();
        Shape output = source.output().shape();
        for (int d = 0; d < rank; d++) {
            permutation[d] = source.axis(permutation[d], input.shape());
            source.require(
                    output.rank() == rank
                            && output.dimensions()
                                    .get(d)
                                    .equals(input.shape().dimensions().get(permutation[d])),
                    "its permutation %s does not make its output %s of %s.",
                    Arrays.toString(permutation),
                    output,
                    input);
            if (input.shape().dimensions().get(permutation[d]) > 1) {
                moved.add(permutation[d]);
            }
        }
        source.require(
                Arrays.stream(permutation).distinct().count() == rank,
                "its permutation %s has a dimension twice.",
                Arrays.toString(permutation));
        if (moved.equals(moved.stream().sorted().toList())
                && input.shape().elements() == source.output().shape().elements()) {
            sink.reshape(input, source.output());
        } else {
            sink.add(new Transpose(source.name(), source.firstInput(), source.outputIndexes(), permutation));
        }
    }

    static Operator readSpaceToDepth(SourceOperator source) {
        source.map(0);
        return new SpaceToDepth(
                source.name(), source.firstInput(), source.outputIndexes(), source.option(Schema.BlockOptions.SIZE, 0));
    }

    static Operator readDepthToSpace(SourceOperator source) {
        source.map(0);
        return new DepthToSpace(
                source.name(), source.firstInput(), source.outputIndexes(), source.option(Schema.BlockOptions.SIZE, 0));
    }

    static Operator readResizeNearest(SourceOperator source) {
        return resize(
                source,
                Resize.Mode.NEAREST,
                Schema.ResizeNearestOptions.ALIGN_CORNERS,
                Schema.ResizeNearestOptions.HALF_PIXEL_CENTERS);
    }

    static Operator readResizeBilinear(SourceOperator source) {
        return resize(
                source,
                Resize.Mode.BILINEAR,
                Schema.ResizeBilinearOptions.ALIGN_CORNERS,
                Schema.ResizeBilinearOptions.HALF_PIXEL_CENTERS);
    }

    /** The size asked for is the output's. */
    private static Operator resize(SourceOperator source, Resize.Mode mode, int alignCorners, int halfPixelCenters) {
        source.map(0);
        Shape output = source.output().shape();
        source.requireSizes(1, output.height(), output.width());
        return new Resize(
                source.name(),
                source.firstInput(),
                source.outputIndexes(),
                mode,
                source.byteOption(alignCorners, 0) != 0,
                source.byteOption(halfPixelCenters, 0) != 0);
    }
}
