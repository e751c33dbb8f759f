// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import io.windhover.models.ModelException;
import io.windhover.models.graph.BinaryMaxPool;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Rounding;
import io.windhover.models.graph.ScaleAccumulators;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Threshold;
import io.windhover.models.quantize.QuantizationPlan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Networks with one-bit activations. A layer writes bits where a sign follows, codes where a quantisation follows, and
 * float scores at the end; all that is linear between its sum and that, batch normalisation too, is in its thresholds
 * and factors.
 */
final class OneBitEmission {
    private final Translation network;
    private final List<TranslationStep> steps;
    private final GraphBuilder graph;
    private final Map<Integer, Held> held = new HashMap<>();
    private final Set<TranslationStep> done = new HashSet<>();

    /** What a tensor holds: real = scale * (code - zero point), a bit being a code of +1 or -1. FLOAT32 is itself. */
    record Held(TensorType type, double scale, int zeroPoint) {}

    OneBitEmission(String name, Translation network, int firstIndex) {
        this.network = network;
        this.steps = network.steps();
        this.graph = new GraphBuilder(name, firstIndex);
    }

    Graph lower(List<Integer> inputs, List<Integer> ends) {
        for (int input : inputs) {
            TensorDraft draft = network.draft(input);
            if (draft.codes == null) {
                declare(input, TensorType.FLOAT32, null);
            } else {
                declareCodes(input);
            }
            graph.input(draft.index);
        }
        for (TranslationStep step : steps) {
            if (!done.contains(step)) {
                lower(step, ends);
            }
        }
        for (int end : ends) {
            require(graph.tensor(end).type() != TensorType.BITS, "Output %d is one-bit values.", end);
        }
        return graph.build(ends.stream().mapToInt(Integer::intValue).toArray());
    }

    private String title(TranslationStep step) {
        return "The layer that makes '" + network.draft(step.output()).name + "' cannot be used: ";
    }

    private ModelException refuse(TranslationStep step, String why) {
        return new ModelException(title(step) + why);
    }

    private void declare(int tensorId, TensorType type, @Nullable Quantization quantization) {
        TensorDraft declared = network.draft(tensorId);
        graph.tensor(new Tensor(declared.index, declared.name, type, declared.shape, quantization, null));
        held.put(
                tensorId,
                new Held(
                        type,
                        quantization == null ? 1 : quantization.scale(),
                        quantization == null ? 0 : quantization.zeroPoint()));
    }

    private QuantizationPlan.Activation declareCodes(int tensorId) {
        QuantizationPlan.Activation activation =
                Emission.inside(network.draft(tensorId).knownCodes());
        declare(tensorId, TensorType.INT8, activation.quantization());
        return activation;
    }

    private void declareBits(BinarizeStep binarize) {
        if (network.draft(binarize.output()).codes != null) {
            throw refuse(binarize, "its bits are rounded to other codes.");
        }
        declare(binarize.output(), TensorType.BITS, null);
        held.put(binarize.output(), new Held(TensorType.BITS, binarize.scale(), 0));
    }

    /** The one step that reads a tensor; null when there are several or none. */
    private @Nullable TranslationStep reader(int tensorId) {
        TranslationStep found = null;
        for (TranslationStep step : steps) {
            for (int input : step.inputs()) {
                if (input == tensorId && found != null && found != step) {
                    return null;
                }
                found = input == tensorId ? step : found;
            }
        }
        return found;
    }

    private void lower(TranslationStep step, List<Integer> ends) {
        Held input = held.get(step.inputs()[0]);
        for (int from : step.inputs()) {
            TensorDraft draft = network.draft(from);
            boolean asIs = step instanceof BinarizeStep binarize ? !binarize.rounded() : draft.readAsIs;
            if (draft.codes != null && asIs && network.producer(from) != null) {
                throw refuse(step, "'" + draft.name + "' is read as it is and as codes.");
            }
        }
        if (input == null) {
            throw refuse(
                    step, "what it reads is neither bits nor codes; a Quant or BipolarQuant must stand before it.");
        }
        if (step instanceof LinearStep linear) {
            if (input.type() == TensorType.FLOAT32 || linear.kind() == LinearStep.Kind.AFFINE) {
                signOfCodes(linear, input);
            } else {
                layer(linear, input, ends);
            }
        } else if (step instanceof BinarizeStep binarize) {
            int channels = network.draft(binarize.input()).shape.channels();
            threshold(binarize.input(), input, binarize, LinearStep.ones(channels), new double[channels]);
        } else {
            direct((DirectStep) step, input);
        }
    }

    private void direct(DirectStep step, Held input) {
        Operator operator = step.operator();
        String name = network.draft(step.output()).name;
        int[] inputs = Emission.indexes(network, step.inputs());
        int[] outputs = {network.draft(step.output()).index};
        boolean score = operator instanceof FloatSoftmax || operator instanceof FloatLogSoftmax;
        if (operator instanceof Reshape && input.type() == TensorType.BITS) {
            requireWholeBytes(step);
        }
        if (operator instanceof Reshape || (score && input.type() == TensorType.FLOAT32)) {
            copy(step, input);
            graph.operator(step.factory().make(name, inputs, outputs));
        } else if (operator instanceof FloatPool pool && pool.maximum() && input.type() != TensorType.FLOAT32) {
            copy(step, input);
            graph.operator(
                    input.type() == TensorType.BITS
                            ? new BinaryMaxPool(name, inputs, outputs, pool.window())
                            : new MaxPool(name, inputs, outputs, pool.window(), Byte.MIN_VALUE, Byte.MAX_VALUE));
        } else {
            throw refuse(step, "a network with one-bit activations may have no " + operator.kind() + " there.");
        }
    }

    /** Every pixel of bits starts on a byte. */
    private void requireWholeBytes(DirectStep step) {
        Shape from = network.draft(step.inputs()[0]).shape;
        Shape to = network.draft(step.output()).shape;
        for (Shape shape : List.of(from, to)) {
            if (shape.channels() % 8 != 0 && !from.sameMap(to)) {
                throw refuse(
                        step,
                        "it turns " + from + " one-bit values into " + to
                                + "; only maps whose channels are a multiple of 8 may change their shape.");
            }
        }
    }

    private void copy(DirectStep step, Held input) {
        TensorDraft output = network.draft(step.output());
        if (output.codes != null && !output.codes.equals(network.draft(step.inputs()[0]).codes)) {
            throw refuse(step, "what it makes is rounded to other codes.");
        }
        Quantization quantization =
                input.type() == TensorType.INT8 ? Quantization.of((float) input.scale(), input.zeroPoint()) : null;
        graph.tensor(new Tensor(output.index, output.name, input.type(), output.shape, quantization, null));
        held.put(step.output(), input);
    }

    /** An affine function and a sign, of codes or of the network's own input. */
    private void signOfCodes(LinearStep linear, Held input) {
        if (linear.kind() != LinearStep.Kind.AFFINE || !(reader(linear.output()) instanceof BinarizeStep binarize)) {
            throw refuse(linear, "its input is not quantised; a Quant or BipolarQuant must stand before it.");
        }
        done.add(binarize);
        threshold(linear.input(), input, binarize, linear.factor(), linear.bias());
    }

    /** Bits of factor * value + offset >= 0. */
    private void threshold(int from, Held input, BinarizeStep binarize, double[] factor, double[] offset) {
        if (input.type() == TensorType.BITS) {
            throw refuse(binarize, "it takes the sign of bits.");
        }
        Held codes = input;
        int source = network.draft(from).index;
        TensorDraft to = network.draft(binarize.output());
        if (input.type() == TensorType.FLOAT32) {
            InputLimit limit = InputLimit.of(factor, offset);
            if (limit == null) {
                throw refuse(binarize, "the input is compared with more than one number.");
            }
            codes = new Held(TensorType.INT8, limit.scale(), 0);
            source = compared(to, from, limit.scale());
            factor = LinearStep.ones(factor.length);
            offset = limit.offsets(factor.length);
        }
        double[] perCode = new double[factor.length];
        double[] atZero = new double[factor.length];
        for (int c = 0; c < factor.length; c++) {
            perCode[c] = factor[c] * codes.scale();
            atZero[c] = offset[c] - perCode[c] * codes.zeroPoint();
        }
        PostProcess.Bits bits = Thresholds.bits(perCode, atZero, Byte.MIN_VALUE, Byte.MAX_VALUE);
        if (bitsWouldBeSpare(binarize)) {
            bits = Thresholds.repeated(bits, to.shape.elements());
            source = flattened(to, source, codes);
            graph.tensor(new Tensor(to.index, to.name, TensorType.BITS, Shape.vector(to.shape.elements()), null, null));
            held.put(binarize.output(), new Held(TensorType.BITS, binarize.scale(), 0));
        } else {
            declareBits(binarize);
        }
        graph.operator(new Threshold(to.name, new int[] {source}, new int[] {to.index}, bits));
    }

    /**
     * A fully-connected layer reads bits without gaps, but every pixel starts on a byte: its map is made flat before it
     * becomes bits.
     */
    private boolean bitsWouldBeSpare(BinarizeStep binarize) {
        Shape shape = network.draft(binarize.output()).shape;
        return shape.channels() % 8 != 0
                && shape.channels() < shape.elements()
                && reader(binarize.output()) instanceof LinearStep linear
                && linear.kind() == LinearStep.Kind.FULLY_CONNECTED;
    }

    private int flattened(TensorDraft bits, int codes, Held held) {
        Quantization quantization = Quantization.of((float) held.scale(), held.zeroPoint());
        int flat =
                graph.tensor(bits.name + " flat", TensorType.INT8, Shape.vector(bits.shape.elements()), quantization);
        graph.operator(new Reshape(bits.name + " flat", new int[] {codes}, new int[] {flat}));
        return flat;
    }

    /** The real input as codes that show on which side of its {@link InputLimit} it is. */
    private int compared(TensorDraft bits, int from, float scale) {
        TensorDraft real = network.draft(from);
        int codes = graph.tensor(bits.name + " compared", TensorType.INT8, real.shape, Quantization.of(scale, 0));
        graph.operator(new Quantize(
                bits.name + " compared", new int[] {real.index}, new int[] {codes}, scale, 0, Rounding.HALF_TO_EVEN));
        return codes;
    }

    private void layer(LinearStep linear, Held input, List<Integer> ends) {
        LayerLowering layer = new LayerLowering(network, graph, linear, input, title(linear));
        TensorDraft output = network.draft(linear.output());
        TranslationStep next = reader(linear.output());
        boolean isEnd = ends.contains(output.index);
        if (output.codes != null) {
            QuantizationPlan.Activation codes = declareCodes(linear.output());
            layer.toCodes(output, codes, codes.low(), codes.high());
        } else if (isEnd && next == null) {
            scores(layer, output);
            held.put(linear.output(), new Held(TensorType.FLOAT32, 1, 0));
        } else if (!isEnd && next instanceof BinarizeStep binarize) {
            done.add(binarize);
            declareBits(binarize);
            layer.toBits(network.draft(binarize.output()));
        } else if (!isEnd
                && next instanceof DirectStep direct
                && direct.operator() instanceof FloatActivation clamp
                && clamp.function() == FloatActivation.Function.CLAMP
                && network.draft(direct.output()).codes != null) {
            done.add(direct);
            layer.toClamped(network.draft(direct.output()), declareCodes(direct.output()), clamp);
        } else if (!isEnd
                && next instanceof DirectStep direct
                && direct.operator() instanceof FloatPool pool
                && pool.maximum()
                && reader(direct.output()) instanceof BinarizeStep binarize) {
            pooledSign(layer, linear, direct, pool, binarize);
        } else if (next instanceof DirectStep direct && isScore(direct.operator())) {
            scores(layer, output);
            held.put(linear.output(), new Held(TensorType.FLOAT32, 1, 0));
        } else {
            throw refuse(linear, "what follows is neither a quantisation nor the end of the network.");
        }
    }

    private static boolean isScore(Operator operator) {
        return operator instanceof FloatSoftmax || operator instanceof FloatLogSoftmax || operator instanceof Reshape;
    }

    /** The sign of a maximum is the maximum of the signs. */
    private void pooledSign(
            LayerLowering layer, LinearStep linear, DirectStep direct, FloatPool pool, BinarizeStep binarize) {
        done.add(direct);
        done.add(binarize);
        declare(linear.output(), TensorType.BITS, null);
        layer.toBits(network.draft(linear.output()));
        declareBits(binarize);
        TensorDraft output = network.draft(binarize.output());
        graph.operator(new BinaryMaxPool(
                output.name,
                new int[] {network.draft(linear.output()).index},
                new int[] {output.index},
                pool.window()));
    }

    private void scores(LayerLowering layer, TensorDraft output) {
        int sums = graph.tensor(output.name + " sums", TensorType.INT32, output.shape, null);
        graph.tensor(new Tensor(output.index, output.name, TensorType.FLOAT32, output.shape, null, null));
        ScaleAccumulators scale = layer.toSums(sums, output.name, output.index);
        require(
                scale.factor().length == output.shape.channels(),
                "%s has %d factors.",
                output.name,
                scale.factor().length);
        graph.operator(scale);
    }
}
