// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.weights;

import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Shape;
import io.windhover.runtime.compiler.stage.Geometry;

/**
 * The filters of a convolution, whatever order its operator keeps them in.
 *
 * @param outputs output channels
 * @param channels input channels
 * @param groups groups of a grouped convolution; depthwise: as many as input channels
 */
public record Filters(
        int outputs, int channels, int groups, int kernelHeight, int kernelWidth, Taps taps, int weightZeroPoint) {
    /** Weight of output {@code o} at (ky, kx) for channel {@code i} of its group. */
    @FunctionalInterface
    public interface Taps {
        int at(int o, int ky, int kx, int i);
    }

    public static Filters of(Convolution operator, int channels) {
        int height = operator.window().kernelHeight();
        int width = operator.window().kernelWidth();
        int perGroup = channels / operator.groups();
        byte[] weights = operator.weights();
        return new Filters(
                operator.outputChannels(),
                channels,
                operator.groups(),
                height,
                width,
                (o, ky, kx, i) -> weights[((o * height + ky) * width + kx) * perGroup + i],
                operator.weightZeroPoint());
    }

    public static Filters of(DepthwiseConvolution operator, int channels) {
        int width = operator.window().kernelWidth();
        int outputs = channels * operator.multiplier();
        byte[] weights = operator.weights();
        return new Filters(
                outputs,
                channels,
                channels,
                operator.window().kernelHeight(),
                width,
                (o, ky, kx, i) -> weights[(ky * width + kx) * outputs + o],
                operator.weightZeroPoint());
    }

    /** A fully-connected layer as a convolution whose kernel covers the map. */
    public static Filters of(FullyConnected operator, Shape in) {
        int width = in.width();
        int channels = in.channels();
        int elements = in.elements();
        byte[] weights = operator.weights();
        return new Filters(
                operator.outputChannels(),
                channels,
                1,
                in.height(),
                width,
                (o, ky, kx, i) -> weights[o * elements + (ky * width + kx) * channels + i],
                operator.weightZeroPoint());
    }

    /** Every channel on its own, each tap times {@code weight}. */
    public static Filters eachChannel(int channels, int kernelHeight, int kernelWidth, int weight) {
        return new Filters(channels, channels, channels, kernelHeight, kernelWidth, (o, ky, kx, i) -> weight, 0);
    }

    /** The same filters over patches: one pixel of kernelHeight x kernelWidth x channels channels. */
    public Filters overPatches() {
        int width = kernelWidth;
        int depth = channels;
        return new Filters(
                outputs,
                kernelHeight * kernelWidth * channels,
                1,
                1,
                1,
                (o, ky, kx, i) -> taps.at(o, i / depth / width, i / depth % width, i % depth),
                weightZeroPoint);
    }

    /** The same filters over rows as pixels of kernelWidth x channels channels, in one group. */
    public Filters overRows() {
        return new Filters(
                outputs,
                kernelWidth * channels,
                1,
                kernelHeight,
                1,
                (o, ky, kx, i) -> {
                    int channel = i % channels - firstChannel(o);
                    return channel >= 0 && channel < perGroup()
                            ? taps.at(o, ky, i / channels, channel)
                            : weightZeroPoint;
                },
                weightZeroPoint);
    }

    /**
     * The same filters for a window that is taken once, from the first row and column of {@code map} less the padding
     * on: a kernel that covers its pixels in {@code rows} of {@code span} pixels, each {@code pitch} pixels after the
     * one before. Pixels in two rows count in the later one.
     */
    public Filters covering(Geometry window, Shape map, int rows, int span, int pitch) {
        return new Filters(
                outputs,
                channels,
                groups,
                rows,
                span,
                (o, ky, kx, i) -> {
                    int pixel = ky * pitch + kx;
                    int y = pixel / map.width() + window.padTop();
                    int x = pixel % map.width() + window.padLeft();
                    boolean isTap = (kx < pitch || ky == rows - 1)
                            && y % window.dilationY() == 0
                            && x % window.dilationX() == 0
                            && y / window.dilationY() < kernelHeight
                            && x / window.dilationX() < kernelWidth;
                    return isTap ? taps.at(o, y / window.dilationY(), x / window.dilationX(), i) : weightZeroPoint;
                },
                weightZeroPoint);
    }

    /** The same filters, of a column of pixels of one channel, over a map of as many elements. */
    public Filters unrolled(Shape map) {
        return new Filters(
                outputs,
                map.channels(),
                1,
                map.height(),
                map.width(),
                (o, ky, kx, i) -> taps.at(o, (ky * map.width() + kx) * map.channels() + i, 0, 0),
                weightZeroPoint);
    }

    /** Input channels of each output channel. */
    int perGroup() {
        return channels / groups;
    }

    /** Group of the convolution that output {@code o} belongs to. */
    public int groupOf(int o) {
        return o / (outputs / groups);
    }

    /** First input channel that output {@code o} reads. */
    int firstChannel(int o) {
        return groupOf(o) * perGroup();
    }

    int value(int o, int ky, int kx, int i) {
        return taps.at(o, ky, kx, i) - weightZeroPoint;
    }
}
