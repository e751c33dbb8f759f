// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.arithmetic.Resampling;
import io.windhover.models.graph.FloatInterpolation;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;

/**
 * Resize and Upsample. ONNX has more ways to place samples than TFLite. Where one of TFLite's ways takes them from the
 * same places, for the node's sizes, it becomes that, whatever the names; else slices of whole rows and columns, or an
 * interpolation between listed positions.
 */
final class ResizeNodes {
    private static final double TOLERANCE = 1e-4;
    /** TFLite's ways: whether corners are aligned, and whether pixels are taken at their centres. */
    private static final boolean[][] FORMS = {{false, false}, {false, true}, {true, false}};

    private final Translation network;
    private final SourceNode node;
    private final Activation value;
    private final MapView map;
    private final ResizedSide rows;
    private final ResizedSide columns;

    private ResizeNodes(Translation network, SourceNode node) {
        this.network = network;
        this.node = node;
        value = network.any(node, 0);
        map = MapView.of(network, node, value);
        ResizedSide[] sides = ResizedSide.all(network, node, map);
        rows = map.rank() == 4 ? sides[2] : ResizedSide.SINGLE;
        columns = sides[sides.length - 1];
    }

    static void read(Translation network, SourceNode node) {
        boolean linear = !node.choice("mode", "nearest", "linear", "bilinear").equals("nearest");
        node.require(node.integer("antialias", 0) == 0, "it filters against aliasing.");
        node.require(
                node.choice("keep_aspect_ratio_policy", "stretch", "not_larger", "not_smaller")
                        .equals("stretch"),
                "it keeps the aspect ratio.");
        String coordinates = node.choice(
                "coordinate_transformation_mode", "half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric");
        String rounding = node.choice("nearest_mode", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil");
        ResizeNodes resize = new ResizeNodes(network, node);
        boolean old = node.operator().equals("Upsample") || node.opset() < 11;
        if (linear) {
            resize.interpolate(old ? "asymmetric" : coordinates);
        } else if (old) {
            resize.repeat(resize.rows.nearest(), resize.columns.nearest());
        } else {
            resize.repeat(resize.rows.nearest(coordinates, rounding), resize.columns.nearest(coordinates, rounding));
        }
    }

    private void interpolate(String coordinates) {
        float[] y = rows.positions(coordinates);
        float[] x = columns.positions(coordinates);
        for (boolean[] form : FORMS) {
            if (isLike(form, rows, y) && isLike(form, columns, x)) {
                resize(Resize.Mode.BILINEAR, form);
                return;
            }
        }
        emit((name, inputs, outputs) -> new FloatInterpolation(name, inputs, outputs, y, x));
    }

    private static boolean isLike(boolean[] form, ResizedSide side, float[] positions) {
        boolean same = true;
        for (int i = 0; i < positions.length && same; i++) {
            float position = Resampling.betweenReal(i, side.from(), side.to(), form[0], form[1])
                    .position();
            same = Math.abs(position - positions[i]) < TOLERANCE;
        }
        return same;
    }

    private void repeat(int[] y, int[] x) {
        for (boolean[] form : FORMS) {
            if (isLike(form, rows, y) && isLike(form, columns, x)) {
                resize(Resize.Mode.NEAREST, form);
                return;
            }
        }
        int rank = map.rank();
        Activation selected = rank == 4 ? Selection.of(network, node, value, rank - 2, y) : value;
        MovingNodes.finish(network, node, value, Selection.of(network, node, selected, rank - 1, x));
    }

    private static boolean isLike(boolean[] form, ResizedSide side, int[] positions) {
        boolean same = true;
        for (int i = 0; i < positions.length && same; i++) {
            same = Resampling.nearest(i, side.from(), side.to(), form[0], form[1]) == positions[i];
        }
        return same;
    }

    private void resize(Resize.Mode mode, boolean[] form) {
        emit((name, inputs, outputs) -> new Resize(name, inputs, outputs, mode, form[0], form[1]));
    }

    private void emit(DirectStep.Factory factory) {
        Activation result = network.emit(
                node,
                Shape.map(rows.to(), columns.to(), map.channels()),
                map.layout(rows.to(), columns.to(), map.channels()),
                factory,
                map.tensorId());
        QuantizeNodes.keepCodes(network, value, result, node);
    }
}
