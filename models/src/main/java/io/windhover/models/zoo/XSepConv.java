// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;

/**
 * XSepConv (Chen et al. 2020): a k x k depthwise convolution as 2x2, 1xk and kx1 ones, together 4 + 2k products a pixel
 * and channel. A 2x2 kernel needs one row and one column of padding; taken always from the same sides they shift the
 * map, so successive blocks take them from the four corners in turn, and where one block is left over it takes a
 * quarter of its channels from each.
 */
final class XSepConv {
    /** Right-bottom, left-top, left-bottom, right-top. */
    private static final Padding[] CORNERS = {
        new Padding(0, 0, 1, 1), new Padding(1, 1, 0, 0), new Padding(0, 1, 1, 0), new Padding(1, 0, 0, 1)
    };

    private final NetworkBuilder network;
    private final int kernel;
    private final int blocks;
    private int appended;

    /** For a network with this many blocks of kernel x kernel. */
    XSepConv(NetworkBuilder network, int kernel, int blocks) {
        this.network = network;
        this.kernel = kernel;
        this.blocks = blocks;
    }

    /** The next block; stride 2 halves the width in the 1xk convolution and the height in the kx1 one. */
    int append(String name, int input, int stride, Activation activation) {
        boolean leftOver = blocks % CORNERS.length == 1 && appended == blocks - 1;
        int map = leftOver ? quarters(name, input) : square(name + "_2x2", input, CORNERS[appended % CORNERS.length]);
        appended++;
        map = network.named(name + "_1x" + kernel)
                .depthwise(map, 1, network.same(map, 1, kernel, 1, stride), Activation.NONE);
        return network.named(name + "_" + kernel + "x1")
                .depthwise(map, 1, network.same(map, kernel, 1, stride, 1), activation);
    }

    private int quarters(String name, int input) {
        int channels = network.shape(input).channels();
        int[] parts = new int[CORNERS.length];
        for (int i = 0; i < parts.length; i++) {
            int first = i * channels / parts.length;
            int count = (i + 1) * channels / parts.length - first;
            int quarter = network.named(name + "_quarter_" + i).channels().slice(input, first, count);
            if (i > 0) {
                network.like(parts[0]);
            }
            parts[i] = square(name + "_2x2_" + i, quarter, CORNERS[i]);
        }
        return network.named(name + "_join").elementwise().concatenate(parts);
    }

    private int square(String name, int input, Padding corner) {
        return network.named(name).depthwise(input, 1, new Window(2, 2, 1, 1, 1, 1, corner), Activation.NONE);
    }
}
