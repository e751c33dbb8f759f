// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.contract.VectorOperation;
import io.windhover.models.graph.Add;
import io.windhover.models.graph.Maximum;
import io.windhover.models.graph.Minimum;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Subtract;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.OperandMaps;
import io.windhover.runtime.compiler.lowering.VectorStageBuilder;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.VectorStage;
import io.windhover.runtime.compiler.weights.ActivationTables;
import io.windhover.runtime.compiler.weights.ChannelParameters;
import java.util.List;

/** Operators of two maps, element by element. */
final class ElementwiseLowering {
    /** Of two codes minus their zero points. */
    static final int LARGEST_PRODUCT = 255 * 255;

    private final LoweringState state;
    private final VectorStageBuilder vectors;
    private final OperandMaps operands;

    ElementwiseLowering(LoweringState state, VectorStageBuilder vectors, OperandMaps operands) {
        this.state = state;
        this.vectors = vectors;
        this.operands = operands;
    }

    void lower(Add operator) {
        byte[] tables = ActivationTables.sum(
                ActivationTables.rescaled(
                        operator.first(), operator.firstZeroPoint() - offset(operator, 0), operator.leftShift(), 1),
                ActivationTables.rescaled(
                        operator.second(), operator.secondZeroPoint() - offset(operator, 1), operator.leftShift(), 1));
        sum(operator, tables, operator.result(), operator.outputZeroPoint(), operator.clampMin(), operator.clampMax());
    }

    /** The rescaled entries of what is subtracted are negated after their rounding, which is not symmetric. */
    void lower(Subtract operator) {
        int sign = operator.reversed() ? -1 : 1;
        byte[] tables = ActivationTables.sum(
                ActivationTables.rescaled(
                        operator.first(), operator.firstZeroPoint() - offset(operator, 0), operator.leftShift(), sign),
                ActivationTables.rescaled(
                        operator.second(),
                        operator.secondZeroPoint() - offset(operator, 1),
                        operator.leftShift(),
                        -sign));
        sum(operator, tables, operator.result(), operator.outputZeroPoint(), operator.clampMin(), operator.clampMax());
    }

    private void sum(Operator operator, byte[] tables, Rescale result, int zeroPoint, int clampMin, int clampMax) {
        ChannelParameters.requireRoom(operator.name(), ActivationTables.largestSum(tables), result.shift());
        Rescale factor = ChannelParameters.normalised(result);
        int offset = state.offset(operator.output());
        OperandMaps.Pair pair = operands.of(operator);
        vectors.elementwise(
                operator,
                pair.maps(),
                state.outputMap(operator.output()),
                new VectorStage.Mode(
                        VectorOperation.ADD,
                        factor.multiplier(),
                        factor.shift(),
                        zeroPoint - offset,
                        clampMin - offset,
                        clampMax - offset,
                        0,
                        0,
                        pair.broadcast(),
                        state.constants.append(tables)));
    }

    void lower(Multiply operator) {
        ChannelParameters.requireRoom(
                operator.name(), LARGEST_PRODUCT, operator.rescale().shift());
        Rescale factor = ChannelParameters.normalised(operator.rescale());
        int offset = state.offset(operator.output());
        OperandMaps.Pair pair = operands.of(operator);
        vectors.elementwise(
                operator,
                pair.maps(),
                state.outputMap(operator.output()),
                new VectorStage.Mode(
                        VectorOperation.MULTIPLY,
                        factor.multiplier(),
                        factor.shift(),
                        operator.outputZeroPoint() - offset,
                        operator.clampMin() - offset,
                        operator.clampMax() - offset,
                        operator.firstZeroPoint() - offset(operator, 0),
                        operator.secondZeroPoint() - offset(operator, 1),
                        pair.broadcast(),
                        -1));
    }

    void lower(Maximum operator) {
        extreme(operator, 127);
    }

    void lower(Minimum operator) {
        extreme(operator, -128);
    }

    /**
     * max(a, b) = a - min(a - b, 0): the difference is kept as code min(a - b, 0) + 127, which is a - b + 127 cut to
     * int8, and a - code + 127 is the maximum. min(a, b) = a - max(a - b, 0) likewise with -128. Both steps are a -
     * second + {@code zeroPoint}.
     */
    private void extreme(Operator operator, int zeroPoint) {
        byte[] difference = ActivationTables.sum(code -> code, code -> -code);
        OperandMaps.Pair pair = operands.of(operator);
        MapNode step = vectors.between(operator, "difference");
        vectors.elementwise(operator, pair.maps(), step, vectors.plainSum(difference, zeroPoint, pair.broadcast()));
        vectors.elementwise(
                operator,
                List.of(pair.first(), step),
                state.outputMap(operator.output()),
                vectors.plainSum(difference, zeroPoint, false));
    }

    private int offset(Operator operator, int operand) {
        return state.offset(operator.inputs()[operand]);
    }
}
