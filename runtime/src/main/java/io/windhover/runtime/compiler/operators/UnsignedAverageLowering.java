// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.contract.VectorOperation;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.compiler.lowering.Int8StageBuilder;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.OperandMaps;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.lowering.VectorStageBuilder;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.VectorStage;
import io.windhover.runtime.compiler.weights.ActivationTables;
import io.windhover.runtime.compiler.weights.ConvolutionSpec;
import io.windhover.runtime.compiler.weights.ExactDivision;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Average pools of UINT8 codes whose windows hold an even number of positions here and another number there. The vector
 * engine divides by the right number everywhere but takes ties of negative sums (of codes minus 128) downwards; for
 * each even number of positions the exact division of the unsigned sum takes its place where that is the number.
 */
final class UnsignedAverageLowering {
    private final LoweringState state;
    private final TensorMaps tensors;
    private final VectorStageBuilder vectors;
    private final Int8StageBuilder int8;

    UnsignedAverageLowering(
            LoweringState state, TensorMaps tensors, VectorStageBuilder vectors, Int8StageBuilder int8) {
        this.state = state;
        this.tensors = tensors;
        this.vectors = vectors;
        this.int8 = int8;
    }

    void lower(AveragePool operator, Geometry geometry) {
        MapNode input = tensors.map(operator, operator.input());
        MapNode average = vectors.between(operator, "average");
        vectors.place(
                operator,
                List.of(input),
                average,
                geometry,
                VectorStage.Mode.pool(VectorOperation.AVERAGE_POOL, -128, 127));
        Windows windows = new Windows(
                geometry,
                state.tensor(operator.input()).shape(),
                state.tensor(operator.output()).shape());
        SortedSet<Integer> counts = windows.evenCounts();
        for (int count : counts) {
            MapNode corrected = count == counts.last()
                    ? state.outputMap(operator.output())
                    : vectors.between(operator, "corrected");
            boolean last = count == counts.last();
            correct(
                    operator,
                    geometry,
                    average,
                    windows.mask(count),
                    count,
                    last ? operator.clampMin() - 128 : -128,
                    last ? operator.clampMax() - 128 : 127,
                    corrected);
            average = corrected;
        }
    }

    /** {@code corrected} = average + mask * (exact - average). */
    private void correct(
            AveragePool operator,
            Geometry geometry,
            MapNode average,
            byte[] mask,
            int count,
            int least,
            int greatest,
            MapNode corrected) {
        MapNode exact = vectors.between(operator, "exact");
        divide(operator, geometry, count, exact);
        MapNode difference = vectors.between(operator, "difference");
        vectors.elementwise(
                operator,
                List.of(exact, average),
                difference,
                vectors.plainSum(ActivationTables.sum(code -> code, code -> -code), 0, false));
        MapNode masked = vectors.between(operator, "masked");
        vectors.elementwise(
                operator,
                List.of(difference, mask(operator, mask)),
                masked,
                vectors.plain(VectorOperation.MULTIPLY, -1, 0, -128, 127, false));
        int sum = state.constants.append(ActivationTables.sum(code -> code, code -> code));
        vectors.elementwise(
                operator,
                List.of(average, masked),
                corrected,
                vectors.plain(VectorOperation.ADD, sum, 0, least, greatest, false));
    }

    /** The sum of the codes from 0 up, outside positions adding 0, divided by {@code count} everywhere. */
    private void divide(AveragePool operator, Geometry geometry, int count, MapNode exact) {
        int channels = state.tensor(operator.input()).shape().channels();
        ExactDivision division = ExactDivision.required(operator.name(), count);
        PostProcess post = division.post(channels, TensorType.UINT8.minimum(), TensorType.UINT8.maximum());
        int8.depthwise(
                new ConvolutionSpec(
                        operator, 128, division.filters(channels, geometry), geometry, new int[channels], 0, post),
                tensors.map(operator, operator.input()),
                exact);
    }

    private MapNode mask(AveragePool operator, byte[] mask) {
        Shape out = state.tensor(operator.output()).shape();
        byte[] words = new byte[8 * mask.length];
        for (int i = 0; i < mask.length; i++) {
            words[8 * i] = mask[i];
        }
        MapNode constant = new MapNode(
                operator.name() + "/mask",
                out.height(),
                out.width(),
                1,
                new MapNode.Constant(state.constants.append(words)));
        return OperandMaps.spread(state, int8, operator, constant, out.channels());
    }

    /** How many positions of the map each window holds. */
    private record Windows(Geometry geometry, Shape in, Shape out) {
        private int count(int y, int x) {
            return inside(y * geometry.strideY() - geometry.padTop(), geometry.kernelHeight(), in.height())
                    * inside(x * geometry.strideX() - geometry.padLeft(), geometry.kernelWidth(), in.width());
        }

        private static int inside(int first, int kernel, int size) {
            return Math.min(first + kernel, size) - Math.max(first, 0);
        }

        SortedSet<Integer> evenCounts() {
            SortedSet<Integer> counts = new TreeSet<>();
            for (int y = 0; y < out.height(); y++) {
                for (int x = 0; x < out.width(); x++) {
                    if (count(y, x) % 2 == 0) {
                        counts.add(count(y, x));
                    }
                }
            }
            return counts;
        }

        /** 1 for each window of this many positions. */
        byte[] mask(int count) {
            byte[] mask = new byte[out.height() * out.width()];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = (byte) (count(i / out.width(), i % out.width()) == count ? 1 : 0);
            }
            return mask;
        }
    }
}
