// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.Gather;
import io.windhover.models.graph.Repetition;
import io.windhover.models.graph.Select;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tile;

/** Elements that move as other elements say, whatever their type and rank. */
final class HostMoveKernels {
    private HostMoveKernels() {}

    static void gather(Gather operator, Values values) {
        Elements data = new Elements(values, operator.inputs()[0]);
        Elements positions = new Elements(values, operator.inputs()[1]);
        Elements output = new Elements(values, operator.output());
        Shape from = data.shape();
        int shared = product(from, 0, operator.batch());
        int before = product(from, operator.batch(), operator.axis());
        int extent = from.dimensions().get(operator.axis());
        int after = product(from, operator.axis() + 1, from.rank());
        int chosen = positions.count() / shared;
        int to = 0;
        for (int b = 0; b < shared; b++) {
            for (int outer = 0; outer < before; outer++) {
                for (int i = 0; i < chosen; i++) {
                    int position = position(operator, positions.integer(b * chosen + i), extent);
                    output.copy(data, ((b * before + outer) * extent + position) * after, to, after);
                    to += after;
                }
            }
        }
    }

    private static int position(Gather operator, long given, int extent) {
        long position = operator.fromEnd() && given < 0 ? given + extent : given;
        require(
                position >= 0 && position < extent,
                "Gather '%s' is asked for element %d of a dimension of %d.",
                operator.name(),
                given,
                extent);
        return (int) position;
    }

    private static int product(Shape shape, int first, int end) {
        return shape.dimensions().subList(first, end).stream().reduce(1, (a, b) -> a * b);
    }

    static void select(Select operator, Values values) {
        Elements condition = new Elements(values, operator.inputs()[0]);
        Elements first = new Elements(values, operator.inputs()[1]);
        Elements second = new Elements(values, operator.inputs()[2]);
        Elements output = new Elements(values, operator.output());
        Repetition which = Repetition.of(condition.shape(), output.shape());
        Repetition ofFirst = Repetition.of(first.shape(), output.shape());
        Repetition ofSecond = Repetition.of(second.shape(), output.shape());
        for (int i = 0; i < output.count(); i++) {
            if (condition.isTrue(which.partner(i))) {
                output.copy(first, ofFirst.partner(i), i);
            } else {
                output.copy(second, ofSecond.partner(i), i);
            }
        }
    }

    static void tile(Tile operator, Values values) {
        Elements input = new Elements(values, operator.input());
        Elements output = new Elements(values, operator.output());
        int[] from = input.shape().toArray();
        int[] to = output.shape().toArray();
        for (int i = 0; i < output.count(); i++) {
            int rest = i;
            int stride = 1;
            int origin = 0;
            for (int d = to.length - 1; d >= 0; d--) {
                origin += rest % to[d] % from[d] * stride;
                rest /= to[d];
                stride *= from[d];
            }
            output.copy(input, origin, i);
        }
    }
}
