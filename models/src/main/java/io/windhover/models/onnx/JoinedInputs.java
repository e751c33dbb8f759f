// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Layers over joined values whose codes differ, with no quantiser between: no 8-bit tensor holds what they read. Such a
 * layer becomes one over each of the joined values, in its own codes. These write their sums to the grid of a finer
 * scale than the result's, in as many tiers of 256 codes as that takes; a last layer adds all tiers up and rounds once
 * more. A sum on the grid is off by half its scale, so all together are off by at most half a code of the result.
 */
final class JoinedInputs {
    private static final int TIER = 255;
    /** Tiers that are spent on a finer grid than the coarsest allowed, and most tiers. */
    private static final int CHEAP_TIERS = 16;

    private static final int MOST_TIERS = 64;
    private static final int FINEST = 4;

    private final Translation network;
    private final LinearStep layer;
    private final int[] inputs;
    private final Activation.Codes[] codes;
    private final Activation.Codes result;
    private final int outputs;
    /** Least and largest sum over each input that still matters, per output channel. */
    private final double[][] low;

    private final double[][] high;

    private JoinedInputs(
            Translation network, LinearStep layer, int[] inputs, Activation.Codes[] codes, Activation.Codes result) {
        this.network = network;
        this.layer = layer;
        this.inputs = inputs;
        this.codes = codes;
        this.result = result;
        this.outputs = layer.outputChannels();
        this.low = new double[inputs.length][outputs];
        this.high = new double[inputs.length][outputs];
    }

    /** Splits all layers of a network that need it, but those whose signs are taken, which must be exact. */
    static void split(Translation network, OneBitLayers signs) {
        InheritedCodes inherited = new InheritedCodes(network);
        boolean binary = network.steps().stream().anyMatch(BinarizeStep.class::isInstance);
        for (TranslationStep step : network.steps()) {
            if (!binary
                    && step instanceof LinearStep layer
                    && isDense(layer)
                    && signs.sign(network.draft(layer.output()).name) == null
                    && network.draft(layer.input()).codes == null
                    && network.producer(layer.input()) instanceof DirectStep join
                    && join.operator() instanceof Concatenation concatenation
                    && concatenation.axis() == Concatenation.Axis.CHANNEL
                    && !inherited.areOfOneScale(join.inputs())) {
                Activation.Codes[] codes =
                        Arrays.stream(join.inputs()).mapToObj(inherited::of).toArray(Activation.Codes[]::new);
                Activation.Codes result = result(network, layer);
                if (result != null && !Arrays.asList(codes).contains(null)) {
                    new JoinedInputs(network, layer, join.inputs(), codes, result).split(join);
                }
            }
        }
    }

    private static boolean isDense(LinearStep layer) {
        return layer.hasIntegerSums() && layer.kind() != LinearStep.Kind.TRANSPOSED && layer.groups() == 1;
    }

    /** The codes of what the layer makes, or of a clamp after it. */
    private static Activation.@Nullable Codes result(Translation network, LinearStep layer) {
        Activation.Codes own = network.draft(layer.output()).codes;
        for (TranslationStep step : network.steps()) {
            if (own == null
                    && step instanceof DirectStep direct
                    && direct.inputs()[0] == layer.output()
                    && direct.operator() instanceof FloatActivation activation
                    && activation.function() == FloatActivation.Function.CLAMP) {
                own = network.draft(direct.output()).codes;
            }
        }
        return own;
    }

    private void split(DirectStep join) {
        measure();
        int divisor = FINEST;
        while (divisor > 1 && tiers(scale(divisor)) > CHEAP_TIERS) {
            divisor /= 2;
        }
        float scale = scale(divisor);
        String name = network.draft(layer.output()).name;
        require(
                tiers(scale) <= MOST_TIERS,
                "%s cannot be used: it reads joined values of scales %s, which no 8-bit codes hold together; put a "
                        + "QuantizeLinear and a DequantizeLinear behind the Concat.",
                network.draft(layer.output()).title(),
                Arrays.stream(codes).map(Activation.Codes::scale).toList());
        List<TranslationStep> steps = new ArrayList<>();
        int[] parts = new int[inputs.length];
        double[] offset = layer.bias().clone();
        for (int i = 0; i < inputs.length; i++) {
            LinearStep part = part(i, scale, name + " over input " + i);
            steps.add(part);
            parts[i] = part.output();
            for (int o = 0; o < outputs; o++) {
                offset[o] += low[i][o];
            }
        }
        int all = tensor(name + " in parts", tiers(scale), scale);
        steps.add(new DirectStep(
                parts, all, (title, from, to) -> new Concatenation(title, from, to, Concatenation.Axis.CHANNEL)));
        steps.add(sum(all, tiers(scale), offset));
        network.expand(layer, steps);
        if (network.draft(join.output()).readers == 0 && network.draft(join.output()).uses == 0) {
            network.remove(join);
        }
    }

    /** Half of it for each input is at most half a code of the result. */
    private float scale(int divisor) {
        return result.scale() / (inputs.length * divisor);
    }

    private int tiers(float scale) {
        int tiers = 0;
        for (int i = 0; i < inputs.length; i++) {
            tiers += tiers(i, scale);
        }
        return tiers;
    }

    private int tiers(int input, float scale) {
        double widest = 0;
        for (int o = 0; o < outputs; o++) {
            widest = Math.max(widest, high[input][o] - low[input][o]);
        }
        return (int) Math.min(2 * MOST_TIERS, Math.max(1, Math.ceil(widest / (TIER * (double) scale))));
    }

    /** The ranges of all sums, cut where the result is at the end of its codes whatever the other inputs hold. */
    private void measure() {
        for (int i = 0; i < inputs.length; i++) {
            reach(i);
        }
        double[][] least = Arrays.stream(low).map(double[]::clone).toArray(double[][]::new);
        double[][] most = Arrays.stream(high).map(double[]::clone).toArray(double[][]::new);
        for (int o = 0; o < outputs; o++) {
            double first = result.scale() * (result.low() - 1.0 - result.zeroPoint()) - layer.bias()[o];
            double last = result.scale() * (result.high() + 1.0 - result.zeroPoint()) - layer.bias()[o];
            for (int other = 0; other < inputs.length; other++) {
                first -= most[other][o];
                last -= least[other][o];
            }
            for (int i = 0; i < inputs.length; i++) {
                low[i][o] = Math.min(most[i][o], Math.max(least[i][o], first + most[i][o]));
                high[i][o] = Math.max(least[i][o], Math.min(most[i][o], last + least[i][o]));
            }
        }
    }

    private void reach(int input) {
        double smallest = codes[input].scale() * (codes[input].low() - codes[input].zeroPoint());
        double largest = codes[input].scale() * (codes[input].high() - codes[input].zeroPoint());
        byte[] weights = weights(input);
        int terms = weights.length / outputs;
        for (int i = 0; i < weights.length; i++) {
            int o = i / terms;
            double weight = weights[i] * layer.weights().scale(o) * layer.factor()[o];
            low[input][o] += Math.min(weight * smallest, weight * largest);
            high[input][o] += Math.max(weight * smallest, weight * largest);
        }
    }

    /** The weights of one of the joined inputs. */
    private byte[] weights(int input) {
        int channels = network.draft(layer.input()).shape.channels();
        int first = 0;
        for (int i = 0; i < input; i++) {
            first += network.draft(inputs[i]).shape.channels();
        }
        int own = network.draft(inputs[input]).shape.channels();
        byte[] all = Objects.requireNonNull(layer.weights().codes());
        byte[] weights = new byte[all.length / channels * own];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = all[i / own * channels + first + i % own];
        }
        return weights;
    }

    /** The layer over one input; its output channels come once for each tier, from the lowest. */
    private LinearStep part(int input, float scale, String name) {
        int tiers = tiers(input, scale);
        byte[] once = weights(input);
        network.charge((long) once.length * tiers);
        byte[] weights = new byte[once.length * tiers];
        float[] scales = new float[outputs * tiers];
        double[] factor = new double[outputs * tiers];
        double[] bias = new double[outputs * tiers];
        for (int tier = 0; tier < tiers; tier++) {
            System.arraycopy(once, 0, weights, tier * once.length, once.length);
            for (int o = 0; o < outputs; o++) {
                scales[tier * outputs + o] = layer.weights().scale(o);
                factor[tier * outputs + o] = layer.factor()[o];
                bias[tier * outputs + o] = -low[input][o] - tier * (double) TIER * scale;
            }
        }
        int output = tensor(name, tiers, scale);
        return new LinearStep(
                layer.kind(),
                inputs[input],
                output,
                layer.window(),
                outputs * tiers,
                1,
                Weights.ofCodes(weights, scales, 0),
                factor,
                bias,
                null);
    }

    private int tensor(String name, int tiers, float scale) {
        Shape shape = network.draft(layer.output()).shape;
        int channels = outputs * tiers;
        int tensor = network.auxiliary(
                name,
                layer.kind() == LinearStep.Kind.FULLY_CONNECTED
                        ? Shape.vector(channels)
                        : Shape.map(shape.height(), shape.width(), channels));
        network.draft(tensor).codes = new Activation.Codes(ElementType.UINT8, scale, 0, 0, TIER);
        return tensor;
    }

    private LinearStep sum(int parts, int tiers, double[] offset) {
        int terms = outputs * tiers;
        network.charge((long) outputs * terms);
        byte[] ones = new byte[outputs * terms];
        for (int i = 0; i < terms; i++) {
            ones[i % outputs * terms + i] = 1;
        }
        return new LinearStep(
                layer.kind(),
                parts,
                layer.output(),
                new Window(1, 1, 1, 1, 1, 1, Padding.NONE),
                outputs,
                1,
                Weights.ofCodes(ones, new float[] {1}, 0),
                LinearStep.ones(outputs),
                offset,
                null);
    }
}
