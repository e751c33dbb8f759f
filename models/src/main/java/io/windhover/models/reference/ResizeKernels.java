// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.arithmetic.Resampling;
import io.windhover.models.arithmetic.Resampling.Position;
import io.windhover.models.arithmetic.Resampling.RealPosition;
import io.windhover.models.graph.FloatInterpolation;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Resizing by interpolation: INT8 in fixed point, UINT8 and FLOAT32 in single precision, as TFLite does. */
final class ResizeKernels {
    private final Shape in;
    private final Shape out;

    private ResizeKernels(Operator operator, Values values) {
        in = values.shape(operator.input());
        out = values.shape(operator.output());
    }

    static void run(Resize operator, Values values) {
        if (operator.mode() == Resize.Mode.NEAREST) {
            GatherKernels.resizeNearest(operator, values);
            return;
        }
        ResizeKernels kernel = new ResizeKernels(operator, values);
        TensorType type = values.tensor(operator.input()).type();
        switch (type) {
            case INT8 -> kernel.fixedPoint(operator, values.bytes(operator.input()), values.bytes(operator.output()));
            case UINT8 ->
                kernel.unsigned(operator, values.centred(operator.input(), 0), values.bytes(operator.output()));
            default ->
                kernel.real(
                        kernel.rows(operator),
                        kernel.columns(operator),
                        values.words(operator.input()),
                        values.words(operator.output()));
        }
    }

    static void run(FloatInterpolation operator, Values values) {
        new ResizeKernels(operator, values)
                .real(
                        positions(operator.rows()),
                        positions(operator.columns()),
                        values.words(operator.input()),
                        values.words(operator.output()));
    }

    private static RealPosition[] positions(float[] all) {
        RealPosition[] positions = new RealPosition[all.length];
        Arrays.setAll(positions, i -> {
            int lower = (int) all[i];
            return new RealPosition(lower, (int) Math.ceil(all[i]), all[i] - lower);
        });
        return positions;
    }

    private RealPosition[] rows(Resize operator) {
        RealPosition[] rows = new RealPosition[out.height()];
        Arrays.setAll(
                rows,
                y -> Resampling.betweenReal(
                        y, in.height(), rows.length, operator.alignCorners(), operator.halfPixelCenters()));
        return rows;
    }

    private RealPosition[] columns(Resize operator) {
        RealPosition[] columns = new RealPosition[out.width()];
        Arrays.setAll(
                columns,
                x -> Resampling.betweenReal(
                        x, in.width(), columns.length, operator.alignCorners(), operator.halfPixelCenters()));
        return columns;
    }

    private void fixedPoint(Resize operator, byte[] input, byte[] output) {
        Position[] rows = new Position[out.height()];
        Arrays.setAll(
                rows,
                y -> Resampling.between(
                        y, in.height(), rows.length, operator.alignCorners(), operator.halfPixelCenters()));
        Position[] columns = new Position[out.width()];
        Arrays.setAll(
                columns,
                x -> Resampling.between(
                        x, in.width(), columns.length, operator.alignCorners(), operator.halfPixelCenters()));
        int to = 0;
        for (Position y : rows) {
            for (Position x : columns) {
                for (int c = 0; c < in.channels(); c++) {
                    long sum = (long) input[element(y.lower(), x.lower(), c)] * y.lowerWeight() * x.lowerWeight()
                            + (long) input[element(y.upper(), x.lower(), c)] * y.upperWeight() * x.lowerWeight()
                            + (long) input[element(y.lower(), x.upper(), c)] * y.lowerWeight() * x.upperWeight()
                            + (long) input[element(y.upper(), x.upper(), c)] * y.upperWeight() * x.upperWeight();
                    long one = (long) Resampling.ONE * Resampling.ONE;
                    output[to++] = (byte) ((sum + (sum > 0 ? one / 2 : -one / 2)) / one);
                }
            }
        }
    }

    /** What four values and their single-precision shares become. */
    @FunctionalInterface
    private interface Sink {
        void put(int element, float topLeft, float bottomLeft, float topRight, float bottomRight);
    }

    private void unsigned(Resize operator, int[] input, byte[] output) {
        interpolate(
                rows(operator),
                columns(operator),
                element -> input[element],
                (to, topLeft, bottomLeft, topRight, bottomRight) ->
                        output[to] = (byte) (int) (topLeft + bottomLeft + topRight + bottomRight + 0.5f));
    }

    private void real(RealPosition[] rows, RealPosition[] columns, ByteBuffer input, ByteBuffer output) {
        interpolate(
                rows,
                columns,
                element -> input.getFloat(element * Float.BYTES),
                (to, topLeft, bottomLeft, topRight, bottomRight) ->
                        output.putFloat(to * Float.BYTES, topLeft + bottomLeft + topRight + bottomRight));
    }

    @FunctionalInterface
    private interface Elements {
        float get(int element);
    }

    private void interpolate(RealPosition[] rows, RealPosition[] columns, Elements input, Sink output) {
        int to = 0;
        for (RealPosition y : rows) {
            for (RealPosition x : columns) {
                for (int c = 0; c < in.channels(); c++) {
                    output.put(
                            to++,
                            input.get(element(y.lower(), x.lower(), c)) * y.lowerWeight() * x.lowerWeight(),
                            input.get(element(y.upper(), x.lower(), c)) * y.upperWeight() * x.lowerWeight(),
                            input.get(element(y.lower(), x.upper(), c)) * y.lowerWeight() * x.upperWeight(),
                            input.get(element(y.upper(), x.upper(), c)) * y.upperWeight() * x.upperWeight());
                }
            }
        }
    }

    private int element(int y, int x, int c) {
        return (y * in.width() + x) * in.channels() + c;
    }
}
