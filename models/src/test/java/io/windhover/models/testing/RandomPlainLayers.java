// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.testing;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Add;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Axes;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LogSoftmax;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Softmax;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;

/** Layers without weights over int8 activations. */
final class RandomPlainLayers {
    private RandomPlainLayers() {}

    static Graph add(String name, Draw draw) {
        Shape shape = draw.map();
        Quantization first = draw.quantization();
        Quantization second = draw.quantization();
        Quantization result = draw.quantization();
        GraphBuilder graph = new GraphBuilder(name);
        int left = graph.input("first", TensorType.INT8, shape, first);
        int right = graph.input("second", TensorType.INT8, shape, second);
        int output = graph.tensor("output", TensorType.INT8, shape, result);
        Rescaling.Addition factors = Rescaling.addition(first.scale(), second.scale(), result.scale());
        int low = draw.oneIn(2) ? -128 : result.zeroPoint();
        graph.operator(new Add(
                "add",
                new int[] {left, right},
                new int[] {output},
                factors.leftShift(),
                first.zeroPoint(),
                factors.first(),
                second.zeroPoint(),
                factors.second(),
                result.zeroPoint(),
                factors.result(),
                low,
                127));
        return graph.build(output);
    }

    static Graph multiply(String name, Draw draw) {
        Shape shape = draw.map();
        Shape secondShape = draw.oneIn(2) ? shape : Shape.map(1, 1, shape.channels());
        Quantization first = draw.quantization();
        Quantization second = draw.quantization();
        Quantization result = draw.quantization();
        GraphBuilder graph = new GraphBuilder(name);
        int left = graph.input("first", TensorType.INT8, shape, first);
        int right = graph.input("second", TensorType.INT8, secondShape, second);
        int output = graph.tensor("output", TensorType.INT8, shape, result);
        graph.operator(new Multiply(
                "multiply",
                new int[] {left, right},
                new int[] {output},
                first.zeroPoint(),
                second.zeroPoint(),
                Rescaling.product(first.scale(), second.scale(), result.scale()),
                result.zeroPoint(),
                -128,
                127));
        return graph.build(output);
    }

    static Graph averagePool(String name, Draw draw) {
        Shape in = draw.map();
        Window window = draw.window(in, false);
        Single layer = new Single(name, in, pooled(in, window), draw.quantization());
        int low = draw.oneIn(2) ? -128 : draw.between(-128, 0);
        layer.graph.operator(new AveragePool("average_pool", layer.inputs(), layer.outputs(), window, low, 127));
        return layer.build();
    }

    static Graph globalAveragePool(String name, Draw draw) {
        Shape in = draw.map();
        Window window = new Window(in.height(), in.width(), 1, 1, 1, 1, Padding.NONE);
        Single layer = new Single(name, in, Shape.map(1, 1, in.channels()), draw.quantization());
        layer.graph.operator(new AveragePool("average_pool", layer.inputs(), layer.outputs(), window, -128, 127));
        return layer.build();
    }

    static Graph maxPool(String name, Draw draw) {
        Shape in = draw.map();
        Window window = draw.window(in, false);
        Single layer = new Single(name, in, pooled(in, window), draw.quantization());
        int low = draw.oneIn(2) ? -128 : draw.between(-128, 0);
        layer.graph.operator(new MaxPool("max_pool", layer.inputs(), layer.outputs(), window, low, 127));
        return layer.build();
    }

    static Graph mean(String name, Draw draw) {
        Shape in = draw.map();
        Quantization from = draw.quantization();
        Quantization to = draw.quantization();
        GraphBuilder graph = new GraphBuilder(name);
        int input = graph.input("input", TensorType.INT8, in, from);
        int output = graph.tensor("output", TensorType.INT8, Shape.vector(in.channels()), to);
        graph.operator(new Mean(
                "mean",
                new int[] {input},
                new int[] {output},
                Axes.SPATIAL,
                from.zeroPoint(),
                Rescaling.mean(from.scale(), to.scale(), in.height() * in.width()),
                to.zeroPoint()));
        return graph.build(output);
    }

    static Graph pad(String name, Draw draw) {
        Shape in = draw.map();
        Padding padding = new Padding(draw.between(0, 3), draw.between(0, 3), draw.between(0, 3), draw.between(0, 3));
        Shape out = Shape.map(
                in.height() + padding.top() + padding.bottom(),
                in.width() + padding.left() + padding.right(),
                in.channels());
        Quantization quantization = draw.quantization();
        Single layer = new Single(name, in, out, quantization);
        layer.graph.operator(new Pad("pad", layer.inputs(), layer.outputs(), padding, 0, 0, quantization.zeroPoint()));
        return layer.build();
    }

    static Graph reshape(String name, Draw draw) {
        Shape in = draw.map();
        Single layer = new Single(name, in, Shape.vector(in.elements()), draw.quantization());
        layer.graph.operator(new Reshape("reshape", layer.inputs(), layer.outputs()));
        return layer.build();
    }

    static Graph concatenation(String name, Draw draw) {
        Shape map = draw.map();
        Quantization quantization = draw.quantization();
        GraphBuilder graph = new GraphBuilder(name);
        int[] inputs = new int[draw.between(2, 4)];
        int channels = 0;
        for (int i = 0; i < inputs.length; i++) {
            Shape shape = Shape.map(map.height(), map.width(), draw.channels(40));
            inputs[i] = graph.input("input_" + i, TensorType.INT8, shape, quantization);
            channels += shape.channels();
        }
        int output =
                graph.tensor("output", TensorType.INT8, Shape.map(map.height(), map.width(), channels), quantization);
        graph.operator(new Concatenation("concatenation", inputs, new int[] {output}, Concatenation.Axis.CHANNEL));
        return graph.build(output);
    }

    static Graph lookupTable(String name, Draw draw) {
        Shape shape = draw.map();
        Single layer = new Single(name, shape, shape, draw.quantization());
        layer.graph.operator(new LookupTable("table", layer.inputs(), layer.outputs(), "random", draw.table()));
        return layer.build();
    }

    static Graph softmax(String name, Draw draw) {
        Shape shape = Shape.vector(draw.between(1, 200));
        Quantization from = draw.quantization();
        GraphBuilder graph = new GraphBuilder(name);
        int input = graph.input("input", TensorType.INT8, shape, from);
        int output = graph.tensor("output", TensorType.INT8, shape, Quantization.of(1f / 256, -128));
        Rescaling.SoftmaxScaling scaling = Rescaling.softmax(1, from.scale());
        graph.operator(new Softmax(
                "softmax", new int[] {input}, new int[] {output}, scaling.input(), scaling.differenceMin()));
        return graph.build(output);
    }

    static Graph logSoftmax(String name, Draw draw) {
        Shape shape = draw.oneIn(3) ? draw.map() : Shape.vector(draw.between(1, 200));
        TensorType type = draw.byteType();
        Quantization from = draw.quantization(type);
        GraphBuilder graph = new GraphBuilder(name);
        int input = graph.input("input", type, shape, from);
        int output = graph.tensor("output", type, shape, Quantization.of(1f / 16, type.maximum()));
        Rescaling.SoftmaxScaling scaling = Rescaling.softmax(1, from.scale());
        graph.operator(new LogSoftmax(
                "log_softmax",
                new int[] {input},
                new int[] {output},
                scaling.input(),
                scaling.differenceMin(),
                Rescaling.fromSoftmax(scaling.input())));
        return graph.build(output);
    }

    private static Shape pooled(Shape in, Window window) {
        return Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), in.channels());
    }

    /** One input and one output of equal quantisation. */
    private static final class Single {
        final GraphBuilder graph;
        private final int input;
        private final int output;

        Single(String name, Shape in, Shape out, Quantization quantization) {
            graph = new GraphBuilder(name);
            input = graph.input("input", TensorType.INT8, in, quantization);
            output = graph.tensor("output", TensorType.INT8, out, quantization);
        }

        int[] inputs() {
            return new int[] {input};
        }

        int[] outputs() {
            return new int[] {output};
        }

        Graph build() {
            return graph.build(output);
        }
    }
}
