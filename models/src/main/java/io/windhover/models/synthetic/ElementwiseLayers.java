// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.synthetic;

import static io.windhover.models.ModelException.require;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Add;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Axes;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Maximum;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Softmax;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToLongFunction;

/** Layers without weights over int8 activations, appended to a {@link NetworkBuilder}. */
public final class ElementwiseLayers {
    /** What pooling leaves of the deviation of activations that resemble their neighbours, roughly. */
    private static final double MAXIMUM_SPREAD = 1.3;

    private static final double AVERAGE_SPREAD = 0.9;
    private static final double GLOBAL_AVERAGE_SPREAD = 0.8;

    private final NetworkBuilder network;

    ElementwiseLayers(NetworkBuilder network) {
        this.network = network;
    }

    public int add(int first, int second, Activation activation) {
        String name = network.name("add");
        boolean rectified = activation == Activation.RELU;
        boolean nonNegative = rectified || (nonNegative(first) && nonNegative(second));
        double sum = ExpectedDeviation.sum(
                realRms(first), nonNegative(first), realRms(second), nonNegative(second), rectified);
        int output = network.activationTensor(
                name, network.shape(first), nonNegative, (float) (sum / ExpectedDeviation.target(nonNegative)));
        Rescaling.Addition factors =
                Rescaling.addition(network.scale(first), network.scale(second), network.scale(output));
        int zeroPoint = network.zeroPoint(output);
        network.graph.operator(new Add(
                name,
                new int[] {first, second},
                new int[] {output},
                factors.leftShift(),
                network.zeroPoint(first),
                factors.first(),
                network.zeroPoint(second),
                factors.second(),
                zeroPoint,
                factors.result(),
                rectified ? zeroPoint : -128,
                127));
        return output;
    }

    /** Product; {@code second} may hold one value per channel. */
    public int multiply(int first, int second) {
        String name = network.name("multiply");
        boolean nonNegative = nonNegative(first) && nonNegative(second);
        double product = realRms(first) * realRms(second);
        int output = network.activationTensor(
                name, network.shape(first), nonNegative, (float) (product / ExpectedDeviation.target(nonNegative)));
        Rescale rescale = Rescaling.product(network.scale(first), network.scale(second), network.scale(output));
        network.graph.operator(new Multiply(
                name,
                new int[] {first, second},
                new int[] {output},
                network.zeroPoint(first),
                network.zeroPoint(second),
                rescale,
                network.zeroPoint(output),
                -128,
                127));
        return output;
    }

    /** The larger of two maps quantised alike. */
    public int maximum(int first, int second) {
        String name = network.name("maximum");
        int output = like(first, name, network.shape(first), 1);
        network.graph.operator(new Maximum(name, new int[] {first, second}, new int[] {output}));
        return output;
    }

    private boolean nonNegative(int tensor) {
        return network.zeroPoint(tensor) == -128;
    }

    private double realRms(int tensor) {
        return network.expectedDeviation.rms(tensor) * network.scale(tensor);
    }

    public int averagePool(int input, Window window) {
        String name = network.name("average_pool");
        Shape map = network.shape(input);
        boolean global = window.kernelHeight() == map.height() && window.kernelWidth() == map.width();
        int output = like(input, name, pooled(input, window), global ? GLOBAL_AVERAGE_SPREAD : AVERAGE_SPREAD);
        network.graph.operator(new AveragePool(name, new int[] {input}, new int[] {output}, window, -128, 127));
        return output;
    }

    /** Average over the whole map, 1 x 1 x channels. */
    public int globalAveragePool(int input) {
        Shape shape = network.shape(input);
        return averagePool(input, new Window(shape.height(), shape.width(), 1, 1, 1, 1, Padding.NONE));
    }

    public int maxPool(int input, Window window) {
        String name = network.name("max_pool");
        int output = like(input, name, pooled(input, window), MAXIMUM_SPREAD);
        network.graph.operator(new MaxPool(name, new int[] {input}, new int[] {output}, window, -128, 127));
        return output;
    }

    /** Mean over height and width as TFLite's MEAN computes it. */
    public int mean(int input) {
        Shape shape = network.shape(input);
        String name = network.name("mean");
        int output = like(input, name, Shape.vector(shape.channels()), GLOBAL_AVERAGE_SPREAD);
        Rescale rescale = Rescaling.mean(network.scale(input), network.scale(output), shape.height() * shape.width());
        network.graph.operator(new Mean(
                name,
                new int[] {input},
                new int[] {output},
                Axes.SPATIAL,
                network.zeroPoint(input),
                rescale,
                network.zeroPoint(output)));
        return output;
    }

    /** Surrounds the map with the zero point. */
    public int pad(int input, Padding padding) {
        Shape in = network.shape(input);
        Shape out = Shape.map(
                in.height() + padding.top() + padding.bottom(),
                in.width() + padding.left() + padding.right(),
                in.channels());
        String name = network.name("pad");
        int output = like(input, name, out, 1);
        network.graph.operator(
                new Pad(name, new int[] {input}, new int[] {output}, padding, 0, 0, network.zeroPoint(input)));
        return output;
    }

    public int reshape(int input, Shape shape) {
        String name = network.name("reshape");
        int output = like(input, name, shape, 1);
        network.graph.operator(new Reshape(name, new int[] {input}, new int[] {output}));
        return output;
    }

    /** Maps of equal quantisation side by side in channels. */
    public int concatenate(int... inputs) {
        require(inputs.length > 0, "Nothing to concatenate.");
        String name = network.name("concatenation");
        Shape first = network.shape(inputs[0]);
        int channels = 0;
        double squares = 0;
        for (int input : inputs) {
            require(
                    network.scale(input) == network.scale(inputs[0])
                            && network.zeroPoint(input) == network.zeroPoint(inputs[0]),
                    "The parts of concatenation '%s' are not quantised alike.",
                    name);
            channels += network.shape(input).channels();
            squares += network.shape(input).channels() * StrictMath.pow(network.expectedDeviation.rms(input), 2);
        }
        int output = like(inputs[0], name, Shape.map(first.height(), first.width(), channels), 1);
        network.expectedDeviation.put(output, Math.sqrt(squares / channels));
        network.graph.operator(new Concatenation(name, inputs.clone(), new int[] {output}, Concatenation.Axis.CHANNEL));
        return output;
    }

    /** Logistic function by table: output scale 1 / 256, zero point -128. */
    public int logistic(int input) {
        return table(input, "logistic", real -> 1 / (1 + StrictMath.exp(-real)), Quantization.of(1f / 256, -128));
    }

    /**
     * A rectifier standing alone, where its input is used unrectified as well. Its output has the input's scale from 0
     * up.
     */
    public int rectify(int input) {
        return table(input, "relu", real -> Math.max(0, real), Quantization.of(network.scale(input), -128));
    }

    /** Any function of real values by table, rounded to nearest. */
    public int table(int input, String function, DoubleUnaryOperator real, Quantization quantization) {
        return codeTable(input, function, quantization, code -> {
            double argument = network.scale(input) * (code - network.zeroPoint(input));
            return Math.round(real.applyAsDouble(argument) / quantization.scale()) + quantization.zeroPoint();
        });
    }

    /** Any function of codes by table, cut to int8. */
    int codeTable(int input, String function, Quantization quantization, IntToLongFunction codes) {
        String name = network.name(function);
        int output = network.graph.tensor(name, TensorType.INT8, network.shape(input), quantization);
        byte[] table = new byte[256];
        for (int code = -128; code < 128; code++) {
            table[code & 0xFF] = (byte) Math.max(-128, Math.min(127, codes.applyAsLong(code)));
        }
        network.expectedDeviation.put(
                output,
                ExpectedDeviation.through(
                        table,
                        network.zeroPoint(input),
                        network.expectedDeviation.rms(input),
                        quantization.zeroPoint()));
        network.graph.operator(new LookupTable(name, new int[] {input}, new int[] {output}, function, table));
        return output;
    }

    public int softmax(int input) {
        String name = network.name("softmax");
        int output = network.graph.tensor(name, TensorType.INT8, network.shape(input), Quantization.of(1f / 256, -128));
        Rescaling.SoftmaxScaling scaling = Rescaling.softmax(1, network.scale(input));
        network.graph.operator(
                new Softmax(name, new int[] {input}, new int[] {output}, scaling.input(), scaling.differenceMin()));
        return output;
    }

    private Shape pooled(int input, Window window) {
        Shape in = network.shape(input);
        return Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), in.channels());
    }

    /** A new activation with the input's type and quantisation and this share of its deviation. */
    private int like(int input, String name, Shape shape, double share) {
        int output = network.graph.tensor(
                name,
                network.graph.tensor(input).type(),
                shape,
                network.graph.tensor(input).quantization());
        network.expectedDeviation.put(output, share * network.expectedDeviation.rms(input));
        return output;
    }
}
