// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.graph.Axes;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Elementwise;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatActivation.Function;
import io.windhover.models.graph.FloatConvolution;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.FloatFullyConnected;
import io.windhover.models.graph.FloatLocalResponseNormalization;
import io.windhover.models.graph.FloatMean;
import io.windhover.models.graph.FloatPRelu;
import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Float networks of random numbers, layer by layer; every method returns the new tensor. */
final class FloatNetwork {
    final GraphBuilder graph;
    final Random random;

    FloatNetwork(String name, long seed) {
        graph = new GraphBuilder(name);
        random = new Random(seed);
    }

    int input(int height, int width, int channels) {
        return graph.input("input", TensorType.FLOAT32, Shape.map(height, width, channels), null);
    }

    private int tensor(String name, Shape shape) {
        return graph.tensor(name, TensorType.FLOAT32, shape, null);
    }

    float[] normal(int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return values;
    }

    int convolution(int input, int outputs, Window window, int groups) {
        Shape in = graph.shape(input);
        int terms = window.kernelHeight() * window.kernelWidth() * in.channels() / groups;
        int output = tensor(
                "convolution", Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), outputs));
        graph.operator(new FloatConvolution(
                "convolution_" + output,
                new int[] {input},
                new int[] {output},
                window,
                outputs,
                groups,
                normal(outputs * terms, Math.sqrt(2.0 / terms)),
                normal(outputs, 0.1)));
        return output;
    }

    int fullyConnected(int input, int outputs) {
        int terms = graph.shape(input).elements();
        int output = tensor("fully_connected", Shape.vector(outputs));
        graph.operator(new FloatFullyConnected(
                "fully_connected_" + output,
                new int[] {input},
                new int[] {output},
                outputs,
                normal(outputs * terms, Math.sqrt(1.0 / terms)),
                normal(outputs, 0.1)));
        return output;
    }

    int activation(int input, Function function, float alpha, float beta) {
        int output = tensor(function.name(), graph.shape(input));
        graph.operator(new FloatActivation(
                function + "_" + output, new int[] {input}, new int[] {output}, function, alpha, beta));
        return output;
    }

    int relu(int input) {
        return activation(input, Function.CLAMP, 0, Float.POSITIVE_INFINITY);
    }

    int prelu(int input) {
        int output = tensor("prelu", graph.shape(input));
        graph.operator(new FloatPRelu(
                "prelu_" + output,
                new int[] {input},
                new int[] {output},
                normal(graph.shape(input).channels(), 0.3)));
        return output;
    }

    int elementwise(int first, int second, Elementwise.Function function, boolean reversed) {
        int output = tensor(function.name(), graph.shape(first));
        graph.operator(new FloatElementwise(
                function + "_" + output, new int[] {first, second}, new int[] {output}, function, reversed));
        return output;
    }

    int constant(Shape shape, float... values) {
        return graph.constant("constant", TensorType.FLOAT32, shape, null, bytes(values));
    }

    int pool(int input, boolean maximum, Window window, boolean countPadding) {
        Shape in = graph.shape(input);
        int output = tensor(
                "pool", Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), in.channels()));
        graph.operator(
                new FloatPool("pool_" + output, new int[] {input}, new int[] {output}, maximum, window, countPadding));
        return output;
    }

    int mean(int input) {
        int output = tensor("mean", Shape.vector(graph.shape(input).channels()));
        graph.operator(new FloatMean("mean_" + output, new int[] {input}, new int[] {output}, Axes.SPATIAL));
        return output;
    }

    int pad(int input, int border) {
        Shape in = graph.shape(input);
        int output = tensor("pad", Shape.map(in.height() + 2 * border, in.width() + 2 * border, in.channels()));
        graph.operator(new FloatPad(
                "pad_" + output,
                new int[] {input},
                new int[] {output},
                new Padding(border, border, border, border),
                0,
                0,
                0));
        return output;
    }

    int normalization(int input, int radius, float alpha) {
        int output = tensor("normalization", graph.shape(input));
        graph.operator(new FloatLocalResponseNormalization(
                "normalization_" + output, new int[] {input}, new int[] {output}, radius, 1, alpha, 0.75f));
        return output;
    }

    int concatenation(int... inputs) {
        Shape first = graph.shape(inputs[0]);
        int channels = 0;
        for (int input : inputs) {
            channels += graph.shape(input).channels();
        }
        int output = tensor("concatenation", Shape.map(first.height(), first.width(), channels));
        graph.operator(
                new Concatenation("concatenation_" + output, inputs, new int[] {output}, Concatenation.Axis.CHANNEL));
        return output;
    }

    int slice(int input, int firstChannel, int channels) {
        Shape in = graph.shape(input);
        int output = tensor("slice", Shape.map(in.height(), in.width(), channels));
        graph.operator(
                new Slice("slice_" + output, new int[] {input}, new int[] {output}, 0, 0, firstChannel, 1, 1, 1));
        return output;
    }

    int flatten(int input) {
        int output = tensor("flat", Shape.vector(graph.shape(input).elements()));
        graph.operator(new Reshape("flat_" + output, new int[] {input}, new int[] {output}));
        return output;
    }

    int softmax(int input) {
        int output = tensor("softmax", graph.shape(input));
        graph.operator(new FloatSoftmax("softmax_" + output, new int[] {input}, new int[] {output}, 1));
        return output;
    }

    /** Normally distributed inputs. */
    List<byte[][]> inputs(Graph of, int count) {
        List<byte[][]> inputs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[][] one = new byte[of.inputs().length][];
            for (int k = 0; k < one.length; k++) {
                one[k] = bytes(normal(of.tensor(of.inputs()[k]).shape().elements(), 1));
            }
            inputs.add(one);
        }
        return inputs;
    }

    static byte[] bytes(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer.array();
    }
}
