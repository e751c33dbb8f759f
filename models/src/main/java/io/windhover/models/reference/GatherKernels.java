// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.arithmetic.Resampling;
import io.windhover.models.graph.DepthToSpace;
import io.windhover.models.graph.MirrorPad;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.SpaceToDepth;
import io.windhover.models.graph.Transpose;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Operators whose every output element is one of the input's, whatever its type. */
final class GatherKernels {
    private GatherKernels() {}

    /** Which element of the input an output position takes. */
    @FunctionalInterface
    private interface Origin {
        int element(int y, int x, int c);
    }

    static void slice(Slice operator, Values values) {
        Shape in = values.shape(operator.input());
        gather(
                operator,
                values,
                (y, x, c) -> element(
                        in,
                        operator.top() + y * operator.strideY(),
                        operator.left() + x * operator.strideX(),
                        operator.channel() + c * operator.strideChannel()));
    }

    static void mirrorPad(MirrorPad operator, Values values) {
        Shape in = values.shape(operator.input());
        Shape out = values.shape(operator.output());
        pick(
                operator,
                values,
                positions(out.height(), y -> mirrored(y - operator.padding().top(), in.height(), operator.symmetric())),
                positions(out.width(), x -> mirrored(x - operator.padding().left(), in.width(), operator.symmetric())));
    }

    private static int mirrored(int position, int extent, boolean symmetric) {
        int repeated = symmetric ? 1 : 0;
        if (position < 0) {
            return -position - repeated;
        }
        return position < extent ? position : 2 * (extent - 1) - position + repeated;
    }

    static void spaceToDepth(SpaceToDepth operator, Values values) {
        Shape in = values.shape(operator.input());
        int block = operator.block();
        gather(operator, values, (y, x, c) -> {
            int place = c / in.channels();
            return element(in, y * block + place / block, x * block + place % block, c % in.channels());
        });
    }

    static void depthToSpace(DepthToSpace operator, Values values) {
        Shape in = values.shape(operator.input());
        int channels = values.shape(operator.output()).channels();
        int block = operator.block();
        gather(
                operator,
                values,
                (y, x, c) -> element(in, y / block, x / block, (y % block * block + x % block) * channels + c));
    }

    static void resizeNearest(Resize operator, Values values) {
        Shape in = values.shape(operator.input());
        Shape out = values.shape(operator.output());
        boolean corners = operator.alignCorners();
        boolean centers = operator.halfPixelCenters();
        pick(
                operator,
                values,
                positions(out.height(), y -> Resampling.nearest(y, in.height(), out.height(), corners, centers)),
                positions(out.width(), x -> Resampling.nearest(x, in.width(), out.width(), corners, centers)));
    }

    private static int[] positions(int count, IntUnaryOperator origin) {
        return IntStream.range(0, count).map(origin).toArray();
    }

    /** Makes a map out of these rows and columns of the input. */
    private static void pick(Operator operator, Values values, int[] rows, int[] columns) {
        Shape in = values.shape(operator.input());
        gather(operator, values, (y, x, c) -> element(in, rows[y], columns[x], c));
    }

    private static int element(Shape shape, int y, int x, int c) {
        return (y * shape.width() + x) * shape.channels() + c;
    }

    private static void gather(Operator operator, Values values, Origin origin) {
        Shape out = values.shape(operator.output());
        Copy copy = Copy.of(operator, values);
        int height = out.height();
        int to = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < out.width(); x++) {
                for (int c = 0; c < out.channels(); c++) {
                    copy.element(origin.element(y, x, c), to++);
                }
            }
        }
    }

    static void transpose(Transpose operator, Values values) {
        int[] from = strides(operator.from(values::tensor));
        int[] to = strides(operator.to(values::tensor));
        Copy copy = Copy.of(operator, values);
        int elements = values.shape(operator.output()).elements();
        for (int element = 0; element < elements; element++) {
            int origin = 0;
            int rest = element;
            for (int d = 0; d < to.length; d++) {
                origin += rest / to[d] * from[operator.permutation()[d]];
                rest %= to[d];
            }
            copy.element(origin, element);
        }
    }

    /** Elements from one index of each dimension to the next. */
    private static int[] strides(Shape shape) {
        int[] strides = new int[shape.rank()];
        int stride = 1;
        for (int d = strides.length - 1; d >= 0; d--) {
            strides[d] = stride;
            stride *= shape.dimensions().get(d);
        }
        return strides;
    }

    /** From a tensor to another of the same type. */
    private record Copy(byte[] input, byte[] output, int elementBytes) {
        static Copy of(Operator operator, Values values) {
            return new Copy(
                    values.bytes(operator.input()),
                    values.bytes(operator.output()),
                    values.elementBytes(operator.input()));
        }

        void element(int from, int to) {
            System.arraycopy(input, from * elementBytes, output, to * elementBytes, elementBytes);
        }
    }
}
