// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/** Checks that several operators share. */
final class Checks {
    private static final int LARGEST_FRACTION = 10;

    private Checks() {}

    static void operands(Operator operator, int inputs, int outputs) {
        require(
                operator.inputs().length == inputs && operator.outputs().length == outputs,
                "%s '%s' has %d inputs and %d outputs instead of %d and %d.",
                operator.kind(),
                operator.name(),
                operator.inputs().length,
                operator.outputs().length,
                inputs,
                outputs);
    }

    static void type(Operator operator, Tensor tensor, TensorType... allowed) {
        for (TensorType type : allowed) {
            if (tensor.type() == type) {
                return;
            }
        }
        require(false, "%s '%s' cannot use %s of type %s.", operator.kind(), operator.name(), tensor, tensor.type());
    }

    static void bytes(Operator operator, Tensor... tensors) {
        for (Tensor tensor : tensors) {
            type(operator, tensor, TensorType.INT8, TensorType.UINT8);
        }
    }

    static void sameMap(Operator operator, Tensor first, Tensor second) {
        require(
                first.shape().sameMap(second.shape()),
                "%s '%s' needs equal shapes, but %s and %s differ.",
                operator.kind(),
                operator.name(),
                first,
                second);
    }

    static void windowed(Operator operator, Window window, Shape input, Tensor output, int outputChannels) {
        Shape expected = output.shape();
        int height = window.outputHeight(input.height());
        int width = window.outputWidth(input.width());
        require(
                height == expected.height() && width == expected.width() && outputChannels == expected.channels(),
                "%s '%s' makes %dx%dx%d out of %s, but its output is %s.",
                operator.kind(),
                operator.name(),
                height,
                width,
                outputChannels,
                input,
                output);
    }

    /** Padding as wide as the kernel, or taps that step over the map, leave windows without a single valid position. */
    static void windowsReadMap(Operator operator, Window window, Shape input) {
        Padding padding = window.padding();
        long rows = (window.kernelHeight() - 1L) * window.dilationY() + 1;
        long columns = (window.kernelWidth() - 1L) * window.dilationX() + 1;
        require(
                padding.top() < rows
                        && padding.bottom() < rows
                        && padding.left() < columns
                        && padding.right() < columns,
                "%s '%s' has padding %s as wide as its kernel.",
                operator.kind(),
                operator.name(),
                padding);
        require(
                window.readsMap(input.height(), input.width()),
                "%s '%s' has a window that lies in its padding alone.",
                operator.kind(),
                operator.name());
    }

    static void notDilated(Operator operator, Window window) {
        require(!window.isDilated(), "%s '%s' is dilated.", operator.kind(), operator.name());
    }

    /** Binary sums keep fraction bits where they become codes. */
    static void fraction(Operator operator, int fraction, PostProcess post) {
        require(
                fraction >= 0 && fraction <= (post instanceof PostProcess.Requantize ? LARGEST_FRACTION : 0),
                "%s '%s' has %d fraction bits; it may have up to %d where it makes codes, otherwise none.",
                operator.kind(),
                operator.name(),
                fraction,
                LARGEST_FRACTION);
    }

    static void length(Operator operator, String what, long actual, long expected) {
        require(
                actual == expected,
                "%s '%s' has %d %s instead of %d.",
                operator.kind(),
                operator.name(),
                actual,
                what,
                expected);
    }

    static void zeroPoint(Operator operator, int zeroPoint, Tensor tensor) {
        require(
                zeroPoint >= tensor.type().minimum()
                        && zeroPoint <= tensor.type().maximum(),
                "%s '%s' has zero point %d outside the range of %s.",
                operator.kind(),
                operator.name(),
                zeroPoint,
                tensor);
    }

    static void clamp(Operator operator, int clampMin, int clampMax, Tensor output) {
        require(
                clampMin <= clampMax
                        && clampMin >= output.type().minimum()
                        && clampMax <= output.type().maximum(),
                "%s '%s' clamps to %d..%d, empty or outside the range of %s.",
                operator.kind(),
                operator.name(),
                clampMin,
                clampMax,
                output);
    }

    /**
     * What additions, subtractions and products have in common: {@link #elementwise}, and codes within their tensors'
     * ranges.
     */
    static void arithmetic(
            Elementwise operator,
            Tensors tensors,
            int firstZeroPoint,
            int secondZeroPoint,
            int outputZeroPoint,
            int clampMin,
            int clampMax) {
        elementwise(operator, tensors);
        zeroPoint(operator, firstZeroPoint, tensors.tensor(operator.inputs()[0]));
        zeroPoint(operator, secondZeroPoint, tensors.tensor(operator.inputs()[1]));
        zeroPoint(operator, outputZeroPoint, tensors.tensor(operator.output()));
        clamp(operator, clampMin, clampMax, tensors.tensor(operator.output()));
    }

    static void leftShift(Operator operator, int leftShift) {
        require(
                leftShift >= 0 && leftShift <= 22,
                "%s '%s' has left shift %d outside 0..22.",
                operator.kind(),
                operator.name(),
                leftShift);
    }

    /** Two 8-bit operands, the second broadcasting, and an output of the first one's map. */
    static void elementwise(Elementwise operator, Tensors tensors) {
        operands(operator, 2, 1);
        Tensor first = tensors.tensor(operator.inputs()[0]);
        Tensor second = tensors.tensor(operator.inputs()[1]);
        Tensor output = tensors.tensor(operator.output());
        bytes(operator, first, second, output);
        sameMap(operator, first, output);
        Broadcast.of(operator, first, second);
    }

    /** One operand and one result of the same type, whose elements are only moved. */
    static void moved(Operator operator, Tensors tensors) {
        operands(operator, 1, 1);
        Tensor input = tensors.tensor(operator.input());
        HostChecks.elements(operator, input);
        type(operator, tensors.tensor(operator.output()), input.type());
    }

    static void blocks(Operator operator, int block, Tensor wide, Tensor deep) {
        require(
                block >= 1 && block <= 256,
                "%s '%s' has block %d outside 1..256.",
                operator.kind(),
                operator.name(),
                block);
        length(operator, "rows", wide.shape().height(), (long) deep.shape().height() * block);
        length(operator, "columns", wide.shape().width(), (long) deep.shape().width() * block);
        length(
                operator,
                "channels",
                deep.shape().channels(),
                (long) wide.shape().channels() * block * block);
    }

    static void transposed(Operator operator, Window window, Shape input, Tensor output, int outputChannels) {
        notDilated(operator, window);
        Padding cut = window.padding();
        length(
                operator,
                "output rows",
                output.shape().height(),
                (input.height() - 1L) * window.strideY() + window.kernelHeight() - cut.top() - cut.bottom());
        length(
                operator,
                "output columns",
                output.shape().width(),
                (input.width() - 1L) * window.strideX() + window.kernelWidth() - cut.left() - cut.right());
        length(operator, "output channels", output.shape().channels(), outputChannels);
    }

    /** FLOAT32 operands and one FLOAT32 output. */
    static void floats(Operator operator, Tensors tensors, int inputs) {
        operands(operator, inputs, 1);
        for (int index : operator.inputs()) {
            type(operator, tensors.tensor(index), TensorType.FLOAT32);
        }
        type(operator, tensors.tensor(operator.output()), TensorType.FLOAT32);
    }

    static void padded(
            Operator operator, Padding padding, int channelsBefore, int channelsAfter, Shape from, Shape to) {
        require(
                channelsBefore >= 0 && channelsAfter >= 0,
                "%s '%s' adds %d and %d channels.",
                operator.kind(),
                operator.name(),
                channelsBefore,
                channelsAfter);
        length(operator, "output rows", to.height(), (long) from.height() + padding.top() + padding.bottom());
        length(operator, "output columns", to.width(), (long) from.width() + padding.left() + padding.right());
        length(operator, "output channels", to.channels(), (long) from.channels() + channelsBefore + channelsAfter);
    }

    /** A scale by which codes and real numbers are converted. */
    static void scale(Operator operator, float scale) {
        require(
                scale > 0 && Float.isFinite(scale),
                "%s '%s' has scale %s instead of a finite number above 0.",
                operator.kind(),
                operator.name(),
                scale);
    }
}
