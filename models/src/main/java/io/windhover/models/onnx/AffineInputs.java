// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Transpose;
import io.windhover.models.graph.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Layers over codes that one factor and one offset have changed, with no quantiser between: the layer takes both in. A
 * border of zeros becomes one of the code that the factor and the offset make 0.
 */
final class AffineInputs {
    private final Translation network;
    private final OneBitLayers signs;
    private final LinearStep layer;
    private final LinearStep affine;
    private final Activation.Codes codes;

    private AffineInputs(
            Translation network, OneBitLayers signs, LinearStep layer, LinearStep affine, Activation.Codes codes) {
        this.network = network;
        this.signs = signs;
        this.layer = layer;
        this.affine = affine;
        this.codes = codes;
    }

    /** Folds them into all layers of a network whose weights are codes. */
    static void fold(Translation network, OneBitLayers signs) {
        InheritedCodes inherited = new InheritedCodes(network);
        for (TranslationStep step : network.steps()) {
            if (step instanceof LinearStep layer
                    && layer.hasIntegerSums()
                    && network.draft(layer.input()).codes == null
                    && before(network, layer.input()) instanceof LinearStep affine
                    && affine.isScalar()) {
                Activation.Codes codes = inherited.of(affine.input());
                if (codes != null) {
                    new AffineInputs(network, signs, layer, affine, codes).fold();
                }
            }
        }
    }

    /** What makes a value, before it was moved. */
    private static @Nullable TranslationStep before(Translation network, int tensorId) {
        TranslationStep producer = network.producer(tensorId);
        while (producer != null && isMove(producer)) {
            producer = network.producer(producer.inputs()[0]);
        }
        return producer;
    }

    private static boolean isMove(TranslationStep step) {
        return step instanceof DirectStep direct
                && (direct.operator() instanceof Reshape || direct.operator() instanceof Transpose);
    }

    private void fold() {
        double factor = affine.factor()[0];
        double offset = affine.bias()[0];
        boolean bordered = offset != 0 && !layer.window().padding().isNone();
        boolean spreads = offset != 0 && layer.kind() == LinearStep.Kind.TRANSPOSED;
        double zero = codes.zeroPoint() - offset / factor / codes.scale();
        if (factor == 0 || spreads || (bordered && !codes.isCode(-offset / factor))) {
            return;
        }
        List<TranslationStep> steps = new ArrayList<>();
        int input = moved(steps, layer.input());
        Window window = layer.window();
        if (bordered) {
            input = bordered(steps, input, (float) (codes.scale() * (Math.rint(zero) - codes.zeroPoint())));
            window = window.withPadding(Padding.NONE);
        }
        String name = network.draft(layer.output()).name;
        LinearStep sign = signs.sign(name);
        if (sign == null) {
            steps.add(taken(layer, input, window, factor, offset));
        } else {
            signs.replace(name, taken(sign, input, window, factor, offset));
            steps.add(taken(layer, input, window, 1, 0));
        }
        network.expand(layer, steps);
        removeUnread();
    }

    /** Takes away what only the layer has read. */
    private void removeUnread() {
        int tensorId = layer.input();
        TranslationStep producer = network.producer(tensorId);
        while (producer != null
                && (isMove(producer) || producer == affine)
                && network.draft(tensorId).readers == 0
                && network.draft(tensorId).uses == 0) {
            network.remove(producer);
            tensorId = producer.inputs()[0];
            producer = network.producer(tensorId);
        }
    }

    /** The codes, moved as the value was. */
    private int moved(List<TranslationStep> steps, int tensorId) {
        if (tensorId == affine.output()) {
            return affine.input();
        }
        DirectStep move = (DirectStep) Objects.requireNonNull(network.producer(tensorId));
        int from = moved(steps, move.inputs()[0]);
        TensorDraft draft = network.draft(tensorId);
        int to = network.auxiliary(draft.name + " as codes", draft.shape);
        steps.add(new DirectStep(new int[] {from}, to, move.factory()));
        return to;
    }

    private int bordered(List<TranslationStep> steps, int codesAlone, float value) {
        Padding padding = layer.window().padding();
        Shape shape = network.draft(codesAlone).shape;
        int bordered = network.auxiliary(
                network.draft(layer.input()).name + " with its border",
                Shape.map(
                        shape.height() + padding.top() + padding.bottom(),
                        shape.width() + padding.left() + padding.right(),
                        shape.channels()));
        steps.add(new DirectStep(
                new int[] {codesAlone},
                bordered,
                (name, inputs, outputs) -> new FloatPad(name, inputs, outputs, padding, 0, 0, value)));
        return bordered;
    }

    /** The layer over factor * value + offset, of which it reads the value. */
    private static LinearStep taken(LinearStep layer, int input, Window window, double factor, double offset) {
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
