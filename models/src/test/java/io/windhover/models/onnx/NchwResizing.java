// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.onnx.NchwValues.Array;
import java.util.Arrays;

/** Resize of the last two of four dimensions: positions in single precision, values between them in double. */
final class NchwResizing {
    private final OnnxNetwork.Node node;
    private final boolean old;

    private NchwResizing(OnnxNetwork.Node node, boolean old) {
        this.node = node;
        this.old = old;
    }

    /** One dimension's scale and extents. */
    private record Side(float scale, int from, int to) {
        static Side of(Array x, Array scales, Array sizes, int dimension) {
            int from = x.shape()[dimension];
            if (sizes != null) {
                int to = (int) sizes.values()[dimension];
                return new Side((float) to / from, from, to);
            }
            float scale = (float) scales.values()[dimension];
            return new Side(scale, from, (int) (from * scale));
        }
    }

    /** {@code old}: by the definitions before operator set 11. */
    static Array of(OnnxNetwork.Node node, boolean old, Array x, Array scales, Array sizes) {
        NchwResizing resizing = new NchwResizing(node, old);
        Side rows = Side.of(x, scales, sizes, 2);
        Side columns = Side.of(x, scales, sizes, 3);
        int[] shape = {x.shape()[0], x.shape()[1], rows.to, columns.to};
        double[] result = new double[NchwValues.count(shape)];
        Arrays.setAll(result, i -> {
            int[] at = NchwValues.coordinates(shape, i);
            double y = resizing.position(rows, at[2]);
            double across = resizing.position(columns, at[3]);
            return between(x, at[1], y, across);
        });
        return new Array(shape, result);
    }

    private static double between(Array x, int channel, double y, double across) {
        int top = (int) y;
        int left = (int) across;
        int bottom = (int) Math.ceil(y);
        int right = (int) Math.ceil(across);
        double upper =
                x.at(0, channel, top, left) * (left + 1 - across) + x.at(0, channel, top, right) * (across - left);
        double lower = x.at(0, channel, bottom, left) * (left + 1 - across)
                + x.at(0, channel, bottom, right) * (across - left);
        return upper * (top + 1 - y) + lower * (y - top);
    }

    private double position(Side side, int to) {
        float place = side.scale == 1 ? to : place(side, to);
        double sampled = text("mode", "nearest").equals("nearest") ? nearest(side, place) : place;
        return Math.max(0, Math.min(side.from - 1, sampled));
    }

    private String text(String name, String otherwise) {
        return (String) node.attributes().getOrDefault(name, otherwise);
    }

    private float place(Side side, float to) {
        return switch (old ? "asymmetric" : text("coordinate_transformation_mode", "half_pixel")) {
            case "asymmetric" -> to / side.scale;
            case "align_corners" -> side.to == 1 ? 0 : to * (side.from - 1) / (side.to - 1);
            case "pytorch_half_pixel" -> side.to == 1 ? 0 : (to + 0.5f) / side.scale - 0.5f;
            default -> (to + 0.5f) / side.scale - 0.5f;
        };
    }

    private double nearest(Side side, float place) {
        if (old) {
            return side.scale < 1 ? Math.ceil(place) : Math.floor(place);
        }
        double below = Math.floor(place);
        double share = place - below;
        return switch (text("nearest_mode", "round_prefer_floor")) {
            case "floor" -> below;
            case "ceil" -> share > 0 ? below + 1 : below;
            case "round_prefer_ceil" -> share < 0.5 ? below : below + 1;
            default -> share > 0.5 ? below + 1 : below;
        };
    }
}
