// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.graph.ArgMax;
import io.windhover.models.graph.CumulativeSum;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TopK;
import java.util.Arrays;
import java.util.Comparator;

/** Operators along an axis: the largest or smallest elements, and sums that go on. */
final class HostOrderKernels {
    private HostOrderKernels() {}

    /** The rows along an axis: their length, how many there are, and where each one's elements lie. */
    private record Rows(int length, int after, int count) {
        static Rows of(Shape shape, int axis) {
            int after = 1;
            for (int d = axis + 1; d < shape.rank(); d++) {
                after *= shape.dimensions().get(d);
            }
            int length = shape.dimensions().get(axis);
            return new Rows(length, after, shape.elements() / length);
        }

        int element(int row, int position) {
            return (row / after * length + position) * after + row % after;
        }
    }

    static void argMax(ArgMax operator, Values values) {
        Elements input = new Elements(values, operator.input());
        Elements output = new Elements(values, operator.output());
        Rows rows = Rows.of(input.shape(), operator.axis());
        int sign = operator.smallest() ? -1 : 1;
        for (int row = 0; row < rows.count(); row++) {
            int best = 0;
            for (int position = 1; position < rows.length(); position++) {
                int order = sign * input.compare(rows.element(row, position), input, rows.element(row, best));
                best = order > 0 || (order == 0 && operator.last() && isNumber(input, rows.element(row, position)))
                        ? position
                        : best;
            }
            output.set(row, (long) best);
        }
    }

    private static boolean isNumber(Elements elements, int index) {
        return !elements.isReal() || !Float.isNaN(elements.real(index));
    }

    static void topK(TopK operator, Values values) {
        Elements input = new Elements(values, operator.input());
        Elements best = new Elements(values, operator.outputs()[0]);
        Elements positions = new Elements(values, operator.outputs()[1]);
        Rows rows = Rows.of(input.shape(), operator.axis());
        Rows kept = Rows.of(best.shape(), operator.axis());
        Integer[] order = new Integer[rows.length()];
        for (int row = 0; row < rows.count(); row++) {
            Cancellation.check();
            int current = row;
            Arrays.setAll(order, i -> i);
            Comparator<Integer> ascending =
                    (a, b) -> ordered(input, rows.element(current, a), rows.element(current, b));
            Arrays.sort(order, operator.largest() ? ascending.reversed() : ascending);
            for (int i = 0; i < kept.length(); i++) {
                best.copy(input, rows.element(row, order[i]), kept.element(row, i));
                positions.set(kept.element(row, i), (long) order[i]);
            }
        }
    }

    static void cumulativeSum(CumulativeSum operator, Values values) {
        Elements input = new Elements(values, operator.input());
        Elements output = new Elements(values, operator.output());
        Rows rows = Rows.of(input.shape(), operator.axis());
        for (int row = 0; row < rows.count(); row++) {
            float real = 0;
            long integer = 0;
            for (int i = 0; i < rows.length(); i++) {
                int element = rows.element(row, operator.reverse() ? rows.length() - 1 - i : i);
                float realBefore = real;
                long integerBefore = integer;
                if (input.isReal()) {
                    real += input.real(element);
                    output.set(element, operator.exclusive() ? realBefore : real);
                } else {
                    integer += input.integer(element);
                    output.set(element, operator.exclusive() ? integerBefore : integer);
                }
            }
        }
    }

    /** A total order: NaN is above everything. */
    private static int ordered(Elements elements, int first, int second) {
        if (elements.isReal() && (Float.isNaN(elements.real(first)) || Float.isNaN(elements.real(second)))) {
            return Boolean.compare(Float.isNaN(elements.real(first)), Float.isNaN(elements.real(second)));
        }
        return elements.compare(first, elements, second);
    }
}
