// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

/**
 * A constant of a type that nothing here computes with, such as text. A file may hold it as long as no operator reads
 * it.
 *
 * @param elementType ONNX's number of its type
 */
record UnreadConstant(long elementType, int[] dimensions) implements NamedValue {
    /** Why it cannot be read; {@code what} names it. */
    String refusal(String what) {
        return what + " has element type " + ElementType.name(elementType)
                + ", which is not supported; export it as float, int8 or uint8.";
    }
}
