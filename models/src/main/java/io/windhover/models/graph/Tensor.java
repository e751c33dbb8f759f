// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;
import static io.windhover.models.ModelException.requirePresent;

import io.windhover.models.ModelException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One value of the network. Weights live inside operators; a constant tensor here is an operand such as the second
 * input of an addition.
 *
 * @param index its number in the source file, unique in the graph; operators refer to it
 * @param quantization null when the type is not quantised (INT32, FLOAT32, BITS)
 * @param constant its bytes, or null for an activation
 */
public record Tensor(
        int index,
        String name,
        TensorType type,
        Shape shape,
        @Nullable Quantization quantization,
        byte @Nullable [] constant) {
    public Tensor {
        require(index >= 0, "Tensor '%s' has the negative index %d.", name, index);
        require(
                type.bytes(shape) <= Integer.MAX_VALUE,
                "Tensor %d '%s' %s is larger than 2^31 - 1 bytes.",
                index,
                name,
                shape);
        require(
                constant == null || constant.length == type.bytes(shape),
                "Constant tensor %d '%s' %s holds the wrong number of bytes.",
                index,
                name,
                shape);
        if (type.isByte() && quantization != null) {
            for (int zeroPoint : quantization.zeroPoints()) {
                if (zeroPoint < type.minimum() || zeroPoint > type.maximum()) {
                    throw new ModelException(String.format(
                            "Tensor %d '%s' has zero point %d outside %s.", index, name, zeroPoint, type));
                }
            }
        }
    }

    /** The same elements under another shape of as many. */
    public Tensor withShape(Shape other) {
        return new Tensor(index, name, type, other, quantization, constant);
    }

    /** An activation of the same name, type and codes. */
    public Tensor activation(int otherIndex, Shape otherShape) {
        return new Tensor(otherIndex, name, type, otherShape, quantization, null);
    }

    public boolean isConstant() {
        return constant != null;
    }

    /** Size of its contents in bytes. */
    public int bytes() {
        return (int) type.bytes(shape);
    }

    /** Its scale and zero point; an error naming the tensor when it has none. */
    public Quantization requireQuantization() {
        return requirePresent(
                quantization, "Tensor %d '%s' has no quantisation; quantise the model first.", index, name);
    }

    /** What an element of its contents stands for; a code without quantisation for itself, a bit for 1 or -1. */
    public double real(ByteBuffer contents, int element) {
        return switch (type) {
            case INT8 -> dequantised(contents.get(element));
            case UINT8 -> dequantised(contents.get(element) & 255);
            case INT32 -> dequantised(contents.getInt(4 * element));
            case FLOAT32 -> contents.getFloat(4 * element);
            case INT64 -> contents.getLong(8 * element);
            case BOOL -> contents.get(element);
            case BITS -> (contents.get(element / 8) >> element % 8 & 1) * 2 - 1;
        };
    }

    private double dequantised(int code) {
        return quantization == null ? code : (double) quantization.scale() * (code - quantization.zeroPoint());
    }

    @Override
    public String toString() {
        return "tensor " + index + " '" + name + "' " + type + shape;
    }
}
