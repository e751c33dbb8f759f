// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.BinaryConvolution.Outside;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.BinaryLayers;
import io.windhover.models.synthetic.BinaryLayers.Result;
import io.windhover.models.synthetic.NetworkBuilder;

/** CNV-W1A1 (Umuroglu et al. 2017, FINN): one-bit weights and activations, int8 pixels in, raw accumulators out. */
final class Cnv {
    private static final Window KERNEL = Window.square(3, 1, 0);
    private static final Window POOL = Window.square(2, 2, 0);

    private Cnv() {}

    static Graph build() {
        NetworkBuilder network = new NetworkBuilder("cnv_w1a1", 11);
        BinaryLayers binary = network.binary();
        network.graph().preprocessing(Preprocessing.uniform(3, 127.5f, 127.5f));
        int image = network.input(32, 32, 3, 1f / 128, 0);
        int map = network.signConvolution(image, 64, KERNEL);
        map = convolution(binary, map, 64);
        map = binary.maxPool(map, POOL);
        map = convolution(binary, map, 128);
        map = convolution(binary, map, 128);
        map = binary.maxPool(map, POOL);
        map = convolution(binary, map, 256);
        map = convolution(binary, map, 256);
        map = binary.fullyConnected(map, 512, Result.BITS);
        map = binary.fullyConnected(map, 512, Result.BITS);
        return network.build(binary.fullyConnected(map, 10, Result.RAW));
    }

    private static int convolution(BinaryLayers binary, int map, int channels) {
        return binary.convolution(map, channels, KERNEL, Outside.NOTHING, Result.BITS);
    }
}
