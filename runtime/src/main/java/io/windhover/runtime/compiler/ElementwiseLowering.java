// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import io.windhover.driver.contract.Contract.VectorOperation;
import io.windhover.models.graph.Add;
import io.windhover.models.graph.Maximum;
import io.windhover.models.graph.Minimum;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Subtract;
import java.util.List;

/** Operators of two maps, element by element. */
final class ElementwiseLowering {
    /** Of two codes minus their zero points. */
    static final int LARGEST_PRODUCT = 255 * 255;

    private final Lowering lowering;
    private final VectorPlacer vectors;
    private final Operands operands;

    ElementwiseLowering(Lowering lowering, VectorPlacer vectors, Operands operands) {
        this.lowering = lowering;
        this.vectors = vectors;
        this.operands = operands;
    }

    void lower(Add operator) {
        byte[] tables = Tables.sum(
                Tables.rescaled(
                        operator.first(), operator.firstZeroPoint() - offset(operator, 0), operator.leftShift(), 1),
                Tables.rescaled(
                        operator.second(), operator.secondZeroPoint() - offset(operator, 1), operator.leftShift(), 1));
        sum(operator, tables, operator.result(), operator.outputZeroPoint(), operator.clampMin(), operator.clampMax());
    }

    /** The rescaled entries of what is subtracted are negated after their rounding, which is not symmetric. */
    void lower(Subtract operator) {
        int sign = operator.reversed() ? -1 : 1;
        byte[] tables = Tables.sum(
                Tables.rescaled(
                        operator.first(), operator.firstZeroPoint() - offset(operator, 0), operator.leftShift(), sign),
                Tables.rescaled(
                        operator.second(),
                        operator.secondZeroPoint() - offset(operator, 1),
                        operator.leftShift(),
                        -sign));
        sum(operator, tables, operator.result(), operator.outputZeroPoint(), operator.clampMin(), operator.clampMax());
    }

    private void sum(Operator operator, byte[] tables, Rescale result, int zeroPoint, int clampMin, int clampMax) {
        Parameters.requireRoom(operator.name(), Tables.largestSum(tables), result.shift());
        int offset = lowering.offset(operator.output());
        Operands.Pair pair = operands.of(operator);
        vectors.elementwise(
                operator,
                pair.maps(),
                lowering.outputMap(operator.output()),
                new VectorStage.Mode(
                        VectorOperation.ADD,
                        result.multiplier(),
                        result.shift(),
                        zeroPoint - offset,
                        clampMin - offset,
                        clampMax - offset,
                        0,
                        0,
                        pair.broadcast(),
                        lowering.constants.append(tables)));
    }

    void lower(Multiply operator) {
        Parameters.requireRoom(
                operator.name(), LARGEST_PRODUCT, operator.rescale().shift());
        int offset = lowering.offset(operator.output());
        Operands.Pair pair = operands.of(operator);
        vectors.elementwise(
                operator,
                pair.maps(),
                lowering.outputMap(operator.output()),
                new VectorStage.Mode(
                        VectorOperation.MULTIPLY,
                        operator.rescale().multiplier(),
                        operator.rescale().shift(),
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
        byte[] difference = Tables.sum(code -> code, code -> -code);
        Operands.Pair pair = operands.of(operator);
        MapNode step = vectors.between(operator, "difference");
        vectors.elementwise(operator, pair.maps(), step, vectors.plainSum(difference, zeroPoint, pair.broadcast()));
        vectors.elementwise(
                operator,
                List.of(pair.first(), step),
                lowering.outputMap(operator.output()),
                vectors.plainSum(difference, zeroPoint, false));
    }

    private int offset(Operator operator, int operand) {
        return lowering.offset(operator.inputs()[operand]);
    }
}
