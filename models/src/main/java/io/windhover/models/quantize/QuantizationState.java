// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import static io.windhover.models.ModelException.require;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.TensorUses;
import io.windhover.models.quantize.QuantizationPlan.Activation;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A float network on its way to integers: what is planned, what exists already, and the steps that all layers share.
 */
final class QuantizationState {
    final Graph source;
    final TensorUses uses;
    final GraphBuilder target;
    private final Map<Integer, Activation> activations;
    private final Naming naming;
    private final Map<String, Integer> realigned = new HashMap<>();

    QuantizationState(Graph source, Map<Integer, Activation> activations, Naming naming) {
        this.source = source;
        this.naming = naming;
        this.activations = activations;
        uses = new TensorUses(source);
        target = new GraphBuilder(
                source.name(), source.tensors().get(source.tensors().size() - 1).index() + 1);
    }

    /**
     * Where a layer's result goes.
     *
     * @param index a tensor of the float network: the layer's output, or that of the clamp fused into it
     * @param low lowest code that may occur
     * @param high highest code that may occur
     */
    record Result(int index, Activation activation, int low, int high) {
        boolean usesEveryCode() {
            return low == activation.type().minimum()
                    && high == activation.type().maximum();
        }

        TensorType type() {
            return activation.type();
        }

        float scale() {
            return activation.quantization().scale();
        }

        int zeroPoint() {
            return activation.quantization().zeroPoint();
        }
    }

    /** True when a clamp disappears into the layer before it. */
    boolean isFused(FloatActivation clamp) {
        Operator producer = uses.producer(clamp.input());
        return producer != null && clamp.equals(fusedClamp(producer));
    }

    /** A softmax that nothing quantises makes real numbers, which no clamp of codes fits. */
    private @Nullable FloatActivation fusedClamp(Operator layer) {
        if (UnaryFunctions.isUnary(source, layer)) {
            return null;
        }
        int output = layer.output();
        FloatActivation clamp = Clamps.onlyAfter(uses, output);
        Activation own = activations.get(output);
        if (own == null && (layer instanceof FloatSoftmax || layer instanceof FloatLogSoftmax)) {
            return null;
        }
        Activation after = clamp == null ? null : activations.get(clamp.output());
        return after != null && (own == null || same(own, after)) ? clamp : null;
    }

    /** Where the layer's result goes, the clamp after it included where it can be fused. */
    Result result(Operator layer) {
        FloatActivation clamp = fusedClamp(layer);
        if (clamp == null) {
            Activation own = activation(layer.output());
            return new Result(layer.output(), own, own.low(), own.high());
        }
        Activation after = activation(clamp.output());
        int low = after.quantization().code(clamp.alpha(), after.low(), after.high());
        int high = after.quantization().code(clamp.beta(), low, after.high());
        Activation own = activations.get(layer.output());
        return own == null
                ? new Result(clamp.output(), after, low, high)
                : new Result(clamp.output(), after, cut(own.low(), low, high), cut(own.high(), low, high));
    }

    private static int cut(int code, int low, int high) {
        return Math.max(low, Math.min(high, code));
    }

    /** The plan for a tensor. */
    Activation activation(int index) {
        Activation activation = activations.get(index);
        if (activation == null) {
            throw noCodes(source.tensor(index));
        }
        return activation;
    }

    ModelException noCodes(Tensor tensor) {
        return new ModelException(naming.tensor(tensor)
                + " has no scale and zero point: nothing in the file quantises it, and what reads it "
                + "takes 8-bit codes; put a quantiser behind it (QuantizeLinear and DequantizeLinear, or Quant).");
    }

    boolean isPlanned(int index) {
        return activations.containsKey(index);
    }

    static boolean same(Activation first, Activation second) {
        return first.type() == second.type()
                && first.quantization().scale() == second.quantization().scale()
                && first.quantization().zeroPoint() == second.quantization().zeroPoint();
    }

    /** The 8-bit tensor of a float tensor; constants are quantised when they are first needed. */
    Tensor operand(int index) {
        Tensor original = source.tensor(index);
        if (!target.has(index)) {
            if (!original.isConstant() && !isPlanned(index)) {
                throw noCodes(original);
            }
            require(original.isConstant(), "%s is not computed before it is used.", naming.tensor(original));
            Activation activation = isPlanned(index)
                    ? activation(index)
                    : Ranges.activation(TensorType.INT8, ConstantOperands.range(ConstantOperands.floats(original)));
            target.tensor(new Tensor(
                    index,
                    original.name(),
                    activation.type(),
                    original.shape(),
                    activation.quantization(),
                    ConstantOperands.codes(ConstantOperands.floats(original), activation)));
        }
        Tensor tensor = target.tensor(index);
        require(
                tensor.type().isByte(),
                "%s holds the real numbers of a softmax, and nothing quantises it before this reads it; put a "
                        + "quantiser behind it (QuantizeLinear and DequantizeLinear, or Quant).",
                naming.tensor(original));
        return tensor;
    }

    /** True when the tensor exists and stayed float. */
    boolean isFloat(int index) {
        return target.has(index) && target.tensor(index).type() == TensorType.FLOAT32;
    }

    /** The FLOAT32 tensor of a float tensor: itself where it stayed float, else made of its codes. */
    int real(int index) {
        if (isFloat(index)) {
            return index;
        }
        Tensor codes = operand(index);
        Quantization quantization = codes.requireQuantization();
        String name = codes.name() + "_real";
        int real = target.tensor(name, TensorType.FLOAT32, codes.shape(), null);
        target.operator(new Dequantize(
                name, new int[] {codes.index()}, new int[] {real}, quantization.scale(), quantization.zeroPoint()));
        return real;
    }

    /** A constant operand that the float network does not have. */
    Tensor constant(String name, Shape shape, float[] values) {
        ConstantOperands.Codes codes = ConstantOperands.quantized(TensorType.INT8, values);
        return target.tensor(target.constant(name, TensorType.INT8, shape, codes.quantization(), codes.codes()));
    }

    /** The tensor itself, or its codes brought to another scale and zero point. */
    Tensor aligned(int index, Activation wanted) {
        Tensor tensor = operand(index);
        if (same(
                Activation.of(
                        tensor.type(),
                        tensor.requireQuantization().scale(),
                        tensor.requireQuantization().zeroPoint()),
                wanted)) {
            return tensor;
        }
        String key = index + " " + wanted.type() + " " + wanted.quantization().scale() + " "
                + wanted.quantization().zeroPoint();
        return target.tensor(realigned.computeIfAbsent(key, missing -> realign(tensor, wanted)));
    }

    private int realign(Tensor tensor, Activation wanted) {
        if (tensor.isConstant()) {
            return target.constant(
                    tensor.name() + "_requantised",
                    wanted.type(),
                    tensor.shape(),
                    wanted.quantization(),
                    ConstantOperands.codes(ConstantOperands.floats(source.tensor(tensor.index())), wanted));
        }
        int index = temporary(tensor.name() + "_requantised", tensor.shape(), wanted);
        table(
                tensor.name() + "_requantised",
                tensor.index(),
                index,
                "requantise",
                x -> x,
                wanted.type().minimum(),
                wanted.type().maximum());
        return index;
    }

    /** A tensor that the float network does not have. */
    int temporary(String name, Shape shape, Activation activation) {
        return target.tensor(name, activation.type(), shape, activation.quantization());
    }

    /** The 8-bit form of a tensor of the float network that is about to be written. */
    int declare(Result result) {
        Tensor original = source.tensor(result.index());
        target.tensor(new Tensor(
                original.index(),
                original.name(),
                result.type(),
                original.shape(),
                result.activation().quantization(),
                null));
        return original.index();
    }

    /**
     * Adds a layer that cannot clamp by itself; a table after it narrows its codes where that is asked for.
     *
     * @param append adds the layer so that it writes this tensor
     */
    void unclamped(Operator layer, Result result, IntConsumer append) {
        if (result.usesEveryCode()) {
            append.accept(declare(result));
            return;
        }
        int before = temporary(
                layer.name() + "_unclamped", source.tensor(layer.output()).shape(), result.activation());
        append.accept(before);
        table(layer.name() + "_clamp", before, declare(result), "clamp", x -> x, result.low(), result.high());
    }

    /** Adds a table of a real function between two 8-bit tensors. */
    void table(String name, int from, int to, String function, DoubleUnaryOperator real, int low, int high) {
        byte[] table = CodeTables.of(target.tensor(from), target.tensor(to), real, low, high);
        target.operator(new LookupTable(name, new int[] {from}, new int[] {to}, function, table));
    }
}
