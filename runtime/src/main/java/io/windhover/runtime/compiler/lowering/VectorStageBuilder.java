// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import io.windhover.contract.VectorOperation;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.compiler.channels.BlockRun;
import io.windhover.runtime.compiler.program.TensorLocation;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.VectorStage;
import io.windhover.runtime.compiler.weights.ConvolutionSpec;
import java.util.List;

/** Makes stages of the vector engine. */
public final class VectorStageBuilder {
    private final LoweringState state;

    public VectorStageBuilder(LoweringState state) {
        this.state = state;
    }

    /** One stage, or one for each run of blocks. */
    public void place(
            Operator operator, List<MapNode> inputs, MapNode output, Geometry geometry, VectorStage.Mode mode) {
        for (BlockRun run : runs(inputs, output, geometry)) {
            List<MapNode> parts = inputs.stream().map(run::of).toList();
            state.add(new VectorStage(
                    operator.name(), state.layer(operator), parts, run.partOf(output, operator), geometry, mode));
        }
    }

    public List<BlockRun> runs(List<MapNode> inputs, MapNode output, Geometry geometry) {
        return BlockRun.of(inputs, output, geometry, state.capabilities.activationBankWords());
    }

    public void elementwise(Operator operator, List<MapNode> inputs, MapNode output, VectorStage.Mode mode) {
        place(operator, inputs, output, Geometry.POINT, mode);
    }

    /** Copies the pixels that a window of one pixel meets. */
    public void pick(Operator operator, MapNode from, MapNode to, Geometry geometry) {
        place(operator, List.of(from), to, geometry, VectorStage.Mode.pool(VectorOperation.MAXIMUM_POOL, -128, 127));
    }

    /** A map between two stages of an operator, of the size of its output. */
    public MapNode between(Operator operator, String what) {
        Tensor output = state.tensor(operator.output());
        return new MapNode(
                operator.name() + "/" + what,
                output.shape().height(),
                output.shape().width(),
                TensorLocation.blocks(output.type(), output.shape().channels()),
                null);
    }

    /** The codes that these 256 entries of table A name, low bytes. */
    public VectorStage.Mode table(byte[] tables) {
        return new VectorStage.Mode(
                VectorOperation.TABLE, 0, 0, 0, -128, 127, 0, 0, false, state.constants.append(tables));
    }

    /** The sum of an entry of either table, as it is, plus {@code zeroPoint}, cut to a code. */
    public VectorStage.Mode plainSum(byte[] tables, int zeroPoint, boolean broadcast) {
        return plain(VectorOperation.ADD, state.constants.append(tables), zeroPoint, -128, 127, broadcast);
    }

    /** A sum or product that is not scaled. */
    public VectorStage.Mode plain(
            VectorOperation operation, int table, int zeroPoint, int clampMin, int clampMax, boolean broadcast) {
        return new VectorStage.Mode(
                operation,
                ConvolutionSpec.ONE.multiplier(),
                ConvolutionSpec.ONE.shift(),
                zeroPoint,
                clampMin,
                clampMax,
                0,
                0,
                broadcast,
                table);
    }
}
