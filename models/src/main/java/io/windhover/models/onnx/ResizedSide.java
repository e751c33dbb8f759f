// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * One dimension of a map that is resized. Its positions are computed in single precision, step by step as ONNX Runtime
 * does: this decides which pixel is nearest where two are equally near.
 *
 * @param scale output positions for each input position, which need not be {@code to / from}
 */
record ResizedSide(int from, int to, float scale) {
    /** The height of a line. */
    static final ResizedSide SINGLE = new ResizedSide(1, 1, 1);

    private static final int LARGEST_SIZE = 1 << 16;

    /** All dimensions of a node's input, of which only the last two may change their size. */
    static ResizedSide[] all(Translation network, SourceNode node, MapView map) {
        int[] from = map.rank() == 4
                ? new int[] {1, map.channels(), map.height(), map.width()}
                : new int[] {1, map.channels(), map.width()};
        boolean isLater = node.operator().equals("Resize") && node.opset() >= 11;
        int[] axes = axes(node, from.length);
        ResizedSide[] all = isLater && node.hasInput(3)
                ? ofSizes(node, from, axes, network.constant(node, 3).integers())
                : ofScales(node, from, axes, scales(network, node, isLater ? 2 : 1));
        for (int d = 0; d < 2; d++) {
            node.require(
                    all[d].scale == 1,
                    "it scales dimension %d by %s; only height and width can be resized, so give it a scale of 1.",
                    d,
                    all[d].scale);
        }
        return all;
    }

    /** The dimensions that the node's sizes or scales are of; all, unless it names them. */
    private static int[] axes(SourceNode node, int rank) {
        long[] named = node.integers("axes");
        if (named == null) {
            return IntStream.range(0, rank).toArray();
        }
        int[] axes = Arrays.stream(named)
                .mapToInt(axis -> Dimensions.axis(axis, rank))
                .toArray();
        node.require(
                Arrays.stream(axes).distinct().count() == axes.length,
                "it names a dimension twice: %s.",
                Arrays.toString(named));
        return axes;
    }

    /** Sides that keep their size. */
    private static ResizedSide[] kept(int[] from) {
        return Arrays.stream(from)
                .mapToObj(size -> new ResizedSide(size, size, 1))
                .toArray(ResizedSide[]::new);
    }

    private static double[] scales(Translation network, SourceNode node, int input) {
        if (node.hasInput(input)) {
            return network.constant(node, input).reals();
        }
        float[] scales = node.requirePresent(node.reals("scales"), "it has no scales.");
        return IntStream.range(0, scales.length).mapToDouble(i -> scales[i]).toArray();
    }

    private static ResizedSide[] ofSizes(SourceNode node, int[] from, int[] axes, long[] sizes) {
        node.require(sizes.length == axes.length, "it has %d sizes for %d dimensions.", sizes.length, axes.length);
        ResizedSide[] all = kept(from);
        for (int i = 0; i < axes.length; i++) {
            int d = axes[i];
            requireSize(node, d, from[d], sizes[i]);
            all[d] = new ResizedSide(from[d], (int) sizes[i], (float) sizes[i] / from[d]);
        }
        return all;
    }

    private static ResizedSide[] ofScales(SourceNode node, int[] from, int[] axes, double[] scales) {
        node.require(scales.length == axes.length, "it has %d scales for %d dimensions.", scales.length, axes.length);
        ResizedSide[] all = kept(from);
        for (int i = 0; i < axes.length; i++) {
            int d = axes[i];
            float scale = (float) scales[i];
            node.require(
                    scale > 0 && scale <= LARGEST_SIZE,
                    "it scales dimension %d by %s; give it a scale above 0 and up to %d.",
                    d,
                    scale,
                    LARGEST_SIZE);
            long size = (long) (from[d] * scale);
            requireSize(node, d, from[d], size);
            all[d] = new ResizedSide(from[d], (int) size, scale);
        }
        return all;
    }

    private static void requireSize(SourceNode node, int dimension, int from, long size) {
        node.require(
                size >= 1 && size <= LARGEST_SIZE && (from <= LARGEST_SIZE || dimension < 2),
                "it resizes dimension %d from %d to %d; sizes of 1 to %d are supported.",
                dimension,
                from,
                size,
                LARGEST_SIZE);
    }

    /** Where output positions lie between the input's, none beyond its ends. */
    float[] positions(String coordinates) {
        float[] positions = new float[to];
        for (int i = 0; i < to; i++) {
            positions[i] = Math.max(0, Math.min(from - 1, position(coordinates, i)));
        }
        return positions;
    }

    /** The same before operator set 11, which named no ways to round: up where the side shrinks. */
    int[] nearest() {
        return nearest("asymmetric", scale < 1 ? "ceil" : "floor");
    }

    /** The input position that each output position repeats. */
    int[] nearest(String coordinates, String rounding) {
        int[] nearest = new int[to];
        for (int i = 0; i < to; i++) {
            double rounded = scale == 1 ? i : rounded(position(coordinates, i), rounding);
            nearest[i] = (int) Math.max(0, Math.min(from - 1, rounded));
        }
        return nearest;
    }

    private float position(String coordinates, float output) {
        if (scale == 1) {
            return output;
        }
        return switch (coordinates) {
            case "asymmetric" -> output / scale;
            case "align_corners" -> to > 1 ? output * (from - 1) / (to - 1) : 0;
            case "pytorch_half_pixel" -> to > 1 ? (output + 0.5f) / scale - 0.5f : 0;
            default -> (output + 0.5f) / scale - 0.5f;
        };
    }

    /** Halves are exact in double precision. */
    private static double rounded(double position, String rounding) {
        return switch (rounding) {
            case "floor" -> Math.floor(position);
            case "ceil" -> Math.ceil(position);
            case "round_prefer_ceil" -> Math.floor(position + 0.5);
            default -> Math.ceil(position - 0.5);
        };
    }
}
