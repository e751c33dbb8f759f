// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers over codes that one factor and one offset have changed, with no quantiser between: the layer takes both in. A
 * border of zeros becomes one of the code that the factor and the offset make 0.
 */
final class AffineInputs {
    private static final double NEAREST = 1e-4;

    private final Translation network;
    private final LinearStep layer;
    private final LinearStep affine;
    private final Activation.Codes codes;

    private AffineInputs(Translation network, LinearStep layer, LinearStep affine, Activation.Codes codes) {
        this.network = network;
        this.layer = layer;
        this.affine = affine;
        this.codes = codes;
    }

    /** Folds them into all layers of a network whose weights are codes. */
    static void fold(Translation network) {
        InheritedCodes inherited = new InheritedCodes(network);
        for (TranslationStep step : network.steps()) {
            if (step instanceof LinearStep layer
                    && layer.hasIntegerSums()
                    && network.draft(layer.input()).codes == null
                    && network.producer(layer.input()) instanceof LinearStep affine
                    && affine.isScalar()) {
                Activation.Codes codes = inherited.of(affine.input());
                if (codes != null) {
                    new AffineInputs(network, layer, affine, codes).fold();
                }
            }
        }
    }

    private void fold() {
        double factor = affine.factor()[0];
        double offset = affine.bias()[0];
        boolean bordered = offset != 0 && !layer.window().padding().isNone();
        boolean spreads = offset != 0 && layer.kind() == LinearStep.Kind.TRANSPOSED;
        double zero = codes.zeroPoint() - offset / factor / codes.scale();
        boolean isCode =
                Math.abs(zero - Math.rint(zero)) < NEAREST && Math.rint(zero) >= codes.low() && zero <= codes.high();
        if (factor == 0 || spreads || (bordered && !isCode)) {
            return;
        }
        List<TranslationStep> steps = new ArrayList<>();
        int input = affine.input();
        Window window = layer.window();
        if (bordered) {
            input = bordered(steps, (float) (codes.scale() * (Math.rint(zero) - codes.zeroPoint())));
            window = window.withPadding(Padding.NONE);
        }
        steps.add(taken(input, window, factor, offset));
        network.expand(layer, steps);
        if (network.draft(affine.output()).readers == 0 && network.draft(affine.output()).uses == 0) {
            network.remove(affine);
        }
    }

    private int bordered(List<TranslationStep> steps, float value) {
        Padding padding = layer.window().padding();
        Shape shape = network.draft(affine.input()).shape;
        int bordered = network.auxiliary(
                network.draft(layer.input()).name + " with its border",
                Shape.map(
                        shape.height() + padding.top() + padding.bottom(),
                        shape.width() + padding.left() + padding.right(),
                        shape.channels()));
        steps.add(new DirectStep(
                new int[] {affine.input()},
                bordered,
                (name, inputs, outputs) -> new FloatPad(name, inputs, outputs, padding, 0, 0, value)));
        return bordered;
    }

    private LinearStep taken(int input, Window window, double factor, double offset) {
        int outputs = layer.outputChannels();
        int terms = layer.weights().count() / outputs;
        double[] factors = new double[outputs];
        double[] bias = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            double sum = 0;
            for (int i = 0; i < terms; i++) {
                sum += layer.weights().real(o * terms + i, terms);
            }
            factors[o] = layer.factor()[o] * factor;
            bias[o] = layer.bias()[o] + layer.factor()[o] * offset * sum;
        }
        return new LinearStep(
                layer.kind(),
                input,
                layer.output(),
                window,
                outputs,
                layer.groups(),
                layer.weights(),
                factors,
                bias,
                null);
    }
}
