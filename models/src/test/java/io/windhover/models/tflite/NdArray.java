// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import java.util.function.ToIntFunction;

/** Codes of a tensor of any rank, as an independent restatement of an operator reads and writes them. */
record NdArray(int[] shape, int[] codes) {
    static NdArray of(byte[] bytes, boolean unsigned, int... shape) {
        int[] codes = new int[bytes.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = unsigned ? bytes[i] & 0xFF : bytes[i];
        }
        return new NdArray(shape, codes);
    }

    static int elements(int... shape) {
        int elements = 1;
        for (int extent : shape) {
            elements *= extent;
        }
        return elements;
    }

    /** The array whose every element is this function of its index. */
    static NdArray generate(int[] shape, ToIntFunction<int[]> function) {
        int[] codes = new int[elements(shape)];
        for (int element = 0; element < codes.length; element++) {
            int[] index = new int[shape.length];
            int rest = element;
            for (int d = shape.length - 1; d >= 0; d--) {
                index[d] = rest % shape[d];
                rest /= shape[d];
            }
            codes[element] = function.applyAsInt(index);
        }
        return new NdArray(shape, codes);
    }

    /** The element at an index; the array broadcasts over an index of more dimensions or larger extents. */
    int at(int... index) {
        int missing = index.length - shape.length;
        int element = 0;
        for (int d = 0; d < shape.length; d++) {
            element = element * shape[d] + (shape[d] == 1 ? 0 : index[d + missing]);
        }
        return codes[element];
    }
}
