// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.MirrorPad;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import java.util.Arrays;

/** PAD and PADV2, also of tensors that are no maps, and MIRROR_PAD of maps. */
final class PadImporter {
    private static final int REFLECT = 0;
    private static final int SYMMETRIC = 1;

    private PadImporter() {}

    static void readPad(SourceOperator source, Sink sink) {
        pad(source, sink, source.quantization(source.output()).zeroPoint());
    }

    /** PADV2: with a code of its own. */
    static void readPadV2(SourceOperator source, Sink sink) {
        Tensor value = sink.operand(source.source(2).index());
        byte[] code = value.constant();
        if (code == null || code.length != 1 || value.type() != source.output().type()) {
            throw source.refuse("the value it pads with, %s, is not one constant code of its output's type.", value);
        }
        pad(source, sink, code[0] & (value.type().minimum() == 0 ? 0xFF : -1));
    }

    private static void pad(SourceOperator source, Sink sink, int code) {
        int[] each = Amounts.read(source);
        if (Amounts.areOfMap(each, source.input(0).shape())) {
            Amounts amounts = Amounts.of(source);
            sink.add(new Pad(
                    source.name(),
                    source.firstInput(),
                    source.outputIndexes(),
                    amounts.padding(),
                    amounts.channelsBefore(),
                    amounts.channelsAfter(),
                    code));
            return;
        }
        source.require(each[0] == 0 && each[1] == 0, "it pads the batch.");
        Tensor padded = sink.operand(source.source(0).index());
        for (int d = 1; d < padded.shape().rank(); d++) {
            if (each[2 * d] != 0 || each[2 * d + 1] != 0) {
                padded = pad(source, sink, padded, d, each, code);
            }
        }
        sink.reshape(padded, source.output());
    }

    /** One dimension, as the columns of a map. */
    private static Tensor pad(SourceOperator source, Sink sink, Tensor value, int dimension, int[] amounts, int code) {
        int before = amounts[2 * dimension];
        int after = amounts[2 * dimension + 1];
        int[] sizes =
                value.shape().dimensions().stream().mapToInt(Integer::intValue).toArray();
        sizes[dimension] += before + after;
        Shape larger = Shape.of(sizes);
        Tensor map = sink.view(value, Joining.around(value.shape(), dimension));
        Tensor made = sink.like(source.output(), Joining.around(larger, dimension));
        sink.add(new Pad(
                made.name(),
                new int[] {map.index()},
                new int[] {made.index()},
                new Padding(0, before, 0, after),
                0,
                0,
                code));
        return sink.view(sink.operand(made.index()), larger);
    }

    static void readMirrorPad(SourceOperator source, Sink sink) {
        int mode = source.byteOption(Schema.MirrorPadOptions.MODE, 0);
        source.require(mode == REFLECT || mode == SYMMETRIC, "its mode number %d is unknown.", mode);
        Amounts amounts = Amounts.of(source);
        source.require(amounts.channelsBefore() == 0 && amounts.channelsAfter() == 0, "it mirrors channels.");
        sink.add(new MirrorPad(
                source.name(), source.firstInput(), source.outputIndexes(), amounts.padding(), mode == SYMMETRIC));
    }

    /** What is added on each side of a map. */
    record Amounts(Padding padding, int channelsBefore, int channelsAfter) {
        static Amounts of(SourceOperator source) {
            int[] amounts = read(source);
            source.require(
                    areOfMap(amounts, source.input(0).shape()),
                    "it pads other dimensions of %s than those of a map.",
                    source.input(0));
            Padding padding = new Padding(at(amounts, 6), at(amounts, 4), at(amounts, 5), at(amounts, 3));
            return new Amounts(padding, at(amounts, 2), at(amounts, 1));
        }

        /** Before and after each dimension. */
        static int[] read(SourceOperator source) {
            Tensor input = source.input(0);
            int[] amounts = source.integers(1);
            source.require(
                    amounts.length == 2 * input.shape().rank(), "it has %d amounts for %s.", amounts.length, input);
            return amounts;
        }

        /** True where nothing is added before the last three dimensions, nor to rows of several maps. */
        static boolean areOfMap(int[] amounts, Shape shape) {
            int maps = Math.max(0, shape.rank() - 3);
            boolean rows = shape.rank() >= 3 && (amounts[2 * maps] != 0 || amounts[2 * maps + 1] != 0);
            return Arrays.stream(amounts, 0, 2 * maps).allMatch(amount -> amount == 0)
                    && (!rows || Joining.product(shape, 0, maps) == 1);
        }

        private static int at(int[] amounts, int fromEnd) {
            return fromEnd <= amounts.length ? amounts[amounts.length - fromEnd] : 0;
        }
    }
}
