// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.BinaryConvolution.Outside;
import io.windhover.models.graph.BinaryMaxPool;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Threshold;
import io.windhover.models.quantize.QuantizationPlan;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An integer graph with the layers that stand for signs made exact. A tensor of +1 and -1 that only layers of one-bit
 * weights and maxima read becomes bits; where others read it too, it stays codes, and a threshold makes bits of it.
 */
final class OneBitGraph {
    private final Graph from;
    private final Map<String, LinearStep> signs;
    private final Map<String, LinearStep> layers;
    private final OneBitTensors tensors;
    private final GraphBuilder to;
    /** Tensors of bits beside those of codes. */
    private final Map<Integer, Integer> bits = new HashMap<>();

    /** @param firstIndex of tensors that neither the graph nor the file has */
    OneBitGraph(Graph from, Map<String, LinearStep> signs, Map<String, LinearStep> layers, int firstIndex) {
        this.from = from;
        this.signs = signs;
        this.layers = layers;
        tensors = new OneBitTensors(from, signs.keySet(), this::isXnor);
        to = new GraphBuilder(from.name(), firstIndex);
    }

    /** The layer that an operator stands for, or null. */
    private @Nullable LinearStep layer(Operator operator) {
        LinearStep sign = signs.get(operator.name());
        return sign != null ? sign : layers.get(operator.name());
    }

    /** True for layers that the XNOR array takes when they read +1 and -1. */
    private boolean isXnor(Operator operator) {
        LinearStep linear = layer(operator);
        if (linear == null || !linear.weights().isOneBit() || linear.groups() > 1) {
            return false;
        }
        return post(operator) instanceof PostProcess.Requantize
                && (signs.containsKey(operator.name())
                        || Arrays.stream(linear.factor()).noneMatch(factor -> factor == 0));
    }

    /** What a layer makes of its sums; null for other operators. */
    static @Nullable PostProcess post(Operator operator) {
        return operator instanceof Convolution convolution
                ? convolution.post()
                : operator instanceof DepthwiseConvolution depthwise
                        ? depthwise.post()
                        : operator instanceof FullyConnected full ? full.post() : null;
    }

    Graph lower() {
        for (Tensor tensor : from.tensors()) {
            if (!tensors.isSpare(tensor.index())) {
                to.tensor(
                        tensors.areBits(tensor.index())
                                ? new Tensor(tensor.index(), tensor.name(), TensorType.BITS, tensor.shape(), null, null)
                                : tensor);
            }
        }
        Arrays.stream(from.inputs()).forEach(to::input);
        for (Operator operator : from.operators()) {
            boolean spare = Arrays.stream(operator.outputs()).allMatch(tensors::isSpare);
            if (!spare) {
                lower(operator);
            }
        }
        to.labels(from.labels());
        return to.build(from.outputs());
    }

    private void lower(Operator operator) {
        boolean xnor = tensors.isXnor(operator);
        if (xnor || signs.containsKey(operator.name())) {
            weighted(operator, xnor);
        } else if (operator instanceof MaxPool pool && tensors.areBits(pool.output())) {
            to.operator(new BinaryMaxPool(pool.name(), pool.inputs(), pool.outputs(), pool.window()));
        } else {
            requireFineBias(operator);
            to.operator(operator);
        }
    }

    /** Only bits hold the bias of some layers of one-bit weights, and not all of these could take bits. */
    private void requireFineBias(Operator operator) {
        LinearStep linear = layer(operator);
        if (linear == null || !linear.weights().isOneBit()) {
            return;
        }
        double error = linear.biasError(
                from.tensor(operator.input()).requireQuantization().scale(),
                from.tensor(operator.output()).requireQuantization().scale());
        require(
                error <= RealParts.BIAS_PRECISION,
                "The layer that makes '%s' cannot be used: its sums hold its bias to 1/%.0f of a step of its result, which "
                        + "is too coarse; quantise its result to a larger scale.",
                operator.name(),
                1 / error);
    }

    private void weighted(Operator operator, boolean xnor) {
        LinearStep linear = Objects.requireNonNull(layer(operator));
        String title = "The layer that makes '" + operator.name() + "' cannot be used: ";
        int source = operator.input();
        Outside outside = Outside.NOTHING;
        OneBitTensors.Border border = xnor ? tensors.border(operator) : null;
        if (border != null) {
            source = border.input();
            outside = border.outside();
            linear = linear.withPadding(border.padding());
        }
        Quantization quantization = from.tensor(source).requireQuantization();
        TensorType type = xnor ? TensorType.BITS : TensorType.INT8;
        OneBitEmission.Held held =
                new OneBitEmission.Held(type, quantization.scale(), xnor ? 0 : quantization.zeroPoint());
        int input = xnor ? bits(operator, source) : source;
        LayerLowering lowering = new LayerLowering(to, linear, held, input, outside, title);
        Tensor output = from.tensor(operator.output());
        TensorDraft draft = new TensorDraft(operator.name(), output.index(), output.shape(), null);
        if (tensors.areBits(output.index())) {
            lowering.toBits(draft);
            return;
        }
        PostProcess.Requantize range = (PostProcess.Requantize) Objects.requireNonNull(post(operator));
        if (signs.containsKey(operator.name())) {
            lowering.toSigns(draft, range.clampMin(), range.clampMax());
        } else {
            QuantizationPlan.Activation into = new QuantizationPlan.Activation(
                    output.type(), output.requireQuantization(), Byte.MIN_VALUE, Byte.MAX_VALUE);
            lowering.toCodes(draft, into, range.clampMin(), range.clampMax());
        }
    }

    /** The bits that a layer reads: the tensor itself, or made of its codes once for all such layers. */
    private int bits(Operator reader, int tensor) {
        if (tensors.areBits(tensor)) {
            return tensor;
        }
        Shape shape = from.tensor(tensor).shape();
        boolean flat = OneBitTensors.readsFlat(reader, shape);
        return bits.computeIfAbsent(flat ? -1 - tensor : tensor, missing -> thresholded(tensor, flat));
    }

    private int thresholded(int tensor, boolean flat) {
        Tensor codes = from.tensor(tensor);
        int source = tensor;
        Shape shape = codes.shape();
        if (flat) {
            shape = Shape.vector(shape.elements());
            source = to.tensor(codes.name() + " flat", TensorType.INT8, shape, codes.requireQuantization());
            to.operator(new Reshape(codes.name() + " flat", new int[] {tensor}, new int[] {source}));
        }
        String name = codes.name() + (flat ? " flat bits" : " bits");
        int made = to.tensor(name, TensorType.BITS, shape, null);
        int channels = shape.channels();
        require(codes.requireQuantization().zeroPoint() == 0, "%s has a zero point.", codes);
        to.operator(new Threshold(
                name,
                new int[] {source},
                new int[] {made},
                new PostProcess.Bits(new int[channels], new boolean[channels])));
        return made;
    }
}
