// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.MirrorPad;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Tensor;

/** PAD, PADV2 and MIRROR_PAD of maps. */
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
        Amounts amounts = Amounts.of(source);
        sink.add(new Pad(
                source.name(),
                source.firstInput(),
                source.outputIndexes(),
                amounts.padding(),
                amounts.channelsBefore(),
                amounts.channelsAfter(),
                code));
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
            Tensor input = source.input(0);
            int rank = input.shape().rank();
            int[] amounts = source.integers(1);
            source.require(amounts.length == 2 * rank, "it has %d amounts for %s.", amounts.length, input);
            for (int d = 0; d < rank - 3; d++) {
                source.require(amounts[2 * d] == 0 && amounts[2 * d + 1] == 0, "it pads the batch.");
            }
            boolean rows = rank >= 3 && (amounts[2 * rank - 6] != 0 || amounts[2 * rank - 5] != 0);
            source.require(
                    !rows || Joining.product(input.shape(), 0, rank - 3) == 1,
                    "it pads an inner dimension of %s.",
                    input);
            Padding padding = new Padding(at(amounts, 6), at(amounts, 4), at(amounts, 5), at(amounts, 3));
            return new Amounts(padding, at(amounts, 2), at(amounts, 1));
        }

        private static int at(int[] amounts, int fromEnd) {
            return fromEnd <= amounts.length ? amounts[amounts.length - fromEnd] : 0;
        }
    }
}
