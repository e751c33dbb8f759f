// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * QuantizeLinear and DequantizeLinear. Around activations they change no value: they say with which codes the tensor
 * between them is to be represented. What reads the tensor without them reads real numbers.
 */
final class QuantizeNodes {
    private QuantizeNodes() {}

    static void quantize(Translation network, SourceNode node) {
        NamedValue value = network.value(node, 0);
        ElementType type = node.hasInput(2) ? network.constant(node, 2).type() : outputType(node, ElementType.UINT8);
        node.require(
                outputType(node, type) == type,
                "its output_dtype is %s, but its zero point has type %s.",
                outputType(node, type),
                type);
        node.require(
                node.integer("precision", 0) <= ElementType.FLOAT.code, "it divides in another precision than single.");
        if (!(value instanceof Activation)) {
            network.bind(node, 0, quantized(network, node, network.constant(node, 0), type));
            return;
        }
        Activation.Codes codes = codes(network, node, 1, 2, type);
        network.bind(
                node,
                0,
                represented(network, node, 0, network.activation(node, 0), codes)
                        .with(codes));
    }

    /** The type that the node says its result has; 0 says nothing. */
    private static ElementType outputType(SourceNode node, ElementType otherwise) {
        long number = node.integer("output_dtype", 0);
        return number == 0 ? otherwise : ElementType.of(number, "Its result");
    }

    /**
     * The value in a tensor that has this representation: its own where it has none yet. A value that is quantised in
     * several ways is made once for each.
     */
    static Activation represented(
            Translation network, SourceNode node, int output, Activation value, Activation.Codes codes) {
        TensorDraft draft = network.draft(value);
        if (draft.inputType == TensorType.FLOAT32 && draft.codes == null) {
            return new Activation(network.quantizedInput(value.tensorId(), node, output, codes), value.layout())
                    .rounded();
        }
        if (draft.codes == null && draft.inputType == null && !isAlsoReadAsIs(network, node, draft)) {
            draft.codes = codes;
            network.rename(value.tensorId(), node, output);
            return value.rounded();
        }
        if (codes.equals(draft.codes)) {
            return value.rounded();
        }
        int other = network.output(node, output, draft.shape);
        network.draft(other).codes = codes;
        TranslationStep producer = value.isQuantized() ? null : network.producer(value.tensorId());
        network.add(
                producer != null
                        ? again(network, producer, other)
                        : new DirectStep(
                                new int[] {value.tensorId()},
                                other,
                                (name, inputs, outputs) -> new FloatActivation(
                                        name,
                                        inputs,
                                        outputs,
                                        FloatActivation.Function.CLAMP,
                                        Float.NEGATIVE_INFINITY,
                                        Float.POSITIVE_INFINITY)));
        return new Activation(other, value.layout()).rounded();
    }

    /** Codes cut to these limits. Right behind a quantiser, that is one of fewer codes, as Brevitas writes it. */
    static Activation narrowed(Translation network, SourceNode node, Activation value, float low, float high) {
        requireKnown(node, value);
        Activation.Codes all = node.requirePresent(value.codes(), "its input holds no codes.");
        int least = (int) Math.max(all.low(), Math.ceil(low));
        int most = (int) Math.min(all.high(), Math.floor(high));
        node.require(least < most, "it leaves of %d..%d not two codes.", all.low(), all.high());
        Activation.Codes narrow = new Activation.Codes(all.type(), all.scale(), all.zeroPoint(), least, most);
        TensorDraft draft = network.draft(value);
        if (draft.uses == 1
                && draft.readers == 0
                && all.equals(draft.codes)
                && isQuantizedItself(network, draft, value)) {
            draft.codes = narrow;
            return value.with(narrow);
        }
        return represented(network, node, 0, value.rounded(), narrow).with(narrow);
    }

    /** True unless an operator that only moves or selects codes made them. */
    private static boolean isQuantizedItself(Translation network, TensorDraft draft, Activation value) {
        TranslationStep producer = network.producer(value.tensorId());
        return producer == null
                ? draft.inputType == null && !network.isFedAsCodes(value.tensorId())
                : producer instanceof LinearStep
                        || (producer instanceof DirectStep direct
                                && (direct.operator() instanceof FloatActivation
                                        || direct.operator() instanceof FloatElementwise));
    }

    /** Whether others than quantisers read the value, or the network's caller gets it. */
    private static boolean isAlsoReadAsIs(Translation network, SourceNode node, TensorDraft draft) {
        long quantisers = network.consumers(node.inputs().get(0)).stream()
                .filter(reader -> reader.index() >= node.index()
                        && reader.operator().equals(node.operator())
                        && QonnxNodes.roundsAsQuantizeLinear(network, reader))
                .count();
        return draft.readers > 0 || draft.uses > quantisers;
    }

    /** The step once more; a clamp with the layer before it, which it is fused into. */
    private static TranslationStep again(Translation network, TranslationStep step, int output) {
        if (step instanceof DirectStep direct
                && direct.operator() instanceof FloatActivation activation
                && activation.function() == FloatActivation.Function.CLAMP
                && network.draft(direct.inputs()[0]).codes == null
                && network.producer(direct.inputs()[0]) instanceof LinearStep layer) {
            TensorDraft draft = network.draft(layer.output());
            int copy = network.again(draft, draft.name + " again");
            network.add(layer.writing(copy));
            return new DirectStep(new int[] {copy}, output, direct.factory());
        }
        if (step instanceof DirectStep direct && direct.further().length > 0) {
            int[] further = Arrays.stream(direct.further())
                    .mapToObj(network::draft)
                    .mapToInt(other -> network.again(other, other.name + " again"))
                    .toArray();
            return new DirectStep(direct.inputs(), output, further, direct.factory());
        }
        return step.writing(output);
    }

    /** The codes of a constant, one scale for all or one per index of the node's axis; as a constant of its own. */
    private static Constant quantized(Translation network, SourceNode node, Constant reals, ElementType type) {
        CodedConstant parameters = constant(network, node, reals, 1, 2);
        return rounded(network, reals, parameters, type.minimum(), type.maximum(), (x, zero) -> Math.rint(x) + zero)
                .codes();
    }

    /**
     * The same scales and zero points over the codes of real numbers.
     *
     * @param code of a number that is divided by its scale, and its zero point
     */
    static CodedConstant rounded(
            Translation network,
            Constant reals,
            CodedConstant parameters,
            int low,
            int high,
            DoubleBinaryOperator code) {
        network.charge(reals.count());
        int run = Math.max(
                1,
                Dimensions.count(Arrays.copyOfRange(
                        reals.dimensions(),
                        Math.min(parameters.axis() + 1, reals.dimensions().length),
                        reals.dimensions().length)));
        float[] codes = new float[reals.count()];
        for (int i = 0; i < codes.length; i++) {
            int channel = parameters.scales().length == 1 ? 0 : i / run % parameters.scales().length;
            double own = code.applyAsDouble(
                    (float) reals.real(i) / parameters.scales()[channel],
                    parameters.zeroPoints()[channel]);
            codes[i] = (float) Math.max(low, Math.min(high, own));
        }
        return new CodedConstant(
                Constant.ofFloats(reals.dimensions(), codes),
                parameters.axis(),
                parameters.scales(),
                parameters.zeroPoints());
    }

    static void dequantize(Translation network, SourceNode node) {
        NamedValue value = network.value(node, 0);
        node.require(outputType(node, ElementType.FLOAT).isReal(), "its output_dtype is an integer type.");
        if (value instanceof Activation activation) {
            network.bind(node, 0, dequantized(network, node, activation, 1, 2));
            return;
        }
        Constant codes = value instanceof CodedConstant coded ? coded.reals() : (Constant) value;
        network.bind(node, 0, constant(network, node, codes, 1, 2));
    }

    /** A constant with the scale and zero point of these inputs. */
    static CodedConstant constant(
            Translation network, SourceNode node, Constant codes, int scaleInput, int zeroPointInput) {
        float[] scales = network.constant(node, scaleInput).floats();
        int[] zeroPoints = new int[scales.length];
        if (node.hasInput(zeroPointInput)) {
            Constant given = network.constant(node, zeroPointInput);
            node.require(
                    given.count() == scales.length,
                    "it has %d scales but %d zero points.",
                    scales.length,
                    given.count());
            Arrays.setAll(zeroPoints, i -> (int) given.integer(i));
        }
        node.require(!node.has("block_size") || node.integer("block_size", 0) == 0, "it quantises in blocks.");
        int rank = codes.dimensions().length;
        int axis = scales.length == 1
                ? 0
                : Dimensions.axis(node.domain().isEmpty() ? node.integer("axis", rank == 1 ? 0 : 1) : 0, rank);
        return new CodedConstant(codes, axis, scales, zeroPoints);
    }

    /** The real numbers behind codes. */
    static Activation dequantized(
            Translation network, SourceNode node, Activation value, int scaleInput, int zeroPointInput) {
        Activation.Codes held = node.requirePresent(
                value.codes(), "its input '%s' holds no codes.", node.inputs().get(0));
        Activation.Codes codes = codes(network, node, scaleInput, zeroPointInput, held.type());
        if (held.scale() == 0) {
            return network.codedInput(value, codes);
        }
        node.require(
                codes.scale() == held.scale() && codes.zeroPoint() == held.zeroPoint(),
                "it reads codes of scale %s and zero point %d as if they had %s and %d.",
                held.scale(),
                held.zeroPoint(),
                codes.scale(),
                codes.zeroPoint());
        return value.rounded();
    }

    /** Scale and zero point of an activation. */
    static Activation.Codes codes(
            Translation network, SourceNode node, int scaleInput, int zeroPointInput, ElementType type) {
        node.require(
                type == ElementType.INT8 || type == ElementType.UINT8,
                "its codes have type %s; int8 and uint8 are supported.",
                type);
        Constant scale = network.constant(node, scaleInput);
        node.require(scale.count() == 1, "it gives an activation a scale per channel.");
        node.require(
                scale.real(0) > 0 && Double.isFinite(scale.real(0)),
                "its scale is %s; scales are positive numbers.",
                scale.real(0));
        long zeroPoint = 0;
        if (node.hasInput(zeroPointInput)) {
            Constant given = network.constant(node, zeroPointInput);
            node.require(given.count() == 1, "it has %d zero points.", given.count());
            node.require(given.type() == type, "its zero point has type %s, but its codes %s.", given.type(), type);
            zeroPoint = given.integer(0);
        }
        node.require(zeroPoint >= type.minimum() && zeroPoint <= type.maximum(), "its zero point is %d.", zeroPoint);
        return new Activation.Codes(type, (float) scale.real(0), (int) zeroPoint, type.minimum(), type.maximum());
    }

    /** Representation of a constant operand; null where it has none in 8 bits. */
    static Activation.@Nullable Codes codes(CodedConstant coded) {
        ElementType type = coded.codes().type();
        boolean isByte = type == ElementType.INT8 || type == ElementType.UINT8;
        return isByte && coded.scales().length == 1 && coded.scales()[0] > 0
                ? new Activation.Codes(type, coded.scales()[0], coded.zeroPoints()[0], type.minimum(), type.maximum())
                : null;
    }

    /** What an operator that only moves or selects elements makes of codes are codes of the same kind. */
    static void requireKnown(SourceNode node, Activation value) {
        node.require(
                value.codes() == null || value.codes().scale() > 0,
                "it reads codes of unknown scale; a DequantizeLinear must stand before it.");
    }

    /** What codes of the same kind, joined, are: all that any of them may be. */
    static Activation.Codes joined(SourceNode node, List<Activation> values) {
        Activation.Codes all = Objects.requireNonNull(values.get(0).codes());
        for (Activation value : values) {
            requireKnown(node, value);
            Activation.Codes other = node.requirePresent(value.codes(), "it joins codes with real numbers.");
            node.require(
                    other.type() == all.type() && other.scale() == all.scale() && other.zeroPoint() == all.zeroPoint(),
                    "it joins codes of scale %s and zero point %d with those of %s and %d.",
                    all.scale(),
                    all.zeroPoint(),
                    other.scale(),
                    other.zeroPoint());
            all = new Activation.Codes(
                    all.type(),
                    all.scale(),
                    all.zeroPoint(),
                    Math.min(all.low(), other.low()),
                    Math.max(all.high(), other.high()));
        }
        return all;
    }

    static void keepCodes(Translation network, Activation from, Activation result, SourceNode node) {
        if (from.codes() != null) {
            requireKnown(node, from);
            network.draft(result).codes = network.draft(from).codes;
            network.recode(result, from.codes());
        }
    }
}
