// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import static io.windhover.models.ModelException.requirePresent;

import io.windhover.models.ModelException;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.BinaryConvolution.Outside;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Softmax;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Threshold;
import io.windhover.models.graph.Window;
import java.util.List;

/** A network trained by the recipes under {@code models/recipes}: a chain of layers out of a {@link Container}. */
final class TrainedNetwork {
    private static final Quantization PLUS_MINUS_ONE = Quantization.of(1, 0);

    private final Container container;
    private final GraphBuilder graph;
    private int map;

    private TrainedNetwork(Container container) {
        Container.Header header = container.header();
        Container.Input input = header.input();
        this.container = container;
        this.graph = new GraphBuilder(header.name());
        graph.labels(List.of(header.labels()));
        graph.preprocessing(Preprocessing.uniform(
                input.channels(),
                header.preprocessing().mean(),
                header.preprocessing().deviation()));
        map = graph.input(
                "image",
                TensorType.INT8,
                Shape.map(input.height(), input.width(), input.channels()),
                Quantization.of(input.scale(), input.zero_point()));
    }

    static Graph load(String name) {
        Container container = Container.resource(name);
        TrainedNetwork network = new TrainedNetwork(container);
        for (Container.Layer layer : container.header().layers()) {
            network.append(layer);
        }
        return network.graph.build(network.map);
    }

    private void append(Container.Layer layer) {
        switch (layer.operator()) {
            case "convolution" ->
                windowed(
                        layer,
                        (window, out, inputs, outputs) -> new Convolution(
                                layer.name(),
                                inputs,
                                outputs,
                                window,
                                layer.channels(),
                                1,
                                weights(layer),
                                0,
                                bias(layer),
                                zeroPoint(),
                                post(layer)));
            case "depthwise_convolution" ->
                windowed(
                        layer,
                        (window, out, inputs, outputs) -> new DepthwiseConvolution(
                                layer.name(),
                                inputs,
                                outputs,
                                window,
                                1,
                                weights(layer),
                                0,
                                bias(layer),
                                zeroPoint(),
                                post(layer)));
            case "binary_convolution" ->
                windowed(
                        layer,
                        (window, out, inputs, outputs) -> new BinaryConvolution(
                                layer.name(),
                                inputs,
                                outputs,
                                window,
                                layer.channels(),
                                weights(layer),
                                Outside.NOTHING,
                                bias(layer),
                                post(layer)));
            case "max_pool" ->
                windowed(
                        layer,
                        (window, out, inputs, outputs) -> new MaxPool(
                                layer.name(),
                                inputs,
                                outputs,
                                window,
                                out.type().minimum(),
                                out.type().maximum()));
            case "average_pool" ->
                windowed(
                        layer,
                        (window, out, inputs, outputs) -> new AveragePool(
                                layer.name(),
                                inputs,
                                outputs,
                                window,
                                out.type().minimum(),
                                out.type().maximum()));
            case "threshold" -> threshold(layer);
            case "fully_connected" -> fullyConnected(layer);
            case "softmax" -> softmax(layer);
            default ->
                throw new ModelException(
                        "Layer '" + layer.name() + "' has the unknown operator '" + layer.operator() + "'.");
        }
    }

    private interface Windowed {
        Operator make(Window window, Tensor output, int[] inputs, int[] outputs);
    }

    private void windowed(Container.Layer layer, Windowed maker) {
        int[] sides = requirePresent(layer.padding(), "Layer '%s' has no padding.", layer.name());
        Window window = new Window(
                layer.kernel(),
                layer.kernel(),
                layer.stride(),
                layer.stride(),
                1,
                1,
                new Padding(sides[0], sides[1], sides[2], sides[3]));
        Shape shape = graph.shape(map);
        int channels = layer.channels() == 0 ? shape.channels() : layer.channels();
        int result = output(
                layer, Shape.map(window.outputHeight(shape.height()), window.outputWidth(shape.width()), channels));
        advance(maker.make(window, graph.tensor(result), new int[] {map}, new int[] {result}), result);
    }

    private void threshold(Container.Layer layer) {
        int result = output(layer, graph.shape(map));
        advance(new Threshold(layer.name(), new int[] {map}, new int[] {result}, bits(written(layer))), result);
    }

    private void fullyConnected(Container.Layer layer) {
        int result = output(layer, Shape.vector(layer.channels()));
        advance(
                new FullyConnected(
                        layer.name(),
                        new int[] {map},
                        new int[] {result},
                        layer.channels(),
                        weights(layer),
                        0,
                        bias(layer),
                        zeroPoint(),
                        post(layer)),
                result);
    }

    private void softmax(Container.Layer layer) {
        int result = graph.tensor(
                layer.name(), TensorType.INT8, graph.shape(map), Quantization.of(1f / 256, Byte.MIN_VALUE));
        Rescaling.SoftmaxScaling scaling = Rescaling.softmax(1, quantization().scale());
        advance(
                new Softmax(
                        layer.name(), new int[] {map}, new int[] {result}, scaling.input(), scaling.differenceMin()),
                result);
    }

    /** The layer's output tensor; pools have none of their own description and keep their input's. */
    private int output(Container.Layer layer, Shape shape) {
        Container.Output output = layer.output();
        if (output == null) {
            return graph.tensor(
                    layer.name(),
                    graph.tensor(map).type(),
                    shape,
                    graph.tensor(map).quantization());
        }
        return isBits(output)
                ? graph.tensor(layer.name(), TensorType.BITS, shape, null)
                : graph.tensor(
                        layer.name(), TensorType.INT8, shape, Quantization.of(output.scale(), output.zero_point()));
    }

    private void advance(Operator operator, int result) {
        graph.operator(operator);
        map = result;
    }

    private PostProcess post(Container.Layer layer) {
        Container.Output output = written(layer);
        return isBits(output) ? bits(output) : requantize(layer, output);
    }

    private static Container.Output written(Container.Layer layer) {
        return requirePresent(layer.output(), "Layer '%s' does not say what it writes.", layer.name());
    }

    private PostProcess requantize(Container.Layer layer, Container.Output output) {
        float[] weightScales = container.floats(layer.weight_scales());
        float inputScale = quantization().scale();
        int[] multiplier = new int[weightScales.length];
        int[] shift = new int[weightScales.length];
        for (int channel = 0; channel < weightScales.length; channel++) {
            Rescale factor = layer.operator().equals("fully_connected")
                    ? Rescaling.perTensor(inputScale, weightScales[channel], output.scale())
                    : Rescaling.convolution(inputScale, weightScales[channel], output.scale());
            multiplier[channel] = factor.multiplier();
            shift[channel] = factor.shift();
        }
        int[] clamp = requirePresent(output.clamp(), "Layer '%s' has no clamp.", layer.name());
        return new PostProcess.Requantize(multiplier, shift, output.zero_point(), clamp[0], clamp[1]);
    }

    private PostProcess.Bits bits(Container.Output output) {
        byte[] directions = container.bytes(output.invert());
        boolean[] invert = new boolean[directions.length];
        for (int channel = 0; channel < invert.length; channel++) {
            invert[channel] = directions[channel] != 0;
        }
        return new PostProcess.Bits(container.integers(output.threshold()), invert);
    }

    private byte[] weights(Container.Layer layer) {
        return container.bytes(layer.weights());
    }

    private int[] bias(Container.Layer layer) {
        return container.integers(layer.bias());
    }

    private Quantization quantization() {
        Tensor input = graph.tensor(map);
        return input.type() == TensorType.BITS ? PLUS_MINUS_ONE : input.requireQuantization();
    }

    private int zeroPoint() {
        return quantization().zeroPoint();
    }

    private static boolean isBits(Container.Output output) {
        return output.type().equals("bits");
    }
}
