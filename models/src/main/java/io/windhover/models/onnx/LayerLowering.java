// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import io.windhover.models.ModelException;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.BinaryFullyConnected;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.ScaleAccumulators;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.quantize.ChannelFit;
import io.windhover.models.quantize.QuantizationPlan;
import io.windhover.models.quantize.SumRange;

/**
 * One linear layer over bits or codes as an integer operator: bits with one-bit weights go to the XNOR array, the rest
 * is int8.
 */
final class LayerLowering {
    /** Fraction bits of a bias that is added to one-bit products. */
    /** Twice a sum and a bias as large, times two, stay within 32 bits. */
    private static final long LARGEST_SIGN_SUM = 1 << 28;

    private final GraphBuilder graph;
    private final LinearStep linear;
    private final OneBitEmission.Held input;
    private final int inputIndex;
    private final BinaryConvolution.Outside outside;
    private final int channels;
    private final int outputs;
    private final String title;
    private final byte[] codes;
    /** Real value of one unit of the sum, per output channel. */
    private final double[] unit;
    /** Fraction bits of the bias of a layer over bits. */
    private int fraction;

    LayerLowering(Translation network, GraphBuilder graph, LinearStep linear, OneBitEmission.Held input, String title) {
        this(graph, linear, input, network.draft(linear.input()).index, BinaryConvolution.Outside.NOTHING, title);
    }

    /**
     * A layer over a tensor that the graph has under this number.
     *
     * @param outside what positions outside a map of bits count as
     */
    LayerLowering(
            GraphBuilder graph,
            LinearStep linear,
            OneBitEmission.Held input,
            int inputIndex,
            BinaryConvolution.Outside outside,
            String title) {
        this.graph = graph;
        this.linear = linear;
        this.input = input;
        this.title = title;
        this.inputIndex = inputIndex;
        this.outside = outside;
        this.channels = graph.tensor(inputIndex).shape().channels();
        this.outputs = linear.outputChannels();
        byte[] weights = linear.weights().codes();
        if (weights == null || linear.weights().zeroPoint() != 0) {
            throw new ModelException(
                    title + "its weights are not quantised; a Quant or BipolarQuant must stand before them.");
        }
        this.codes = weights.clone();
        this.unit = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            unit[o] = input.scale() * linear.weights().scale(o) * linear.factor()[o];
        }
        require(
                input.type() != TensorType.BITS || isOneBit(),
                "%sit has one-bit inputs but wider weights, which is not supported.",
                title);
        require(
                input.type() != TensorType.BITS || linear.groups() == 1,
                "%sit splits one-bit inputs into groups.",
                title);
        require(
                linear.kind() != LinearStep.Kind.TRANSPOSED,
                "%snothing quantises what this transposed convolution makes; put a QuantizeLinear and a DequantizeLinear "
                        + "behind it.",
                title);
        Shape read = graph.tensor(inputIndex).shape();
        require(
                input.type() != TensorType.BITS
                        || linear.kind() != LinearStep.Kind.FULLY_CONNECTED
                        || read.channels() % 8 == 0
                        || read.channels() == read.elements(),
                "%sit flattens a map of %d one-bit channels; only multiples of 8 are supported.",
                title,
                read.channels());
    }

    private boolean isOneBit() {
        return linear.weights().isOneBit();
    }

    void toBits(TensorDraft output) {
        requireSums();
        add(output.name, output.index, new int[outputs], bits());
    }

    private PostProcess.Bits bits() {
        long largest = (long) codes.length / outputs * (input.type() == TensorType.BITS ? 1 : 255 * 128);
        return Thresholds.bits(unit, linear.bias(), -largest, Math.min(largest, Integer.MAX_VALUE - 1));
    }

    /**
     * The signs as codes of +1 and -1: twice what a sum lies above its threshold plus 1 is never 0, and is cut to
     * these, and to low..high.
     */
    void toSigns(TensorDraft output, int low, int high) {
        PostProcess.Bits bits = bits();
        long terms = codes.length / outputs;
        int[] bias = new int[outputs];
        for (int o = 0; o < outputs; o++) {
            boolean below = bits.invert()[o];
            long reach = reach(o);
            require(
                    reach < LARGEST_SIGN_SUM,
                    "%sits sums reach %d, too many to take their sign in 32 bits; split the layer.",
                    title,
                    reach);
            long threshold = Math.max(-reach, Math.min(reach + 1, bits.threshold()[o]));
            for (int i = 0; below && i < terms; i++) {
                int at = (int) (o * terms) + i;
                require(
                        codes[at] != Byte.MIN_VALUE,
                        "%sits output channel %d has a negative factor and the weight code -128, whose negative is no int8 "
                                + "code; export it with narrow weights.",
                        title,
                        o);
                codes[at] = (byte) -codes[at];
            }
            bias[o] = (int) (below ? threshold - 1 : -threshold);
        }
        Rescale twice = Rescaling.roundingOnce(2);
        add(
                output.name,
                output.index,
                bias,
                PostProcess.Requantize.uniform(twice, outputs, 1, cut(-1, low, high), cut(1, low, high)));
    }

    private static int cut(int code, int low, int high) {
        return Math.max(low, Math.min(high, code));
    }

    /** The largest magnitude of a channel's sum without bias. */
    private long reach(int channel) {
        int terms = codes.length / outputs;
        long largest = input.type() == TensorType.BITS
                ? 1
                : Math.max(Byte.MAX_VALUE - input.zeroPoint(), input.zeroPoint() - Byte.MIN_VALUE);
        long sum = 0;
        for (int i = channel * terms; i < (channel + 1) * terms; i++) {
            sum += Math.abs((int) codes[i]) * largest;
        }
        return sum;
    }

    /** The sums themselves in a tensor of int32; what makes scores of them in a tensor of FLOAT32. */
    ScaleAccumulators toSums(int sums, String name, int scores) {
        requireSums();
        add(name + " sums", sums, new int[outputs], new PostProcess.Raw());
        float[] factor = new float[outputs];
        float[] offset = new float[outputs];
        for (int o = 0; o < outputs; o++) {
            factor[o] = (float) unit[o];
            offset[o] = (float) linear.bias()[o];
        }
        return new ScaleAccumulators(name, new int[] {sums}, new int[] {scores}, factor, offset);
    }

    /** Sums without a bias stay within 32 bits. */
    private void requireSums() {
        int terms = codes.length / outputs;
        for (int o = 0; o < outputs && input.type() != TensorType.BITS; o++) {
            SumRange sums = SumRange.of(
                    codes, o, terms, 0, Byte.MIN_VALUE - input.zeroPoint(), Byte.MAX_VALUE - input.zeroPoint());
            require(
                    sums.fits(0),
                    "%sthe products of output channel %d add up to %d..%d, beyond 32 bits; split the layer.",
                    title,
                    o,
                    sums.low(),
                    sums.high());
        }
    }

    void toClamped(TensorDraft output, QuantizationPlan.Activation into, FloatActivation clamp) {
        int low = into.quantization().code(clamp.alpha(), into.low(), into.high());
        toCodes(output, into, low, into.quantization().code(clamp.beta(), low, into.high()));
    }

    void toCodes(TensorDraft output, QuantizationPlan.Activation into, int low, int high) {
        int[] multiplier = new int[outputs];
        int[] shift = new int[outputs];
        int[] bias = new int[outputs];
        double scale = into.quantization().scale();
        int terms = codes.length / outputs;
        boolean bits = input.type() == TensorType.BITS;
        BitBias ofBits = bits ? BitBias.of(linear, input.scale(), scale) : null;
        require(
                bits ? ofBits != null : linear.biasError(input.scale(), scale) <= RealParts.BIAS_PRECISION,
                "%sits sums are too coarse for its bias, or it is too large for them; quantise its result to another scale.",
                title);
        negate(terms);
        fraction = ofBits == null ? 0 : ofBits.fraction();
        int finer = bits ? 1 << fraction : makeFiner();
        ChannelFit fit = new ChannelFit(
                title,
                TensorType.INT8,
                Quantization.of((float) input.scale(), input.zeroPoint()),
                into.quantization(),
                low,
                high);
        for (int o = 0; o < outputs; o++) {
            boolean constant = ChannelFit.isZero(o, codes, terms, 0);
            double step = constant ? 0 : Math.abs(unit[o]) / scale / finer;
            double sums = linear.bias()[o] / Math.abs(unit[o]) * finer;
            ChannelFit.Channel channel = ofBits != null
                    ? new ChannelFit.Channel(ofBits.bias()[o], step)
                    : fit.of(o, codes, terms, 0, sums, linear.bias()[o] / scale, step);
            Rescale rescale = Rescaling.roundingOnce(channel.step());
            multiplier[o] = rescale.multiplier();
            shift[o] = rescale.shift();
            bias[o] = channel.bias();
        }
        add(
                output.name,
                output.index,
                bias,
                new PostProcess.Requantize(
                        multiplier, shift, into.quantization().zeroPoint(), low, high));
    }

    /** Negates the weights of channels with negative factors, and takes those of the factor 0 away. */
    private void negate(int terms) {
        for (int i = 0; i < codes.length; i++) {
            double factor = unit[i / terms];
            require(
                    factor >= 0 || codes[i] != Byte.MIN_VALUE,
                    "%sits output channel %d has a negative factor and the weight code -128, whose negative is no int8 "
                            + "code; export it with narrow weights.",
                    title,
                    i / terms);
            codes[i] = (byte) (factor < 0 ? -codes[i] : factor == 0 ? 0 : codes[i]);
        }
    }

    private int makeFiner() {
        int finer = LinearStep.finer(codes, outputs);
        for (int i = 0; i < codes.length; i++) {
            codes[i] *= (byte) finer;
        }
        return finer;
    }

    private void add(String name, int output, int[] bias, PostProcess post) {
        int[] from = {inputIndex};
        int[] to = {output};
        boolean full = linear.kind() == LinearStep.Kind.FULLY_CONNECTED;
        if (input.type() == TensorType.BITS) {
            graph.operator(
                    full
                            ? new BinaryFullyConnected(
                                    name, from, to, outputs, packed(codes.length / outputs), bias, fraction, post)
                            : new BinaryConvolution(
                                    name,
                                    from,
                                    to,
                                    linear.window(),
                                    outputs,
                                    packed(channels),
                                    outside,
                                    bias,
                                    fraction,
                                    post));
        } else if (full) {
            graph.operator(new FullyConnected(name, from, to, outputs, codes, 0, bias, input.zeroPoint(), post));
        } else if (linear.groups() > 1 && linear.groups() == channels) {
            graph.operator(new DepthwiseConvolution(
                    name,
                    from,
                    to,
                    linear.window(),
                    outputs / channels,
                    channelsInnermost(),
                    0,
                    bias,
                    input.zeroPoint(),
                    post));
        } else {
            graph.operator(new Convolution(
                    name,
                    from,
                    to,
                    linear.window(),
                    outputs,
                    linear.groups(),
                    codes,
                    0,
                    bias,
                    input.zeroPoint(),
                    post));
        }
    }

    private byte[] channelsInnermost() {
        int taps = codes.length / outputs;
        byte[] moved = new byte[codes.length];
        for (int i = 0; i < codes.length; i++) {
            moved[i % taps * outputs + i / taps] = codes[i];
        }
        return moved;
    }

    /** Weights as bits, each row of this length starting on a byte. */
    private byte[] packed(int rowLength) {
        int rowBytes = (rowLength + 7) / 8;
        byte[] bits = new byte[codes.length / rowLength * rowBytes];
        for (int i = 0; i < codes.length; i++) {
            if (codes[i] > 0) {
                int bit = i % rowLength;
                bits[i / rowLength * rowBytes + bit / 8] |= (byte) (1 << (bit % 8));
            }
        }
        return bits;
    }
}
