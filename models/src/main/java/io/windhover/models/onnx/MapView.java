// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Shape;

/**
 * An activation as a map with channels last, ready for operators that slide over it.
 *
 * @param tensorId the tensor, whose shape is this map
 * @param rank of the ONNX shape: 4, or 3 for one-dimensional layers, which become maps of height 1
 */
record MapView(int tensorId, int height, int width, int channels, int rank) {
    static MapView of(Translation network, SourceNode node, Activation value) {
        int[] shape = value.dimensions();
        node.require(
                shape.length == 3 || shape.length == 4,
                "its input has %d dimensions; layers over one or two are supported.",
                shape.length);
        node.require(shape[0] == 1, "its input has batch %d.", shape[0]);
        Activation arranged = network.arranged(value, Layout.channelsLast(shape.length));
        int height = shape.length == 4 ? shape[2] : 1;
        int width = shape[shape.length - 1];
        return new MapView(
                network.viewed(arranged.tensorId(), Shape.map(height, width, shape[1])),
                height,
                width,
                shape[1],
                shape.length);
    }

    /** Layout of a map of this rank. */
    Layout layout(int outHeight, int outWidth, int outChannels) {
        int[] shape =
                rank == 4 ? new int[] {1, outChannels, outHeight, outWidth} : new int[] {1, outChannels, outWidth};
        return Layout.ordered(shape, Layout.channelsLast(rank));
    }
}
