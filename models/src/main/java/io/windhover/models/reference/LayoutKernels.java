// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import java.util.Arrays;

/** Operators that put whole maps into larger ones, whatever the type of their elements. */
final class LayoutKernels {
    private LayoutKernels() {}

    static void reshape(Reshape operator, Values values) {
        values.set(operator.output(), values.bytes(operator.input()).clone());
    }

    static void pad(Pad operator, Values values) {
        Arrays.fill(values.bytes(operator.output()), (byte) operator.value());
        place(
                operator.input(),
                operator.output(),
                values,
                operator.padding().top(),
                operator.padding().left(),
                operator.channelsBefore());
    }

    static void concatenate(Concatenation operator, Values values) {
        int position = 0;
        for (int input : operator.inputs()) {
            Shape in = values.shape(input);
            switch (operator.axis()) {
                case HEIGHT -> place(input, operator.output(), values, position, 0, 0);
                case WIDTH -> place(input, operator.output(), values, 0, position, 0);
                case CHANNEL -> place(input, operator.output(), values, 0, 0, position);
            }
            position += switch (operator.axis()) {
                case HEIGHT -> in.height();
                case WIDTH -> in.width();
                case CHANNEL -> in.channels();
            };
        }
    }

    /** Copies a map into an output of the same type at this row, column and channel. */
    static void place(int inputIndex, int outputIndex, Values values, int top, int left, int firstChannel) {
        Shape in = values.shape(inputIndex);
        Shape out = values.shape(outputIndex);
        byte[] input = values.bytes(inputIndex);
        byte[] output = values.bytes(outputIndex);
        int elementBytes = values.elementBytes(inputIndex);
        for (int y = 0; y < in.height(); y++) {
            for (int x = 0; x < in.width(); x++) {
                int from = (y * in.width() + x) * in.channels();
                int to = ((y + top) * out.width() + x + left) * out.channels() + firstChannel;
                System.arraycopy(input, from * elementBytes, output, to * elementBytes, in.channels() * elementBytes);
            }
        }
    }
}
