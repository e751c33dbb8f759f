// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.FloatConvolution;
import io.windhover.models.graph.FloatFullyConnected;
import io.windhover.models.graph.FloatTransposedConvolution;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import io.windhover.models.quantize.QuantizationPlan;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A layer that is linear in its input, with everything linear that follows folded in: output[o] = factor[o] * sum (x *
 * w) + bias[o], kept in double precision until it becomes an operator.
 *
 * @param input id of the tensor it reads
 * @param output id of the tensor it writes
 * @param biasCodes bias as the file has it, valid while the factors are 1 and nothing was added; or null
 */
record LinearStep(
        Kind kind,
        int input,
        int output,
        Window window,
        int outputChannels,
        int groups,
        Weights weights,
        double[] factor,
        double[] bias,
        int @Nullable [] biasCodes)
        implements TranslationStep {
    private static final int WIDEST_FEW_BIT_CODE = 32;
    private static final int WIDEST_INPUT = 255;
    private static final long LARGEST_SUM = 1 << 30;

    enum Kind {
        CONVOLUTION,
        TRANSPOSED,
        FULLY_CONNECTED,
        /** One factor and offset per channel: batch normalisation and the like with nothing before it to fold into. */
        AFFINE
    }

    static LinearStep fullyConnected(int input, int output, int outputChannels, Weights weights) {
        return new LinearStep(
                Kind.FULLY_CONNECTED,
                input,
                output,
                Window.square(1, 1, 0),
                outputChannels,
                1,
                weights,
                ones(outputChannels),
                new double[outputChannels],
                null);
    }

    static LinearStep affine(int input, int output, double[] factor, double[] offset) {
        float[] weights = new float[factor.length];
        Arrays.fill(weights, 1);
        return new LinearStep(
                Kind.AFFINE,
                input,
                output,
                new Window(1, 1, 1, 1, 1, 1, Padding.NONE),
                factor.length,
                factor.length,
                Weights.of(weights),
                factor.clone(),
                offset.clone(),
                null);
    }

    static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Override
    public int[] inputs() {
        return new int[] {input};
    }

    /** This layer, its results times {@code scale} plus {@code offset}. */
    LinearStep then(double[] scale, double[] offset) {
        double[] newFactor = new double[outputChannels];
        double[] newBias = new double[outputChannels];
        boolean same = true;
        for (int o = 0; o < outputChannels; o++) {
            newFactor[o] = factor[o] * scale[o];
            newBias[o] = bias[o] * scale[o] + offset[o];
            same &= scale[o] == 1 && offset[o] == 0;
        }
        return new LinearStep(
                kind,
                input,
                output,
                window,
                outputChannels,
                groups,
                weights,
                newFactor,
                newBias,
                same ? biasCodes : null);
    }

    LinearStep withBias(double[] newBias, int @Nullable [] newCodes) {
        return new LinearStep(kind, input, output, window, outputChannels, groups, weights, factor, newBias, newCodes);
    }

    LinearStep withWeights(Weights other) {
        return new LinearStep(kind, input, output, window, outputChannels, groups, other, factor, bias, biasCodes);
    }

    /** This layer with a border that its input had before. */
    LinearStep withPadding(Padding padding) {
        return new LinearStep(
                kind,
                input,
                output,
                window.withPadding(padding),
                outputChannels,
                groups,
                weights,
                factor,
                bias,
                biasCodes);
    }

    LinearStep reading(int otherInput) {
        return new LinearStep(
                kind, otherInput, output, window, outputChannels, groups, weights, factor, bias, biasCodes);
    }

    @Override
    public LinearStep writing(int otherOutput) {
        return new LinearStep(
                kind, input, otherOutput, window, outputChannels, groups, weights, factor, bias, biasCodes);
    }

    /** True for layers whose sums over codes are integers that real numbers can be made of. */
    boolean hasIntegerSums() {
        return kind != Kind.AFFINE && weights.codes() != null && weights.zeroPoint() == 0;
    }

    /** True when one factor and one offset serve all channels. */
    boolean isScalar() {
        return kind == Kind.AFFINE
                && Arrays.stream(factor).allMatch(value -> value == factor[0])
                && Arrays.stream(bias).allMatch(value -> value == bias[0]);
    }

    /** True for layers each of whose results is made of one value. */
    boolean isOfSingleValues() {
        return kind == Kind.AFFINE
                || (kind == Kind.CONVOLUTION
                        && weights.count() == outputChannels
                        && window.strideY() == 1
                        && window.strideX() == 1
                        && window.padding().equals(Padding.NONE));
    }

    /** The float operator. */
    Operator operator(String name, int[] inputs, int[] outputs) {
        int perChannel = weights.count() / outputChannels;
        float[] reals = new float[weights.count()];
        for (int i = 0; i < reals.length; i++) {
            reals[i] = (float) (weights.real(i, perChannel) * factor[i / perChannel]);
        }
        float[] offsets = new float[outputChannels];
        for (int o = 0; o < outputChannels; o++) {
            offsets[o] = (float) bias[o];
        }
        return switch (kind) {
            case CONVOLUTION, AFFINE ->
                new FloatConvolution(name, inputs, outputs, window, outputChannels, groups, reals, offsets);
            case TRANSPOSED ->
                new FloatTransposedConvolution(name, inputs, outputs, window, outputChannels, reals, offsets);
            case FULLY_CONNECTED -> new FloatFullyConnected(name, inputs, outputs, outputChannels, reals, offsets);
        };
    }

    /** True for weights whose whole numbers fit no 8 bits: less their zero points, or negated by what follows. */
    boolean isTooWide() {
        return weights.wide() != null || (weights.codes() != null && weights.signed(factor) == null);
    }

    /** Its weights as the file's codes, or null when it has none that still hold. */
    QuantizationPlan.@Nullable Weights plan() {
        Weights signed = weights.signed(factor);
        if (signed == null) {
            return null;
        }
        byte[] codes = Objects.requireNonNull(signed.codes()).clone();
        int finer = finer(signed);
        boolean single = weights.scales().length == 1
                && Arrays.stream(factor).allMatch(value -> Math.abs(value) == Math.abs(factor[0]));
        float[] scales = new float[single ? 1 : outputChannels];
        for (int o = 0; o < scales.length; o++) {
            scales[o] = (float) (weights.scale(o) * Math.abs(factor[o]) / finer);
        }
        for (int i = 0; i < codes.length; i++) {
            codes[i] *= (byte) finer;
        }
        return new QuantizationPlan.Weights(codes, TensorType.INT8, common(scales), signed.zeroPoint(), biasCodes);
    }

    private int finer(Weights signed) {
        return biasCodes != null || signed.zeroPoint() != 0
                ? 1
                : finer(Objects.requireNonNull(signed.codes()), outputChannels);
    }

    /** By how many steps of its codes a result moves at most where the bias is rounded to a unit of the sums. */
    double biasError(double inputScale, double resultScale) {
        Weights signed = weights.signed(factor);
        if (biasCodes != null || isScalar() || (signed == null && kind != Kind.AFFINE)) {
            return 0;
        }
        double finer = signed == null ? Byte.MAX_VALUE : finer(signed);
        double error = 0;
        for (int o = 0; o < outputChannels; o++) {
            double unit = inputScale * (signed == null ? 1 : weights.scale(o)) * Math.abs(factor[o]) / finer;
            if (unit > 0 && !(signed != null && signed.isZero(o, weights.count() / outputChannels))) {
                error = Math.max(error, Math.abs(Math.IEEEremainder(bias[o], unit)) / resultScale);
            }
        }
        return error;
    }

    /**
     * Codes of few bits are multiplied by a power of two, their scales divided: an integer bias would otherwise shift
     * the few levels of such a layer by up to half a unit of its small sums. Half of the sums' 32 bits stay free for a
     * bias.
     */
    static int finer(byte[] codes, int outputChannels) {
        int largest = 1;
        long[] sums = new long[outputChannels];
        for (int i = 0; i < codes.length; i++) {
            largest = Math.max(largest, Math.abs(codes[i]));
            sums[i / (codes.length / outputChannels)] += (long) Math.abs(codes[i]) * WIDEST_INPUT;
        }
        int finer = largest > WIDEST_FEW_BIT_CODE ? 1 : Integer.highestOneBit(Byte.MAX_VALUE / largest);
        long reach = Arrays.stream(sums).max().orElse(0);
        while (finer > 1 && reach * finer > LARGEST_SUM) {
            finer /= 2;
        }
        return finer;
    }

    /** Fully-connected layers whose scales are all the same have one. */
    private float[] common(float[] scales) {
        for (float scale : scales) {
            if (scale != scales[0] || kind != Kind.FULLY_CONNECTED) {
                return scales;
            }
        }
        return new float[] {scales[0]};
    }
}
