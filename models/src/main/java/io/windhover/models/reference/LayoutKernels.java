package io.windhover.models.reference;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import java.util.Arrays;

/** Operators that only move codes. */
final class LayoutKernels {
    private LayoutKernels() {}

    static void reshape(Reshape operator, Values values) {
        values.set(operator.output(), values.bytes(operator.input()).clone());
    }

    static void pad(Pad operator, Values values) {
        byte[] output = values.bytes(operator.output());
        Arrays.fill(output, (byte) operator.value());
        place(values.bytes(operator.input()), values.shape(operator.input()), output, values.shape(operator.output()),
                operator.padding().top(), operator.padding().left(), operator.channelsBefore());
    }

    static void concatenate(Concatenation operator, Values values) {
        byte[] output = values.bytes(operator.output());
        Shape out = values.shape(operator.output());
        int position = 0;
        for (int index : operator.inputs()) {
            Shape in = values.shape(index);
            byte[] input = values.bytes(index);
            switch (operator.axis()) {
                case HEIGHT -> place(input, in, output, out, position, 0, 0);
                case WIDTH -> place(input, in, output, out, 0, position, 0);
                case CHANNEL -> place(input, in, output, out, 0, 0, position);
            }
            position += switch (operator.axis()) {
                case HEIGHT -> in.height();
                case WIDTH -> in.width();
                case CHANNEL -> in.channels();
            };
        }
    }

    private static void place(byte[] input, Shape in, byte[] output, Shape out, int top, int left, int firstChannel) {
        for (int y = 0; y < in.height(); y++) {
            for (int x = 0; x < in.width(); x++) {
                int from = (y * in.width() + x) * in.channels();
                int to = ((y + top) * out.width() + x + left) * out.channels() + firstChannel;
                System.arraycopy(input, from, output, to, in.channels());
            }
        }
    }
}
