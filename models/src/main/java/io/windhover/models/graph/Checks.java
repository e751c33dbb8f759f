package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/** Checks that several operators share. */
final class Checks {
    private Checks() {}

    static void operands(Operator operator, int inputs, int outputs) {
        require(operator.inputs().length == inputs && operator.outputs().length == outputs,
                "%s '%s' has %d inputs and %d outputs instead of %d and %d.", operator.kind(), operator.name(),
                operator.inputs().length, operator.outputs().length, inputs, outputs);
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
        require(first.shape().sameMap(second.shape()), "%s '%s' needs equal shapes, but %s and %s differ.",
                operator.kind(), operator.name(), first, second);
    }

    static void windowed(Operator operator, Window window, Shape input, Tensor output, int outputChannels) {
        Shape expected = output.shape();
        int height = window.outputHeight(input.height());
        int width = window.outputWidth(input.width());
        require(height == expected.height() && width == expected.width() && outputChannels == expected.channels(),
                "%s '%s' makes %dx%dx%d out of %s, but its output is %s.", operator.kind(), operator.name(), height, width,
                outputChannels, input, output);
    }

    /** Padding as wide as the kernel would leave windows without a single valid position. */
    static void paddingBelowKernel(Operator operator, Window window) {
        Padding padding = window.padding();
        require(padding.top() < window.kernelHeight() && padding.bottom() < window.kernelHeight()
                        && padding.left() < window.kernelWidth() && padding.right() < window.kernelWidth(),
                "%s '%s' has padding %s as wide as its kernel.", operator.kind(), operator.name(), padding);
    }

    static void length(Operator operator, String what, long actual, long expected) {
        require(actual == expected, "%s '%s' has %d %s instead of %d.", operator.kind(), operator.name(), actual, what, expected);
    }

    static void zeroPoint(Operator operator, int zeroPoint, Tensor tensor) {
        require(zeroPoint >= tensor.type().minimum() && zeroPoint <= tensor.type().maximum(),
                "%s '%s' has zero point %d outside the range of %s.", operator.kind(), operator.name(), zeroPoint, tensor);
    }

    static void clamp(Operator operator, int clampMin, int clampMax, Tensor output) {
        require(clampMin <= clampMax && clampMin >= output.type().minimum() && clampMax <= output.type().maximum(),
                "%s '%s' clamps to %d..%d, empty or outside the range of %s.", operator.kind(), operator.name(), clampMin, clampMax,
                output);
    }
}
