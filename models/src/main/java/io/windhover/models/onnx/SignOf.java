// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Compare;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatInterpolation;
import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Select;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * The sign of a value, traced to where it is exact: to a layer's integer sums or to codes. What only moves values,
 * takes their maximum or clips them changes places with the sign.
 */
final class SignOf {
    private final Translation network;
    private final BinarizeStep binarize;
    private final List<TranslationStep> parts;
    private final Map<String, LinearStep> signs;
    /** By the tensor of signs as the file has it: the one that holds them exactly. */
    private final Map<Integer, Integer> exact;

    private final InheritedCodes inherited;
    private final Activation.Codes codes;

    SignOf(
            Translation network,
            BinarizeStep binarize,
            List<TranslationStep> parts,
            Map<String, LinearStep> signs,
            Map<Integer, Integer> exact) {
        this.exact = exact;
        this.network = network;
        this.binarize = binarize;
        this.parts = parts;
        this.signs = signs;
        inherited = new InheritedCodes(network);
        codes = new Activation.Codes(ElementType.INT8, (float) binarize.scale(), 0, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }

    private ModelException refuse(int tensorId, String why) {
        return new ModelException("The one-bit values '" + network.draft(binarize.output()).name
                + "' cannot be made of '" + network.draft(tensorId).name + "': " + why);
    }

    /** Adds the steps that make the signs. */
    void write() {
        TensorDraft output = network.draft(binarize.output());
        int channels = network.draft(binarize.input()).shape.channels();
        int into = binarize.output();
        if (output.codes == null) {
            output.codes = codes;
        } else {
            into = tensor(output.name + " as one bit", binarize.output());
            parts.add(new DirectStep(
                    new int[] {into},
                    binarize.output(),
                    (name, inputs, outputs) -> new FloatActivation(
                            name,
                            inputs,
                            outputs,
                            FloatActivation.Function.CLAMP,
                            Float.NEGATIVE_INFINITY,
                            Float.POSITIVE_INFINITY)));
        }
        exact.put(binarize.output(), into);
        sign(binarize.input(), binarize.rounded(), LinearStep.ones(channels), new double[channels], into);
    }

    private int tensor(String name, int like) {
        int tensorId = network.auxiliary(name, network.draft(like).shape);
        network.draft(tensorId).codes = codes;
        return tensorId;
    }

    /** Writes the signs of factor * value + offset, the steps that make them before those that read them. */
    private void sign(int from, double[] factor, double[] offset, int into) {
        TensorDraft draft = network.draft(from);
        if (draft.codes != null && draft.readRounded && draft.readAsIs) {
            throw refuse(from, "it is read both as codes and as it is; put a Quant in front of all its readers.");
        }
        sign(from, !draft.readAsIs, factor, offset, into);
    }

    /**
     * The same of a value.
     *
     * @param rounded whether a value that has codes is read as these say, and not as the real number that it is
     */
    private void sign(int from, boolean rounded, double[] factor, double[] offset, int into) {
        TensorDraft draft = network.draft(from);
        TranslationStep producer = network.producer(from);
        Integer signsBefore = rounded ? null : exact.get(from);
        if (signsBefore != null) {
            ofCodes(signsBefore, factor, offset, into);
        } else if (draft.inputType == TensorType.FLOAT32) {
            compared(from, factor, offset, into);
        } else if (draft.inputType != null
                || (draft.codes == null
                        ? inherited.of(from) != null && !inherited.rounds(from)
                        : rounded || producer == null)) {
            ofCodes(from, factor, offset, into);
        } else if (producer instanceof LinearStep affine && affine.kind() == LinearStep.Kind.AFFINE) {
            LinearStep whole = affine.then(factor, offset);
            sign(affine.input(), whole.factor(), whole.bias(), into);
        } else if (producer instanceof LinearStep linear) {
            LinearStep whole = linear.then(factor, offset);
            if (readsReals(linear) || !hasExactSums(linear) || !hasNarrowWeights(whole)) {
                ofReals(from, factor, offset, into);
            } else {
                layer(whole.writing(into));
            }
        } else if (producer instanceof DirectStep direct) {
            through(direct, direct.operator(), factor, offset, into);
        } else {
            throw refuse(from, "nothing quantises it; put a Quant behind it.");
        }
    }

    private boolean readsReals(LinearStep layer) {
        return holdsNumbers(layer.input()) || (layer.isOfSingleValues() && isReal(layer.input()));
    }

    /** True for a layer whose sums over codes an integer can be compared with. */
    static boolean hasExactSums(LinearStep layer) {
        return layer.hasIntegerSums() && layer.kind() != LinearStep.Kind.TRANSPOSED;
    }

    /** False where a negative factor would make 128 of a code. */
    private static boolean hasNarrowWeights(LinearStep layer) {
        Weights signed = layer.weights().signed(layer.factor());
        return signed != null && signed.zeroPoint() == 0;
    }

    /** True for values that nothing rounds to codes before. */
    private boolean isReal(int tensorId) {
        TensorDraft draft = network.draft(tensorId);
        return draft.codes == null && (inherited.of(tensorId) == null || inherited.rounds(tensorId));
    }

    /** True for what constants that are no codes are a part of, or are compared with. */
    private boolean holdsNumbers(int tensorId) {
        TensorDraft draft = network.draft(tensorId);
        if (draft.constant != null) {
            return draft.codes == null && draft.shape.elements() > 1;
        }
        return draft.codes == null
                && network.producer(tensorId) instanceof DirectStep step
                && SharedAverages.keepsCodes(step)
                && (clipsBetweenCodes(step) || Arrays.stream(step.inputs()).anyMatch(this::holdsNumbers));
    }

    private boolean clipsBetweenCodes(DirectStep step) {
        Activation.Codes read = inherited.of(step.inputs()[0]);
        if (read == null || !(step.operator() instanceof FloatActivation clip)) {
            return false;
        }
        float low = read.scale() * (read.low() - read.zeroPoint());
        float high = read.scale() * (read.high() - read.zeroPoint());
        return !(clip.alpha() <= low || read.isCode(clip.alpha()))
                || !(clip.beta() >= high || read.isCode(clip.beta()));
    }

    private void ofCodes(int from, double[] factor, double[] offset, int into) {
        int channels = factor.length;
        byte[] ones = new byte[channels];
        Arrays.fill(ones, (byte) 1);
        layer(new LinearStep(
                LinearStep.Kind.CONVOLUTION,
                from,
                into,
                new Window(1, 1, 1, 1, 1, 1, Padding.NONE),
                channels,
                channels,
                Weights.ofCodes(ones, new float[] {1}, 0),
                factor,
                offset,
                null));
    }

    /** Adds a layer that stands for the signs of another one. */
    private void layer(LinearStep whole) {
        Activation.Codes read = inherited.of(whole.input());
        double[] small = new double[whole.outputChannels()];
        for (int o = 0; o < small.length; o++) {
            small[o] = codes.scale() / whole.weights().scale(o) / (read == null ? 1 : read.scale()) / 256;
        }
        parts.add(
                0,
                new LinearStep(
                        whole.kind(),
                        whole.input(),
                        whole.output(),
                        whole.window(),
                        whole.outputChannels(),
                        whole.groups(),
                        whole.weights(),
                        small,
                        new double[small.length],
                        null));
        signs.put(network.draft(whole.output()).name, whole);
    }

    /** Codes of the real input that lie below and above the one number that it is compared with. */
    private void compared(int from, double[] factor, double[] offset, int into) {
        InputLimit limit = InputLimit.of(factor, offset);
        if (limit == null) {
            ofReals(from, factor, offset, into);
            return;
        }
        int inside = network.comparedInput(
                from, new Activation.Codes(ElementType.INT8, limit.scale(), 0, Byte.MIN_VALUE, Byte.MAX_VALUE));
        ofCodes(inside, LinearStep.ones(factor.length), limit.offsets(factor.length), into);
    }

    private void through(DirectStep step, Operator operator, double[] factor, double[] offset, int into) {
        int from = step.output();
        if (operator instanceof FloatActivation clip && clip.function() == FloatActivation.Function.CLAMP) {
            double[] slope = factor.clone();
            double[] at = offset.clone();
            for (int c = 0; c < slope.length; c++) {
                boolean low = slope[c] * clip.alpha() + at[c] >= 0;
                boolean high = slope[c] * clip.beta() + at[c] >= 0;
                if (slope[c] != 0 && low == high) {
                    slope[c] = 0;
                    at[c] = low ? 1 : -1;
                }
            }
            sign(step.inputs()[0], slope, at, into);
        } else if (operator instanceof FloatPool pool && pool.maximum()) {
            if (Arrays.stream(factor).anyMatch(value -> !(value > 0))) {
                ofReals(from, factor, offset, into);
                return;
            }
            int before = tensor(network.draft(from).name + " before its maximum", step.inputs()[0]);
            parts.add(0, new DirectStep(new int[] {before}, into, step.factory()));
            sign(step.inputs()[0], factor, offset, before);
        } else if (operator instanceof FloatPad pad && areUniform(factor, offset)) {
            int before = tensor(network.draft(from).name + " before its border", step.inputs()[0]);
            float value = factor[0] * pad.value() + offset[0] >= 0 ? codes.scale() : -codes.scale();
            parts.add(
                    0,
                    new DirectStep(
                            new int[] {before},
                            into,
                            (name, inputs, outputs) -> new FloatPad(
                                    name,
                                    inputs,
                                    outputs,
                                    pad.padding(),
                                    pad.channelsBefore(),
                                    pad.channelsAfter(),
                                    value)));
            sign(step.inputs()[0], spread(factor, before), spread(offset, before), before);
        } else if (operator instanceof Concatenation join
                && (join.axis() == Concatenation.Axis.CHANNEL || areUniform(factor, offset))) {
            joined(step, join, factor, offset, into);
        } else if (InheritedCodes.isMove(operator)
                && !FloatInterpolation.interpolates(operator)
                && areUniform(factor, offset)) {
            int before = tensor(network.draft(from).name + " before it is moved", step.inputs()[0]);
            parts.add(0, new DirectStep(new int[] {before}, into, step.factory()));
            sign(step.inputs()[0], spread(factor, before), spread(offset, before), before);
        } else {
            ofReals(from, factor, offset, into);
        }
    }

    /** The host compares real numbers that nothing quantises. */
    private void ofReals(int from, double[] factor, double[] offset, int into) {
        TensorDraft draft = network.draft(from);
        String name = network.draft(into).name;
        int compared = from;
        boolean plain = Arrays.stream(factor).allMatch(value -> value == 1)
                && Arrays.stream(offset).allMatch(value -> value == 0);
        if (!plain) {
            compared = network.auxiliary(name + " before its sign", draft.shape);
        }
        int positive = network.auxiliary(name + " is positive", draft.shape);
        network.draft(positive).type = TensorType.BOOL;
        parts.add(
                0,
                new DirectStep(
                        new int[] {positive, one(draft.shape, codes.scale()), one(draft.shape, -codes.scale())},
                        into,
                        Select::new));
        parts.add(
                0,
                new DirectStep(
                        new int[] {compared, one(draft.shape, 0)},
                        positive,
                        (step, inputs, outputs) ->
                                new Compare(step, inputs, outputs, Compare.Function.GREATER_EQUAL, null)));
        if (!plain) {
            parts.add(0, LinearStep.affine(from, compared, factor, offset));
        }
    }

    /** One number that is repeated over this shape. */
    private int one(Shape shape, float number) {
        int[] ones = new int[shape.rank()];
        Arrays.fill(ones, 1);
        return network.operand("constant " + number, Shape.of(ones), new float[] {number});
    }

    private void joined(DirectStep step, Concatenation join, double[] factor, double[] offset, int into) {
        boolean channels = join.axis() == Concatenation.Axis.CHANNEL;
        int[] before = new int[step.inputs().length];
        for (int i = 0; i < before.length; i++) {
            before[i] = tensor(network.draft(step.output()).name + " part " + i, step.inputs()[i]);
        }
        parts.add(0, new DirectStep(before, into, step.factory()));
        int start = 0;
        for (int i = 0; i < before.length; i++) {
            int count = network.draft(before[i]).shape.channels();
            int end = start + count;
            sign(
                    step.inputs()[i],
                    channels ? Arrays.copyOfRange(factor, start, end) : spread(factor, before[i]),
                    channels ? Arrays.copyOfRange(offset, start, end) : spread(offset, before[i]),
                    before[i]);
            start = end;
        }
    }

    private double[] spread(double[] values, int tensorId) {
        double[] all = new double[network.draft(tensorId).shape.channels()];
        Arrays.fill(all, values[0]);
        return all;
    }

    /** True where all channels are compared with one number. */
    private static boolean areUniform(double[] factor, double[] offset) {
        return Arrays.stream(factor).allMatch(value -> value == factor[0])
                && Arrays.stream(offset).allMatch(value -> value == offset[0]);
    }

    /** Takes away what only the sign has read. */
    void removeUnread() {
        Deque<Integer> open = new ArrayDeque<>(List.of(binarize.input()));
        while (!open.isEmpty()) {
            int tensorId = open.pop();
            TensorDraft draft = network.draft(tensorId);
            TranslationStep producer = network.producer(tensorId);
            if (draft.readers == 0 && draft.uses == 0 && producer != null && !(producer instanceof BinarizeStep)) {
                network.remove(producer);
                Arrays.stream(producer.inputs()).forEach(open::push);
            }
        }
    }
}
