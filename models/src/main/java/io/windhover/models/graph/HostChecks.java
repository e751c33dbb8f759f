// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

import java.util.ArrayList;
import java.util.List;

/** Checks that the host's operators share. */
final class HostChecks {
    private HostChecks() {}

    /** Any type whose elements are bytes of their own. */
    static void elements(Operator operator, Tensor tensor) {
        require(
                tensor.type() != TensorType.BITS,
                "%s '%s' cannot use %s of packed bits.",
                operator.kind(),
                operator.name(),
                tensor);
    }

    /** Two 8-bit tensors of one type, dimensions of 1 repeated, make a third. */
    static void pair(Operator operator, Tensors tensors, int firstZeroPoint, int secondZeroPoint, int outputZeroPoint) {
        Checks.operands(operator, 2, 1);
        Tensor left = tensors.tensor(operator.inputs()[0]);
        Tensor right = tensors.tensor(operator.inputs()[1]);
        Tensor output = tensors.tensor(operator.output());
        Checks.bytes(operator, left, right, output);
        Checks.type(operator, right, left.type());
        Checks.type(operator, output, left.type());
        Checks.zeroPoint(operator, firstZeroPoint, left);
        Checks.zeroPoint(operator, secondZeroPoint, right);
        Checks.zeroPoint(operator, outputZeroPoint, output);
        broadcast(operator, tensors);
    }

    /** INT32 or INT64. */
    static void indexes(Operator operator, Tensor tensor) {
        Checks.type(operator, tensor, TensorType.INT32, TensorType.INT64);
    }

    static void axis(Operator operator, int axis, Tensor tensor) {
        require(
                axis >= 0 && axis < tensor.shape().rank(),
                "%s '%s' goes along dimension %d, which %s does not have.",
                operator.kind(),
                operator.name(),
                axis,
                tensor);
    }

    static void threshold(Operator operator, String what, float value) {
        require(
                value >= 0 && value <= 1,
                "%s '%s' has the %s %s outside 0..1.",
                operator.kind(),
                operator.name(),
                what,
                value);
    }

    static void notNan(Operator operator, String what, float value) {
        require(!Float.isNaN(value), "%s '%s' has no %s.", operator.kind(), operator.name(), what);
    }

    static List<Integer> without(Shape shape, int axis) {
        List<Integer> left = new ArrayList<>(shape.dimensions());
        left.remove(axis);
        return left;
    }

    /** True when both are the same but for dimensions of 1. */
    static boolean sameExtents(List<Integer> dimensions, Shape shape) {
        return extents(dimensions).equals(extents(shape.dimensions()));
    }

    private static List<Integer> extents(List<Integer> dimensions) {
        return dimensions.stream().filter(extent -> extent != 1).toList();
    }

    /** Every input fits the only output once its dimensions of 1 are repeated. */
    static void broadcast(Operator operator, Tensors tensors) {
        Tensor output = tensors.tensor(operator.output());
        for (int input : operator.inputs()) {
            Tensor tensor = tensors.tensor(input);
            require(
                    Repetition.fits(tensor.shape(), output.shape()),
                    "%s '%s' cannot repeat %s over %s.",
                    operator.kind(),
                    operator.name(),
                    tensor,
                    output);
        }
    }
}
