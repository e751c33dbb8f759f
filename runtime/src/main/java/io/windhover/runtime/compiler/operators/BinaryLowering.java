// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.contract.BinaryPadding;
import io.windhover.contract.Contract;
import io.windhover.contract.Post;
import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.BinaryFullyConnected;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Shape;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.WeightSlice;
import io.windhover.runtime.compiler.stage.XnorStage;
import io.windhover.runtime.compiler.weights.ChannelParameters;
import io.windhover.runtime.compiler.weights.ConstantPool;

/** Layers with one-bit weights and activations, for the XNOR array. */
final class BinaryLowering {
    /** Bias that no dot product can outweigh. */
    private static final long DECISIVE = 1L << 22;

    private static final int LARGEST_DOT = 524_287;

    private final LoweringState state;
    private final TensorMaps tensors;
    private final int lanes;

    BinaryLowering(LoweringState state, TensorMaps tensors) {
        this.state = state;
        this.tensors = tensors;
        lanes = state.capabilities.xnorLanes();
    }

    /** True when the weight of output {@code o} at (ky, kx) for channel {@code c} is +1. */
    @FunctionalInterface
    private interface Bits {
        boolean at(int o, int ky, int kx, int c);
    }

    private record BinarySpec(
            Operator operator,
            MapNode input,
            Shape in,
            Geometry geometry,
            int outputs,
            Bits weights,
            int[] bias,
            int fraction,
            PostProcess post,
            BinaryPadding padding) {}

    void lower(BinaryConvolution operator) {
        Shape in = state.tensor(operator.input()).shape();
        int height = operator.window().kernelHeight();
        int width = operator.window().kernelWidth();
        int pixelBytes = (in.channels() + 7) / 8;
        byte[] weights = operator.weights();
        Bits bits =
                (o, ky, kx, c) -> (weights[((o * height + ky) * width + kx) * pixelBytes + c / 8] >> c % 8 & 1) != 0;
        BinaryPadding padding = switch (operator.outside()) {
            case NOTHING -> BinaryPadding.ZERO;
            case MINUS_ONE -> BinaryPadding.MINUS_ONE;
            case PLUS_ONE -> BinaryPadding.PLUS_ONE;
        };
        place(new BinarySpec(
                operator,
                tensors.map(operator, operator.input()),
                in,
                Geometry.of(operator.window()),
                operator.outputChannels(),
                bits,
                operator.bias(),
                operator.fraction(),
                operator.post(),
                padding));
    }

    void lower(BinaryFullyConnected operator) {
        TensorValue value = state.value(operator, operator.input());
        if (value.isInput()) {
            value = value.reshaped(
                    Shape.vector(state.tensor(operator.input()).shape().elements()));
        }
        Shape in = value.shape();
        int rowBytes = (in.elements() + 7) / 8;
        byte[] weights = operator.weights();
        Bits bits = (o, ky, kx, c) -> {
            int element = (ky * in.width() + kx) * in.channels() + c;
            return (weights[o * rowBytes + element / 8] >> element % 8 & 1) != 0;
        };
        place(new BinarySpec(
                operator,
                tensors.materialise(operator, value),
                in,
                Geometry.whole(in.height(), in.width()),
                operator.outputChannels(),
                bits,
                operator.bias(),
                operator.fraction(),
                operator.post(),
                BinaryPadding.ZERO));
    }

    private void place(BinarySpec spec) {
        int inputs = spec.in.channels() * spec.geometry.kernelHeight() * spec.geometry.kernelWidth();
        if (inputs > LARGEST_DOT) {
            throw CompileException.layer(
                    spec.operator.name(), "it sums %d binary inputs, more than %d; split it.", inputs, LARGEST_DOT);
        }
        if (spec.post instanceof PostProcess.Requantize requantize) {
            requireExact(spec, inputs, requantize);
        }
        int blocks = (spec.in.channels() + 63) / 64;
        int groups = (spec.outputs + lanes - 1) / lanes;
        int headerWords = headerWords(post(spec));
        int sets = spec.geometry.kernelHeight() * spec.geometry.kernelWidth() * blocks;
        int groupWords = headerWords + sets * lanes / 4;
        byte[] packed = new byte[groups * groupWords * Contract.WEIGHT_WORD_BYTES];
        for (int g = 0; g < groups; g++) {
            int offset = g * groupWords * Contract.WEIGHT_WORD_BYTES;
            header(spec, g, packed, offset);
            weights(spec, g, blocks, packed, offset + headerWords * Contract.WEIGHT_WORD_BYTES);
        }
        WeightSlice slice = WeightSlice.whole(0, blocks, 0, groups, groupWords, state.constants.append(packed));
        state.add(new XnorStage(
                spec.operator.name(),
                state.layer(spec.operator),
                spec.input,
                state.outputMap(spec.operator.output()),
                spec.geometry,
                mode(spec),
                slice));
    }

    /** The requantiser takes 25 bits: sums beyond them must be beyond all codes too. */
    private static void requireExact(BinarySpec spec, int inputs, PostProcess.Requantize requantize) {
        for (int o = 0; o < spec.outputs; o++) {
            long magnitude = ((long) inputs << spec.fraction) + Math.abs((long) spec.bias[o]);
            ChannelParameters.requireRoom(
                    spec.operator.name(), magnitude, requantize.shift()[o]);
            if (!ChannelParameters.isNarrow(
                    magnitude, requantize.multiplier()[o], requantize.shift()[o])) {
                throw CompileException.layer(
                        spec.operator.name(),
                        "its sums of %d binary inputs with %d fraction bits and bias %d of channel %d reach %d, beyond 24 bits; "
                                + "use fewer fraction bits or a finer output scale.",
                        inputs,
                        spec.fraction,
                        spec.bias[o],
                        o,
                        magnitude);
            }
        }
    }

    private static Post post(BinarySpec spec) {
        return spec.post instanceof PostProcess.Bits
                ? Post.BITS
                : spec.post instanceof PostProcess.Requantize ? Post.REQUANTISE : Post.RAW;
    }

    private XnorStage.Mode mode(BinarySpec spec) {
        int lastBits = (spec.in.channels() - 1) % 64 + 1;
        if (spec.post instanceof PostProcess.Requantize requantize) {
            int offset = state.offset(spec.operator.output());
            return new XnorStage.Mode(
                    Post.REQUANTISE,
                    spec.padding,
                    lastBits,
                    lanes,
                    spec.fraction,
                    requantize.zeroPoint() - offset,
                    requantize.clampMin() - offset,
                    requantize.clampMax() - offset);
        }
        return new XnorStage.Mode(post(spec), spec.padding, lastBits, lanes, 0, 0, -128, 127);
    }

    private int headerWords(Post post) {
        return lanes / 8
                + switch (post) {
                    case BITS -> 1;
                    case REQUANTISE -> lanes / 8 + (lanes + 31) / 32;
                    case RAW -> 0;
                };
    }

    private void header(BinarySpec spec, int group, byte[] packed, int offset) {
        for (int lane = 0; lane < lanes; lane++) {
            int o = group * lanes + lane;
            if (o < spec.outputs) {
                ConstantPool.word(packed, offset + 4 * lane, bias(spec, o));
                parameters(spec, o, lane, packed, offset + 4 * lanes);
            } else {
                ConstantPool.word(
                        packed, offset + 4 * lane, spec.post instanceof PostProcess.Bits ? (int) -DECISIVE : 0);
            }
        }
    }

    private void parameters(BinarySpec spec, int o, int lane, byte[] packed, int offset) {
        if (spec.post instanceof PostProcess.Bits bits && bits.invert()[o]) {
            packed[offset + lane / 8] |= (byte) (1 << lane % 8);
        } else if (spec.post instanceof PostProcess.Requantize requantize) {
            Rescale factor = ChannelParameters.normalised(
                    new Rescale(requantize.multiplier()[o], requantize.shift()[o]));
            ConstantPool.word(packed, offset + 4 * lane, factor.multiplier());
            packed[offset + 4 * lanes + lane] = (byte) factor.shift();
        }
    }

    private static int bias(BinarySpec spec, int o) {
        if (spec.post instanceof PostProcess.Bits bits) {
            return (int) Math.max(-DECISIVE, Math.min(DECISIVE, (long) spec.bias[o] - bits.threshold()[o]));
        }
        if (Math.abs((long) spec.bias[o]) >= DECISIVE * 2) {
            throw CompileException.layer(
                    spec.operator.name(),
                    "bias %d of channel %d has more than 23 bits; fold it into the next layer.",
                    spec.bias[o],
                    o);
        }
        return spec.bias[o];
    }

    private void weights(BinarySpec spec, int group, int blocks, byte[] packed, int offset) {
        int channels = spec.in.channels();
        int position = offset;
        int last = Math.min(lanes, spec.outputs - group * lanes);
        for (int ky = 0; ky < spec.geometry.kernelHeight(); ky++) {
            for (int kx = 0; kx < spec.geometry.kernelWidth(); kx++) {
                for (int block = 0; block < blocks; block++) {
                    for (int lane = 0; lane < last; lane++) {
                        for (int c = block * 64; c < Math.min(channels, block * 64 + 64); c++) {
                            if (spec.weights.at(group * lanes + lane, ky, kx, c)) {
                                packed[position + lane * 8 + c % 64 / 8] |= (byte) (1 << c % 8);
                            }
                        }
                    }
                    position += lanes * 8;
                }
            }
        }
    }
}
