// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.bnnpynq.PixelBits;
import io.windhover.models.graph.Graph;
import io.windhover.models.synthetic.BinaryLayers;
import io.windhover.models.synthetic.BinaryLayers.Result;
import io.windhover.models.synthetic.NetworkBuilder;

/**
 * The fully-connected networks of FINN (Umuroglu et al. 2017) for 28 x 28 digits: three one-bit layers and ten
 * accumulators.
 */
final class FinnPerceptron {
    private FinnPerceptron() {}

    static Graph build(String name, int neurons) {
        NetworkBuilder network = new NetworkBuilder(name, neurons);
        BinaryLayers binary = network.binary();
        int bits = PixelBits.of(network.graph());
        for (int layer = 0; layer < 3; layer++) {
            bits = binary.fullyConnected(bits, neurons, Result.BITS);
        }
        return network.build(binary.fullyConnected(bits, 10, Result.RAW));
    }
}
