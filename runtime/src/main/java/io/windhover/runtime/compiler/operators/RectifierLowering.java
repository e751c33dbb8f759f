// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.contract.VectorOperation;
import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.graph.PRelu;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.lowering.VectorStageBuilder;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.VectorStage;
import io.windhover.runtime.compiler.weights.ActivationTables;
import io.windhover.runtime.compiler.weights.ChannelParameters;
import java.util.List;

/**
 * PRelu: a table where all slopes are equal, otherwise the product of the negative part joined with a table of the
 * positive one.
 */
final class RectifierLowering {
    private final LoweringState state;
    private final TensorMaps tensors;
    private final VectorStageBuilder vectors;

    RectifierLowering(LoweringState state, TensorMaps tensors, VectorStageBuilder vectors) {
        this.state = state;
        this.tensors = tensors;
        this.vectors = vectors;
    }

    void lower(PRelu operator) {
        Codes codes = new Codes(operator, state.tensor(operator.input()).type());
        MapNode input = tensors.map(operator, operator.input());
        for (byte slope : operator.slope()) {
            if (slope != operator.slope()[0]) {
                perChannel(operator, codes, input);
                return;
            }
        }
        int factor = codes.code(operator.slope()[0]) - operator.slopeZeroPoint();
        vectors.elementwise(
                operator,
                List.of(input),
                state.outputMap(operator.output()),
                vectors.table(ActivationTables.sum(chip -> codes.rectified(chip, factor), chip -> 0)));
    }

    /**
     * n = min(x, zero point); product = (n - zero point) * slope, which is the output's zero point where x is not
     * negative; there the positive part above that zero point is added.
     */
    private void perChannel(PRelu operator, Codes codes, MapNode input) {
        ChannelParameters.requireRoom(
                operator.name(),
                ElementwiseLowering.LARGEST_PRODUCT,
                operator.negative().shift());
        Rescale factor = ChannelParameters.normalised(operator.negative());
        MapNode negative = vectors.between(operator, "negative");
        MapNode product = vectors.between(operator, "product");
        vectors.elementwise(
                operator, List.of(input), negative, vectors.table(ActivationTables.sum(codes::negative, chip -> 0)));
        int zero = operator.outputZeroPoint() - codes.offset;
        vectors.elementwise(
                operator,
                List.of(negative, slopes(operator, codes)),
                product,
                new VectorStage.Mode(
                        VectorOperation.MULTIPLY,
                        factor.multiplier(),
                        factor.shift(),
                        zero,
                        -128,
                        127,
                        operator.inputZeroPoint() - codes.offset,
                        operator.slopeZeroPoint() - codes.offset,
                        true,
                        -1));
        byte[] joined = ActivationTables.sum(chip -> codes.positive(chip) - zero, chip -> chip);
        vectors.elementwise(
                operator,
                List.of(input, product),
                state.outputMap(operator.output()),
                vectors.plainSum(joined, 0, false));
    }

    private MapNode slopes(PRelu operator, Codes codes) {
        int blocks = (operator.slope().length + 7) / 8;
        byte[] bytes = new byte[8 * blocks];
        for (int c = 0; c < operator.slope().length; c++) {
            bytes[c] = (byte) (operator.slope()[c] - codes.offset);
        }
        return new MapNode(
                operator.name() + "/slopes", 1, 1, blocks, new MapNode.Constant(state.constants.append(bytes)));
    }

    /** PRelu on codes as they are on chip, minus 128 where the type is UINT8. */
    private static final class Codes {
        final int offset;
        private final PRelu operator;
        private final TensorType type;

        Codes(PRelu operator, TensorType type) {
            this.operator = operator;
            this.type = type;
            offset = TensorValue.codeOffset(type);
        }

        int code(byte stored) {
            return type == TensorType.UINT8 ? stored & 0xFF : stored;
        }

        private int difference(int chip) {
            return chip + offset - operator.inputZeroPoint();
        }

        int negative(int chip) {
            return Math.min(chip, operator.inputZeroPoint() - offset);
        }

        /** The output's code where x is not negative, else that of 0. */
        int positive(int chip) {
            return output(Math.max(difference(chip), 0), operator.positive());
        }

        int rectified(int chip, int slope) {
            int difference = difference(chip);
            return difference >= 0
                    ? output(difference, operator.positive())
                    : output(difference * slope, operator.negative());
        }

        private int output(int value, Rescale rescale) {
            int scaled = FixedPoint.multiplyByQuantizedMultiplier(value, rescale.multiplier(), rescale.shift());
            return FixedPoint.clamp(scaled + operator.outputZeroPoint(), type.minimum(), type.maximum()) - offset;
        }
    }
}
