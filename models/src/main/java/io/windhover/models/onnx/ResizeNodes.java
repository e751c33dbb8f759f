// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Resize and Upsample. ONNX has more ways to place samples than TFLite. A node is accepted when, for its sizes, one of
 * TFLite's ways takes its samples from the same places, whatever the names.
 */
final class ResizeNodes {
    private static final double TOLERANCE = 1e-4;
    private static final int LARGEST_SIDE = 1 << 16;

    private ResizeNodes() {}

    /** Where one side's samples come from. */
    @FunctionalInterface
    private interface Places {
        double of(int position);
    }

    static void read(Translation network, SourceNode node) {
        Activation value = network.any(node, 0);
        MapView map = MapView.of(network, node, value);
        boolean linear = !node.choice("mode", "nearest", "linear", "bilinear").equals("nearest");
        node.require(
                node.integer("antialias", 0) == 0 && !node.has("axes"),
                "it filters against aliasing or names its axes.");
        node.require(
                node.choice("keep_aspect_ratio_policy", "stretch", "not_larger", "not_smaller")
                        .equals("stretch"),
                "it keeps the aspect ratio.");
        double[] scales = scales(network, node, map);
        int[] from = {map.height(), map.width()};
        int[] to = {(int) Math.floor(from[0] * scales[0] + 1e-6), (int) Math.floor(from[1] * scales[1] + 1e-6)};
        node.require(
                to[0] >= 1
                        && to[1] >= 1
                        && to[0] <= LARGEST_SIDE
                        && to[1] <= LARGEST_SIDE
                        && from[0] <= LARGEST_SIDE
                        && from[1] <= LARGEST_SIDE,
                "it makes a map of %dx%d out of %dx%d.",
                to[0],
                to[1],
                from[0],
                from[1]);
        Resize.Mode mode = linear ? Resize.Mode.BILINEAR : Resize.Mode.NEAREST;
        Places[] places = {
            source(node, linear, from[0], to[0], scales[0]), source(node, linear, from[1], to[1], scales[1])
        };
        boolean[] flags = flags(linear, from, to, places);
        if (flags == null) {
            node.require(
                    !linear,
                    "it samples places (%s) that no supported way of resizing does.",
                    node.text("coordinate_transformation_mode", "half_pixel"));
            select(network, node, value, from, to, places);
            return;
        }
        Shape shape = Shape.map(to[0], to[1], map.channels());
        Activation result = network.emit(
                node,
                shape,
                map.layout(to[0], to[1], map.channels()),
                (name, inputs, outputs) -> new Resize(name, inputs, outputs, mode, flags[0], flags[1]),
                map.tensorId());
        QuantizeNodes.keepCodes(network, value, result, node);
    }

    /** Factors of height and width. */
    private static double[] scales(Translation network, SourceNode node, MapView map) {
        int input = node.operator().equals("Resize") && node.opset() >= 11 ? 2 : 1;
        double[] factors;
        if (input == 2 && node.hasInput(3)) {
            long[] sizes = network.constant(node, 3).integers();
            node.require(
                    sizes.length == map.rank() && sizes[0] == 1 && sizes[1] == map.channels(),
                    "it resizes to %s.",
                    Arrays.toString(sizes));
            factors = new double[] {
                map.rank() == 4 ? sizes[2] / (double) map.height() : 1, sizes[map.rank() - 1] / (double) map.width()
            };
        } else {
            double[] given =
                    node.hasInput(input) ? network.constant(node, input).reals() : floats(node);
            node.require(
                    given.length == map.rank() && given[0] == 1 && given[1] == 1,
                    "its scales are %s.",
                    Arrays.toString(given));
            factors = new double[] {map.rank() == 4 ? given[2] : 1, given[map.rank() - 1]};
        }
        node.require(
                factors[0] > 0 && factors[1] > 0 && factors[0] < LARGEST_SIDE && factors[1] < LARGEST_SIDE,
                "its scales are %s.",
                Arrays.toString(factors));
        return factors;
    }

    private static double[] floats(SourceNode node) {
        float[] scales = node.requirePresent(node.reals("scales"), "it has no scales.");
        double[] values = new double[scales.length];
        Arrays.setAll(values, i -> scales[i]);
        return values;
    }

    /** Whether TFLite's form aligns corners, and whether it takes pixels at their centres; null where no form fits. */
    private static boolean @Nullable [] flags(boolean linear, int[] from, int[] to, Places[] places) {
        for (boolean[] flags : new boolean[][] {{false, false}, {false, true}, {true, false}}) {
            boolean same = true;
            for (int side = 0; side < 2; side++) {
                Places ours = linear ? linear(flags, from[side], to[side]) : nearest(flags, from[side], to[side]);
                for (int i = 0; i < to[side] && same; i++) {
                    same = Math.abs(within(ours.of(i), from[side]) - within(places[side].of(i), from[side]))
                            < TOLERANCE;
                }
            }
            if (same) {
                return flags;
            }
        }
        return null;
    }

    /** Nearest samples from other places than TFLite's: whole rows, then whole columns. */
    private static void select(
            Translation network, SourceNode node, Activation value, int[] from, int[] to, Places[] places) {
        int rank = value.layout().rank();
        Activation selected = value;
        for (int side = rank == 4 ? 0 : 1; side < 2; side++) {
            Places place = places[side];
            int size = from[side];
            int[] indexes = new int[to[side]];
            Arrays.setAll(indexes, i -> (int) within(place.of(i), size));
            selected = Selection.of(network, node, selected, rank - 2 + side, indexes);
        }
        MovingNodes.finish(network, node, value, selected);
    }

    private static double within(double place, int size) {
        return Math.max(0, Math.min(size - 1, place));
    }

    private static Places linear(boolean[] flags, int from, int to) {
        double scale = flags[0] && to > 1 ? (from - 1.0) / (to - 1) : (double) from / to;
        return i -> flags[1] ? (i + 0.5) * scale - 0.5 : i * scale;
    }

    private static Places nearest(boolean[] flags, int from, int to) {
        float scale = flags[0] && to > 1 ? (from - 1f) / (to - 1) : (float) from / to;
        return i -> flags[0] ? Math.floor(i * scale + 0.5f) : Math.floor((i + (flags[1] ? 0.5f : 0)) * scale);
    }

    /** Where ONNX takes its samples. */
    private static Places source(SourceNode node, boolean linear, int from, int to, double scale) {
        boolean old = node.operator().equals("Upsample") || node.opset() < 11;
        String nearest = node.choice("nearest_mode", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil");
        String mode = node.choice(
                "coordinate_transformation_mode", "half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric");
        Places places = switch (old ? "asymmetric" : mode) {
            case "asymmetric" -> i -> i / scale;
            case "align_corners" -> i -> to > 1 ? i * (from - 1.0) / (to - 1) : 0;
            case "pytorch_half_pixel" -> i -> to > 1 ? (i + 0.5) / scale - 0.5 : 0;
            default -> i -> (i + 0.5) / scale - 0.5;
        };
        if (linear) {
            return places;
        }
        return switch (old ? "floor" : nearest) {
            case "floor" -> i -> Math.floor(places.of(i) + 1e-9);
            case "ceil" -> i -> Math.ceil(places.of(i) - 1e-9);
            case "round_prefer_ceil" -> i -> Math.floor(places.of(i) + 0.5 + 1e-9);
            default -> i -> Math.ceil(places.of(i) - 0.5 - 1e-9);
        };
    }
}
