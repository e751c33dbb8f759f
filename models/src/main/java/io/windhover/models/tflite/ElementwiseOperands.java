// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import java.util.Collections;

/**
 * The two operands of an element-wise operator, the first as large as the output and the second covering it the way
 * {@link io.windhover.models.graph.Broadcast} can say. What TFLite broadcasts otherwise is repeated first.
 *
 * @param swapped the file's second operand comes first
 */
record ElementwiseOperands(Tensor first, Tensor second, boolean swapped) {
    private static final int MOST_REPEATS = 4096;

    static ElementwiseOperands of(SourceOperator source, Sink sink) {
        Tensor output = source.output();
        Tensor left = sink.operand(source.source(0).index());
        Tensor right = sink.operand(source.source(1).index());
        source.require(left.type() == right.type(), "%s and %s have different types.", left, right);
        int difference = left.shape().elements() - right.shape().elements();
        boolean swapped = difference < 0 || (difference == 0 && left.isConstant());
        Expansion expansion = new Expansion(source, sink, output.shape());
        expansion.requireCovered(left, right);
        return new ElementwiseOperands(
                expansion.full(swapped ? right : left), expansion.covering(swapped ? left : right), swapped);
    }

    /** PRELU: the input, and slopes that cover it. */
    static ElementwiseOperands ofSlopes(SourceOperator source, Sink sink) {
        ElementwiseOperands operands = of(source, sink);
        source.require(
                !operands.swapped()
                        && operands.first().index() == source.input(0).index(),
                "its slopes, %s, do not fit %s.",
                source.source(1),
                source.source(0));
        return operands;
    }

    int[] indexes() {
        return new int[] {first.index(), second.index()};
    }

    /** Repeats a tensor along dimensions of 1 until it covers the output. */
    private record Expansion(SourceOperator source, Sink sink, Shape output) {
        /** Refuses an output that is larger along some dimension than both operands: TFLite does not repeat both. */
        void requireCovered(Tensor left, Tensor right) {
            int[] first = aligned(left);
            int[] second = aligned(right);
            for (int d = 0; d < first.length; d++) {
                source.require(
                        Math.max(first[d], second[d]) == output.dimensions().get(d),
                        "%s and %s do not make its output %s.",
                        left,
                        right,
                        output);
            }
        }

        /** As large as the output. */
        Tensor full(Tensor tensor) {
            int[] dimensions = aligned(tensor);
            if (tensor.shape().elements() == output.elements()) {
                return tensor;
            }
            return tensor.isConstant() ? repeatedConstant(tensor, dimensions) : repeated(tensor, dimensions);
        }

        /**
         * As it is when it is one value, one per channel, one per pixel or one for each element; otherwise repeated.
         */
        Tensor covering(Tensor tensor) {
            int[] dimensions = aligned(tensor);
            int rank = dimensions.length;
            boolean scalar = tensor.shape().elements() == 1;
            boolean channels = rank > 0 && tensor.shape().elements() == dimensions[rank - 1];
            boolean pixels = rank > 0
                    && dimensions[rank - 1] == 1
                    && tensor.shape().elements() == output.elements() / output.channels();
            return scalar || channels || pixels ? tensor : full(tensor);
        }

        /** Its dimensions with ones before them, as many as the output has. */
        private int[] aligned(Tensor tensor) {
            int missing = output.rank() - tensor.shape().rank();
            source.require(missing >= 0, "%s has more dimensions than its output %s.", tensor, output);
            int[] dimensions = new int[output.rank()];
            for (int d = 0; d < dimensions.length; d++) {
                dimensions[d] = d < missing ? 1 : tensor.shape().dimensions().get(d - missing);
                source.require(
                        dimensions[d] == 1
                                || dimensions[d] == output.dimensions().get(d),
                        "%s does not fit its output %s.",
                        tensor,
                        output);
            }
            return dimensions;
        }

        private Tensor repeatedConstant(Tensor tensor, int[] dimensions) {
            source.require(
                    source.model().budget().spendComputed(tensor.type().bytes(output)),
                    "%s is repeated too often.",
                    tensor);
            int elementBytes = tensor.bytes() / tensor.shape().elements();
            byte[] contents = new byte[(int) tensor.type().bytes(output)];
            for (int element = 0; element < output.elements(); element++) {
                int from = origin(element, dimensions) * elementBytes;
                System.arraycopy(tensor.constant(), from, contents, element * elementBytes, elementBytes);
            }
            return sink.constant(tensor, output, contents);
        }

        /** The element that covers this one of the output. */
        private int origin(int element, int[] dimensions) {
            int origin = 0;
            int stride = 1;
            int rest = element;
            for (int d = dimensions.length - 1; d >= 0; d--) {
                int extent = output.dimensions().get(d);
                origin += dimensions[d] == 1 ? 0 : rest % extent * stride;
                stride *= dimensions[d];
                rest /= extent;
            }
            return origin;
        }

        private Tensor repeated(Tensor tensor, int[] dimensions) {
            Tensor current = sink.view(tensor, Shape.of(dimensions));
            int[] shape = dimensions.clone();
            for (int d = 0; d < shape.length; d++) {
                int times = output.dimensions().get(d) / shape[d];
                if (times > 1) {
                    source.require(
                            times <= MOST_REPEATS
                                    && source.model().budget().spendComputed((long) times * Integer.BYTES),
                            "%s is repeated %d times.",
                            tensor,
                            times);
                    shape[d] *= times;
                    Tensor wider = sink.like(tensor, Shape.of(shape));
                    Joining.join(sink, Collections.nCopies(times, current), d, wider);
                    current = wider;
                }
            }
            return current;
        }
    }
}
