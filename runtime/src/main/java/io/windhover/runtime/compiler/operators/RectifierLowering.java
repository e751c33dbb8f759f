// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.contract.VectorOperation;
import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.graph.PRelu;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.lowering.Int8StageBuilder;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.lowering.VectorStageBuilder;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.VectorStage;
import io.windhover.runtime.compiler.weights.ActivationTables;
import io.windhover.runtime.compiler.weights.ChannelParameters;
import io.windhover.runtime.compiler.weights.ConvolutionSpec;
import io.windhover.runtime.compiler.weights.Filters;
import java.util.List;

/**
 * PRelu: a table where all slopes are equal, otherwise the product of the negative part joined with a table of the
 * positive one.
 */
final class RectifierLowering {
    private final LoweringState state;
    private final TensorMaps tensors;
    private final VectorStageBuilder vectors;
    private final Int8StageBuilder int8;

    RectifierLowering(LoweringState state, TensorMaps tensors, VectorStageBuilder vectors, Int8StageBuilder int8) {
        this.int8 = int8;
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
        int factor = codes.slope(operator.slope()[0]);
        vectors.elementwise(
                operator,
                List.of(input),
                state.outputMap(operator.output()),
                vectors.table(ActivationTables.sum(chip -> codes.rectified(chip, factor), chip -> 0)));
    }

    /**
     * n = min(x, zero point); product = (n - zero point) * slope, which is the output's zero point where x is not
     * negative; there the positive part above that zero point is added. Where no slope is negative, the product of x
     * itself is at most that zero point exactly where x is not positive, so that cutting it there stands for n.
     */
    private void perChannel(PRelu operator, Codes codes, MapNode input) {
        boolean rising = codes.leastSlope() >= 0;
        MapNode factor = input;
        if (!rising) {
            factor = vectors.between(operator, "negative");
            vectors.elementwise(
                    operator, List.of(input), factor, vectors.table(ActivationTables.sum(codes::negative, chip -> 0)));
        }
        MapNode product = vectors.between(operator, "product");
        int most = rising ? operator.outputZeroPoint() : codes.type.maximum();
        if (codes.leastSlope() >= Byte.MIN_VALUE && codes.greatestSlope() <= Byte.MAX_VALUE) {
            scaled(operator, codes, factor, product, most);
        } else {
            multiplied(operator, codes, factor, product, most);
        }
        int zero = operator.outputZeroPoint() - codes.offset;
        byte[] joined = ActivationTables.sum(chip -> codes.positive(chip) - zero, chip -> chip);
        vectors.elementwise(
                operator,
                List.of(input, product),
                state.outputMap(operator.output()),
                vectors.plainSum(joined, 0, false));
    }

    /** The product as a depthwise layer of one tap, which leaves the vector engine to the sum. */
    private void scaled(PRelu operator, Codes codes, MapNode input, MapNode product, int most) {
        int channels = operator.slope().length;
        int8.depthwise(
                new ConvolutionSpec(
                        operator,
                        codes.offset,
                        new Filters(
                                channels,
                                channels,
                                channels,
                                1,
                                1,
                                (o, ky, kx, i) -> codes.slope(operator.slope()[o]),
                                0),
                        Geometry.POINT,
                        new int[channels],
                        operator.inputZeroPoint(),
                        PostProcess.Requantize.uniform(
                                operator.negative(), channels, operator.outputZeroPoint(), codes.type.minimum(), most)),
                input,
                product);
    }

    /** The product on the vector engine, whose slopes have nine bits. */
    private void multiplied(PRelu operator, Codes codes, MapNode input, MapNode product, int most) {
        ChannelParameters.requireRoom(
                operator.name(),
                ElementwiseLowering.LARGEST_PRODUCT,
                operator.negative().shift());
        Rescale factor = ChannelParameters.normalised(operator.negative());
        vectors.elementwise(
                operator,
                List.of(input, slopes(operator, codes)),
                product,
                new VectorStage.Mode(
                        VectorOperation.MULTIPLY,
                        factor.multiplier(),
                        factor.shift(),
                        operator.outputZeroPoint() - codes.offset,
                        -128,
                        most - codes.offset,
                        operator.inputZeroPoint() - codes.offset,
                        operator.slopeZeroPoint() - codes.offset,
                        true,
                        -1));
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
        final TensorType type;
        private final PRelu operator;

        Codes(PRelu operator, TensorType type) {
            this.operator = operator;
            this.type = type;
            offset = TensorValue.codeOffset(type);
        }

        private int code(byte stored) {
            return type == TensorType.UINT8 ? stored & 0xFF : stored;
        }

        int slope(byte stored) {
            return code(stored) - operator.slopeZeroPoint();
        }

        int leastSlope() {
            int least = Integer.MAX_VALUE;
            for (byte stored : operator.slope()) {
                least = Math.min(least, slope(stored));
            }
            return least;
        }

        int greatestSlope() {
            int greatest = Integer.MIN_VALUE;
            for (byte stored : operator.slope()) {
                greatest = Math.max(greatest, slope(stored));
            }
            return greatest;
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
