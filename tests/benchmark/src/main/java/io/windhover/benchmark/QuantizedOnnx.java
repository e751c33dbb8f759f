// SPDX-License-Identifier: Apache-2.0
package io.windhover.benchmark;

import io.windhover.models.graph.Add;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Softmax;
import io.windhover.models.graph.Window;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * The same layers for ONNX Runtime: QLinearConv with uint8 activations and per-channel int8 weights, the form its
 * kernels are fastest in. Shapes are the network's, weights are random; what is compared is time.
 */
final class QuantizedOnnx {
    private static final int UINT8 = 2;
    private static final int INT8 = 3;
    private static final int FLOAT = 1;
    private static final int INT32 = 6;
    private static final int INT64 = 7;
    private static final String MICROSOFT = "com.microsoft";

    private final Graph graph;
    private final Message body = new Message();
    private final Random random = new Random(1);
    /** Tensors that stand for another one. */
    private final Map<Integer, Integer> same = new HashMap<>();

    private QuantizedOnnx(Graph graph) {
        this.graph = graph;
    }

    /** ModelProto bytes; input {@code x} is uint8, 1 x C x H x W. */
    static byte[] of(Graph graph) {
        return new QuantizedOnnx(graph).model();
    }

    private byte[] model() {
        scalar("scale", FLOAT, Message.floats(0.05f));
        scalar("zero", UINT8, new byte[] {(byte) 128});
        graph.operators().forEach(this::add);
        int last = graph.outputs()[0];
        body.text(2, "network");
        Shape in = graph.tensor(graph.inputs()[0]).shape();
        body.message(11, value(name(graph.inputs()[0]), in));
        body.message(12, new Message().text(1, name(last)));
        return new Message()
                .integer(1, 8)
                .message(7, body)
                .message(8, new Message().text(1, "").integer(2, 17))
                .message(8, new Message().text(1, MICROSOFT).integer(2, 1))
                .toBytes();
    }

    private static Message value(String name, Shape shape) {
        Message dimensions = new Message();
        for (long dimension : new long[] {1, shape.channels(), shape.height(), shape.width()}) {
            dimensions.message(1, new Message().integer(1, dimension));
        }
        return new Message()
                .text(1, name)
                .message(
                        2,
                        new Message().message(1, new Message().integer(1, UINT8).message(2, dimensions)));
    }

    private String name(int tensor) {
        Integer other = same.get(tensor);
        return other == null ? "t" + tensor : name(other);
    }

    private void add(Operator operator) {
        if (operator instanceof Convolution o) {
            convolution(o, o.window(), o.outputChannels(), o.groups());
        } else if (operator instanceof DepthwiseConvolution o) {
            int channels = graph.tensor(o.input()).shape().channels();
            convolution(o, o.window(), channels * o.multiplier(), channels);
        } else if (operator instanceof FullyConnected o) {
            Shape in = graph.tensor(o.input()).shape();
            convolution(
                    o,
                    new Window(in.height(), in.width(), 1, 1, 1, 1, io.windhover.models.graph.Padding.NONE),
                    o.outputChannels(),
                    1);
        } else if (operator instanceof Add o) {
            node(
                    "QLinearAdd",
                    MICROSOFT,
                    o.output(),
                    new Message(),
                    name(o.inputs()[0]),
                    "scale",
                    "zero",
                    name(o.inputs()[1]),
                    "scale",
                    "zero",
                    "scale",
                    "zero");
        } else if (operator instanceof Mean || operator instanceof AveragePool) {
            node(
                    "QLinearGlobalAveragePool",
                    MICROSOFT,
                    operator.output(),
                    new Message(),
                    name(operator.input()),
                    "scale",
                    "zero",
                    "scale",
                    "zero");
        } else if (operator instanceof Softmax) {
            same.put(operator.output(), operator.input());
        } else {
            throw new IllegalArgumentException("no ONNX form for " + operator.kind());
        }
    }

    private void convolution(Operator operator, Window window, int outputs, int groups) {
        int inputs = graph.tensor(operator.input()).shape().channels() / groups;
        byte[] weights = new byte[outputs * inputs * window.kernelHeight() * window.kernelWidth()];
        random.nextBytes(weights);
        String w = "w" + operator.output();
        float[] scales = new float[outputs];
        java.util.Arrays.fill(scales, 0.001f);
        tensor(w, INT8, weights, outputs, inputs, window.kernelHeight(), window.kernelWidth());
        tensor(w + "s", FLOAT, Message.floats(scales), outputs);
        tensor(w + "z", INT8, new byte[outputs], outputs);
        tensor(w + "b", INT32, new byte[4 * outputs], outputs);
        Message attributes = new Message()
                .message(5, integers("kernel_shape", window.kernelHeight(), window.kernelWidth()))
                .message(5, integers("strides", window.strideY(), window.strideX()))
                .message(
                        5,
                        integers(
                                "pads",
                                window.padding().top(),
                                window.padding().left(),
                                window.padding().bottom(),
                                window.padding().right()))
                .message(5, new Message().text(1, "group").integer(3, groups).integer(20, 2));
        node(
                "QLinearConv",
                "",
                operator.output(),
                attributes,
                name(operator.input()),
                "scale",
                "zero",
                w,
                w + "s",
                w + "z",
                "scale",
                "zero",
                w + "b");
    }

    private static Message integers(String name, long... values) {
        return new Message().text(1, name).integers(8, values).integer(20, INT64);
    }

    private void node(String type, String domain, int output, Message attributes, String... inputs) {
        Message node = new Message();
        for (String input : inputs) {
            node.text(1, input);
        }
        node.text(2, name(output)).text(4, type).text(7, domain);
        byte[] head = node.toBytes();
        byte[] tail = attributes.toBytes();
        byte[] whole = java.util.Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, whole, head.length, tail.length);
        body.raw(1, whole);
    }

    private void scalar(String name, int type, byte[] bytes) {
        tensor(name, type, bytes);
    }

    private void tensor(String name, int type, byte[] bytes, long... dimensions) {
        body.message(
                5,
                new Message()
                        .integers(1, dimensions)
                        .integer(2, type)
                        .text(8, name)
                        .raw(9, bytes));
    }
}
